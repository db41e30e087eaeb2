package ledger

import (
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"
)

// find looks at the servers that the URL names: one that stands alone, or
// nodes of a cluster, which say so themselves.
func (l *Ledger) find(ctx context.Context) (*layout, error) {
	if l.opts.History != "" {
		n, err := l.dial(ctx, l.seeds[0])
		if err != nil {
			return nil, err
		}
		return single(n), nil
	}
	f, err := l.firstFacts(ctx)
	switch {
	case err != nil:
		return nil, err
	case f["cluster_enabled"] == "1":
		return l.join(ctx)
	case len(l.seeds) > 1:
		return nil, fmt.Errorf("%w: the URL names several servers, and they are not a cluster", ErrUnsafe)
	}
	n, err := l.dial(ctx, l.seeds[0])
	if err != nil {
		return nil, err
	}
	return single(n), nil
}

// firstFacts is what the first server of the URL that answers says of itself.
func (l *Ledger) firstFacts(ctx context.Context) (f facts, err error) {
	for _, addr := range l.seeds {
		if f, err = l.inspect(ctx, addr); err == nil {
			break
		}
	}
	return f, err
}

// join connects to every master of a cluster, or to none.
func (l *Ledger) join(ctx context.Context) (*layout, error) {
	s, err := l.ask(ctx, l.seeds)
	if err != nil {
		return nil, err
	}
	next, err := l.arrange(ctx, s, &layout{})
	if whole := next.whole(); err == nil {
		err = whole
	}
	if err != nil {
		for _, n := range next.nodes {
			l.retire(n)
		}
		return nil, err
	}
	return next, nil
}

// survey asks the cluster again who keeps what, if nobody has since seen was
// the layout. A hash slot that came to another master brought that node's
// history: the region's epoch names another one, so it is rebuilt before the
// next reserve (E1), whether the data went along or not.
func (l *Ledger) survey(ctx context.Context, seen *layout) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	servers := l.servers.Load()
	if servers != seen {
		return nil
	}
	s, err := l.ask(ctx, append(slices.Clone(servers.known), l.seeds...))
	if err != nil {
		return err
	}
	next, err := l.arrange(ctx, s, servers)
	l.servers.Store(next)
	for _, n := range servers.nodes {
		if !slices.Contains(next.nodes, n) {
			l.retire(n)
		}
	}
	return err
}

// arrange makes the layout of what a cluster says of itself, with the nodes of
// the layout before it that are still masters. The error names a master that
// could not be reached; the others are in the layout all the same.
func (l *Ledger) arrange(ctx context.Context, s *shape, before *layout) (*layout, error) {
	next := &layout{cluster: true, known: s.known}
	masters, failed := map[string]*node{}, error(nil)
	for _, c := range s.spans() {
		n, seen := masters[c.addr]
		if !seen {
			var err error
			if n, err = l.master(ctx, c.addr, before); err != nil {
				failed = err
			} else {
				next.nodes = append(next.nodes, n)
			}
			masters[c.addr] = n
		}
		next.spans = append(next.spans, span{c.from, c.to, n})
	}
	return next, failed
}

// master is the node at addr: the one of the layout before, or a new one.
func (l *Ledger) master(ctx context.Context, addr string, before *layout) (*node, error) {
	if n := before.node(addr); n != nil {
		return n, nil
	}
	n, err := l.dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	if before.cluster {
		l.log.Warn("capacity cluster has another master, its regions will be rebuilt",
			zap.String("at", addr), zap.String("history", n.history))
		l.metrics.histories.Inc()
	}
	return n, nil
}
