package ledger

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
)

const (
	tries    = 3   // of one call, before its outcome is left unknown
	maxBatch = 512 // calls in one pipeline, so that its replies arrive within the read timeout

	noScript = "NOSCRIPT" // how the server says that it does not know a script
)

// elsewhere are the ways in which a server says that it did not run a call: a
// cluster's hash slot has another master, or is on its way to one, or has none,
// or the server is a replica or still reads its data. The redirections are not
// followed: a call carries the history of the node it was made for. Once the
// slot has arrived, the repeat is made for its new master.
var elsewhere = []string{"MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY", "LOADING"}

// reply is what one script call came to, and where it was made: nil, if nobody
// keeps its region.
type reply struct {
	node   *node
	values []any
	err    error
}

// calls are script calls to be made together.
type calls struct {
	n      int
	region func(i int) string
	build  func(i int, history string) []any // asked again for a repeat: the history is one of the arguments
}

// run makes script calls in pipelines, one per server. A call that failed is
// repeated by itself, a bounded number of times: every script is safe to run
// twice, and nothing is concluded from an error.
func (l *Ledger) run(ctx context.Context, c calls) []reply {
	replies := make([]reply, c.n)
	all := make([]int, c.n)
	for i := range all {
		all[i] = i
	}
	for batch := range slices.Chunk(all, maxBatch) {
		for try := 1; len(batch) > 0; try++ {
			servers := l.servers.Load()
			l.exec(ctx, batch, c, replies)
			failed := slices.DeleteFunc(slices.Clone(batch), func(i int) bool { return !repeatable(replies[i].err) })
			if len(failed) == 0 || try == tries || ctx.Err() != nil {
				break
			}
			l.metrics.repeats.Add(float64(len(failed)))
			l.mend(ctx, servers, failed, replies)
			batch = failed
		}
	}
	return replies
}

// exec makes the calls of one batch, all servers at the same time.
func (l *Ledger) exec(ctx context.Context, batch []int, c calls, replies []reply) {
	byNode := map[*node][]int{}
	for _, i := range batch {
		n, err := l.owner(c.region(i))
		replies[i] = reply{node: n, err: err}
		if n != nil {
			byNode[n] = append(byNode[n], i)
		}
	}
	var all sync.WaitGroup
	for n, mine := range byNode {
		all.Go(func() { n.exec(ctx, mine, c.build, replies) })
	}
	all.Wait()
}

// exec makes the calls meant for one server in one pipeline.
func (n *node) exec(ctx context.Context, batch []int, build func(int, string) []any, replies []reply) {
	pipe := n.client.Pipeline()
	cmds := make([]*redis.Cmd, len(batch))
	for k, i := range batch {
		cmds[k] = redis.NewCmd(ctx, build(i, n.history)...)
		_ = pipe.Process(ctx, cmds[k]) // queues; a pipeline answers in Exec
	}
	_, _ = pipe.Exec(ctx) // every command carries its own error
	for k, i := range batch {
		replies[i].values, replies[i].err = cmds[k].Slice()
	}
}

// repeatable reports whether a second try may go better: the connection
// failed, or the server did not run the call. Any other error is the server's
// last word.
func repeatable(err error) bool {
	if err == nil {
		return false
	}
	var said redis.Error
	return !errors.As(err, &said) || redis.HasErrorPrefix(err, noScript) || isElsewhere(err)
}

func isElsewhere(err error) bool {
	return slices.ContainsFunc(elsewhere, func(prefix string) bool { return redis.HasErrorPrefix(err, prefix) })
}

// mend removes the causes of failure that can be removed before a repeat.
func (l *Ledger) mend(ctx context.Context, servers *layout, failed []int, replies []reply) {
	var errs []error
	done := map[*node]bool{}
	for _, i := range failed {
		r := replies[i]
		if done[r.node] {
			continue
		}
		done[r.node] = true
		switch {
		case isMoved(r.err):
			errs = append(errs, l.replace(ctx, r.node))
		case redis.HasErrorPrefix(r.err, noScript):
			errs = append(errs, r.node.load(ctx))
		case servers.cluster:
			errs = append(errs, l.survey(ctx, servers))
		}
	}
	if err := errors.Join(errs...); err != nil {
		l.log.Warn("mend connection to capacity server", zap.Error(err))
	}
}
