package ledger

import (
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"
)

// layout is which server keeps which hash slots at one moment. It is never
// changed, only replaced as a whole.
type layout struct {
	cluster bool
	nodes   []*node  // every server that keeps any, each once
	spans   []span   // what they keep, sorted; a single server keeps everything
	known   []string // addresses to ask about the cluster, replicas included
}

// span is a range of hash slots, both ends included, and its master. A master
// that could not be reached is nil.
type span struct {
	from, to int
	node     *node
}

// hashSlots is how many hash slots a cluster has.
const hashSlots = 16384

func single(n *node) *layout {
	return &layout{nodes: []*node{n}, spans: []span{{0, hashSlots - 1, n}}, known: []string{n.addr}}
}

// owner is the node that keeps a region: all its keys carry one hash tag.
func (l *Ledger) owner(region string) (*node, error) {
	slot := hashSlot(region)
	for _, s := range l.servers.Load().spans {
		if s.from <= slot && slot <= s.to && s.node != nil {
			return s.node, nil
		}
	}
	return nil, fmt.Errorf("%w: no master keeps hash slot %d of region %s", ErrUnreachable, slot, region)
}

// whole is nil if every hash slot has a master that could be reached.
func (l *layout) whole() error {
	next := 0
	for _, s := range l.spans {
		if s.from != next || s.node == nil {
			return fmt.Errorf("%w: no master keeps hash slot %d", ErrUnreachable, next)
		}
		next = s.to + 1
	}
	if next != hashSlots {
		return fmt.Errorf("%w: no master keeps hash slot %d", ErrUnreachable, next)
	}
	return nil
}

// node is the one at addr, nil if there is none.
func (l *layout) node(addr string) *node {
	if i := slices.IndexFunc(l.nodes, func(n *node) bool { return n.addr == addr }); i >= 0 {
		return l.nodes[i]
	}
	return nil
}

// with is the layout with another node in the place of old.
func (l *layout) with(old, new *node) *layout {
	out := &layout{cluster: l.cluster, nodes: slices.Clone(l.nodes), spans: slices.Clone(l.spans), known: l.known}
	for i, n := range out.nodes {
		if n == old {
			out.nodes[i] = new
		}
	}
	for i, s := range out.spans {
		if s.node == old {
			out.spans[i].node = new
		}
	}
	return out
}

// replace makes a new client in the place of old, whose history is over (E1).
// Only the first caller dials.
func (l *Ledger) replace(ctx context.Context, old *node) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	servers := l.servers.Load()
	if !slices.Contains(servers.nodes, old) {
		return nil
	}
	n, err := l.dial(ctx, old.addr)
	if err != nil {
		return err
	}
	l.log.Warn("capacity server has another history, regions will be rebuilt", zap.String("at", n.addr),
		zap.String("was", old.history), zap.String("is", n.history))
	l.metrics.histories.Inc()
	l.servers.Store(servers.with(old, n))
	l.retire(old)
	return nil
}

// retire ends the connections of a node that is no longer in the layout. Calls
// still on them fail and are repeated where they belong.
func (l *Ledger) retire(n *node) {
	if err := n.client.Close(); err != nil {
		l.log.Debug("close capacity client", zap.Error(err))
	}
}

// refresh asks the cluster for its shape, and every server itself for its
// history.
func (l *Ledger) refresh(ctx context.Context) error {
	servers := l.servers.Load()
	if servers.cluster {
		if err := l.survey(ctx, servers); err != nil {
			return err
		}
		servers = l.servers.Load()
		if err := servers.whole(); err != nil {
			return err
		}
	}
	for _, n := range servers.nodes {
		if err := l.verify(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// refreshOwner does the same for the server that keeps a region, and asks the
// cluster only if that one does not answer.
func (l *Ledger) refreshOwner(ctx context.Context, region string) error {
	servers := l.servers.Load()
	n, err := l.owner(region)
	if err == nil {
		err = l.verify(ctx, n)
	}
	if err == nil || !servers.cluster {
		return err
	}
	if err := l.survey(ctx, servers); err != nil {
		return err
	}
	if n, err = l.owner(region); err != nil {
		return err
	}
	return l.verify(ctx, n)
}

// verify asks a server itself for its history. It differs from what the
// connections know when the server began a new one without dropping them.
func (l *Ledger) verify(ctx context.Context, n *node) error {
	if l.opts.History != "" {
		return nil
	}
	f, err := readFacts(ctx, n.client)
	if err == nil && f.history() == n.history {
		return nil
	}
	if err != nil && !isMoved(err) {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return l.replace(ctx, n)
}
