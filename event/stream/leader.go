package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"
)

const (
	// leaderWait is how long a start waits for a cluster to elect its leaders:
	// its nodes may just be starting too.
	leaderWait = 30 * time.Second
	leaderPoll = 250 * time.Millisecond
)

// What the server says of who could answer, and not of what was asked.
const (
	codeFewAnswers      jetstream.ErrorCode = 10004
	codeNoLeader        jetstream.ErrorCode = 10008
	codeNotLeader       jetstream.ErrorCode = 10009
	codeStreamOffline   jetstream.ErrorCode = 10118
	codeConsumerOffline jetstream.ErrorCode = 10119
)

// withLeader repeats a question while no leader answers it.
func (c *Conn) withLeader(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, c.leaderWait)
	defer cancel()
	for said := false; ; said = true {
		err := askOnce(ctx, ask)
		if !leaderless(err) {
			return err
		}
		if !said {
			c.log.Warn("nats: no leader answers yet", zap.Error(err))
		}
		select {
		case <-time.After(leaderPoll):
		case <-ctx.Done():
			return fmt.Errorf("%w: no leader answered within %v, are most nodes of the cluster up?: %w", ErrUnreachable, c.leaderWait, err)
		}
	}
}

func askOnce(ctx context.Context, ask func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	return ask(ctx)
}

func leaderless(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrTimeout) {
		return true
	}
	switch refusalCode(err) {
	case codeFewAnswers, codeNoLeader, codeNotLeader, codeStreamOffline, codeConsumerOffline:
		return true
	}
	return false
}

// refusalCode is what the server gave as its reason; 0: it gave none. The
// client tells of a watch of a bucket in an older type than of all else.
func refusalCode(err error) jetstream.ErrorCode {
	var said *jetstream.APIError
	if errors.As(err, &said) {
		return said.ErrorCode
	}
	var saidOfWatch *nats.APIError
	if errors.As(err, &saidOfWatch) {
		return jetstream.ErrorCode(saidOfWatch.ErrorCode)
	}
	return 0
}
