package ledger

import (
	"context"
	"errors"
	"slices"

	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"
)

const (
	tries    = 3   // of one call, before its outcome is left unknown
	maxBatch = 512 // calls in one pipeline, so that its replies arrive within the read timeout

	noScript = "NOSCRIPT" // how the server says that it does not know a script
	loading  = "LOADING"  // and that it is still reading its data
)

// reply is what one script call came to.
type reply struct {
	values []any
	err    error
}

// run makes n script calls in pipelines. A call that failed is repeated by
// itself, a bounded number of times: every script is safe to run twice, and
// nothing is concluded from an error. build makes the i-th call; it is asked
// again for a repeat, because the history is one of the arguments.
func (l *Ledger) run(ctx context.Context, n int, build func(i int, history string) []any) []reply {
	replies := make([]reply, n)
	all := make([]int, n)
	for i := range all {
		all[i] = i
	}
	for batch := range slices.Chunk(all, maxBatch) {
		for try := 1; len(batch) > 0; try++ {
			node := l.current()
			node.exec(ctx, batch, build, replies)
			failed := slices.DeleteFunc(slices.Clone(batch), func(i int) bool { return !repeatable(replies[i].err) })
			if len(failed) == 0 || try == tries || ctx.Err() != nil {
				break
			}
			l.metrics.repeats.Add(float64(len(failed)))
			l.mend(ctx, node, failed, replies)
			batch = failed
		}
	}
	return replies
}

// exec makes the calls of one batch in one pipeline.
func (n *node) exec(ctx context.Context, batch []int, build func(int, string) []any, replies []reply) {
	pipe := n.client.Pipeline()
	cmds := make([]*redis.Cmd, len(batch))
	for k, i := range batch {
		cmds[k] = redis.NewCmd(ctx, build(i, n.history)...)
		_ = pipe.Process(ctx, cmds[k]) // queues; a pipeline answers in Exec
	}
	_, _ = pipe.Exec(ctx) // every command carries its own error
	for k, i := range batch {
		values, err := cmds[k].Slice()
		replies[i] = reply{values, err}
	}
}

// repeatable reports whether a second try may go better: the connection
// failed, or the server lacks the script or is still loading. Any other error
// is the server's last word.
func repeatable(err error) bool {
	if err == nil {
		return false
	}
	var said redis.Error
	return !errors.As(err, &said) || redis.HasErrorPrefix(err, noScript) || redis.HasErrorPrefix(err, loading)
}

// mend removes the causes of failure that can be removed before a repeat.
func (l *Ledger) mend(ctx context.Context, n *node, failed []int, replies []reply) {
	var err error
	for _, i := range failed {
		if isMoved(replies[i].err) {
			_, err = l.replace(ctx, n)
			break
		}
		if redis.HasErrorPrefix(replies[i].err, noScript) {
			err = n.load(ctx)
			break
		}
	}
	if err != nil {
		l.log.Warn("mend connection to capacity server", zap.Error(err))
	}
}
