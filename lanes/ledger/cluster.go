package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
)

// surveyTimeout bounds the question to one node of a cluster. Those that are
// down keep the others waiting no longer.
const surveyTimeout = time.Second

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
	var f facts
	var err error
	for _, addr := range l.seeds {
		if f, err = l.inspect(ctx, addr); err == nil {
			break
		}
	}
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

// join connects to every master of a cluster, or to none.
func (l *Ledger) join(ctx context.Context) (*layout, error) {
	v, err := l.ask(ctx, l.seeds)
	if err != nil {
		return nil, err
	}
	next, err := l.arrange(ctx, v, &layout{})
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
	v, err := l.ask(ctx, append(slices.Clone(servers.known), l.seeds...))
	if err != nil {
		return err
	}
	next, err := l.arrange(ctx, v, servers)
	l.servers.Store(next)
	for _, n := range servers.nodes {
		if !slices.Contains(next.nodes, n) {
			l.retire(n)
		}
	}
	return err
}

// arrange makes the layout of a view, with the nodes of the layout before it
// that are still masters. The error names a master that could not be reached;
// the others are in the layout all the same.
func (l *Ledger) arrange(ctx context.Context, v view, before *layout) (*layout, error) {
	next := &layout{cluster: true}
	masters, failed := map[string]*node{}, error(nil)
	for _, s := range v.slots {
		for _, n := range s.Nodes {
			next.known = append(next.known, v.reach(n.Addr))
		}
		addr := v.reach(s.Nodes[0].Addr)
		n, seen := masters[addr]
		if !seen {
			var err error
			if n, err = l.master(ctx, addr, before); err != nil {
				failed = err
			} else {
				next.nodes = append(next.nodes, n)
			}
			masters[addr] = n
		}
		next.spans = append(next.spans, span{s.Start, s.End, n})
	}
	slices.SortFunc(next.spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
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

// view is the cluster as one of its nodes sees it.
type view struct {
	from  string // address of the node
	ok    bool   // it sees a majority of the masters
	epoch uint64 // of the latest configuration it has heard of
	slots []redis.ClusterSlot
}

// ask asks all nodes at once and believes the one with the latest
// configuration, if it can those that are with the majority.
func (l *Ledger) ask(ctx context.Context, addrs []string) (view, error) {
	ctx, cancel := context.WithTimeout(ctx, surveyTimeout)
	defer cancel()
	slices.Sort(addrs)
	addrs = slices.Compact(addrs)
	views, errs := make([]view, len(addrs)), make([]error, len(addrs))
	var all sync.WaitGroup
	for i, addr := range addrs {
		all.Go(func() { views[i], errs[i] = l.look(ctx, addr) })
	}
	all.Wait()
	views = slices.DeleteFunc(views, func(v view) bool { return len(v.slots) == 0 })
	if len(views) == 0 {
		return view{}, fmt.Errorf("%w: ask the cluster who keeps what: %w", ErrUnreachable, errors.Join(errs...))
	}
	return slices.MaxFunc(views, func(a, b view) int {
		if a.ok != b.ok {
			return map[bool]int{true: 1, false: -1}[a.ok]
		}
		return cmp.Compare(a.epoch, b.epoch)
	}), nil
}

// look is the view of one node.
func (l *Ledger) look(ctx context.Context, addr string) (view, error) {
	client := l.stranger(addr)
	defer client.Close()
	info, err := client.ClusterInfo(ctx).Result()
	if err != nil {
		return view{}, fmt.Errorf("%s: %w", addr, err)
	}
	f := readLines(info)
	epoch, err := strconv.ParseUint(f["cluster_current_epoch"], 10, 64)
	if err != nil {
		return view{}, fmt.Errorf("%s: read cluster_current_epoch: %w", addr, err)
	}
	//lint:ignore SA1019 SLOTS names masters first; SHARDS may list a dead one as master beside its successor
	slots, err := client.ClusterSlots(ctx).Result()
	if err != nil {
		return view{}, fmt.Errorf("%s: %w", addr, err)
	}
	return view{from: addr, ok: f["cluster_state"] == "ok", epoch: epoch, slots: slots}, nil
}

// reach is an address as it can be dialled: a node that does not know its own
// says only the port.
func (v view) reach(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil || host != "" {
		return addr
	}
	host, _, _ = net.SplitHostPort(v.from)
	return net.JoinHostPort(host, port)
}
