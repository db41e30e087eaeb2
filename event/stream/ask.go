package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A leader that is about to stop answers nobody, and a question that it was
// asked is never answered, however soon there is another one. So a question is
// asked again and again, in tries that are short at first: a busy server gets
// more time with each.
const (
	firstTry = time.Second
	lastTry  = 5 * time.Second
	askPause = 250 * time.Millisecond // behind an answer that there is nobody to ask

	// askWithin bounds a question of those who set no deadline themselves.
	askWithin = 30 * time.Second
	// readWithin bounds one read on an order's way, within the time of a batch:
	// later than that, a redelivery asks. An election takes up to nine seconds,
	// and its end has to find a try yet to come.
	readWithin = 15 * time.Second
)

// ask puts a question to JetStream until it is answered. What it asks for may
// not change anything, or has to come to the same when it is done twice. The
// answer may be an error, such as that there is no such stream; one that says
// that nobody answered tells how often was asked, and wraps the last reason.
func ask[T any](ctx context.Context, within time.Duration, question func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for asked, wait := 1, firstTry; ; asked, wait = asked+1, min(2*wait, lastTry) {
		answer, err := once(ctx, wait, question)
		if !unanswered(err) {
			return answer, err
		}
		pause := time.NewTimer(askPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return answer, fmt.Errorf("asked %d times, and no leader answers: %w", asked, err)
		}
	}
}

func once[T any](ctx context.Context, wait time.Duration, question func(context.Context) (T, error)) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	return question(ctx)
}

// unanswered reports whether a question has found nobody to answer it, while
// the connection is not closed for good. JetStream itself was there when the
// connection was made: without it now, a server is just starting or stopping.
func unanswered(err error) bool {
	if leaderless(err) {
		return true
	}
	for _, e := range []error{
		nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrConnectionReconnecting, nats.ErrReconnectBufExceeded,
		jetstream.ErrJetStreamNotEnabled, jetstream.ErrNoStreamResponse,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// stream opens a stream.
func (c *Conn) stream(ctx context.Context, name string) (jetstream.Stream, error) {
	return ask(ctx, askWithin, func(ctx context.Context) (jetstream.Stream, error) { return c.js.Stream(ctx, name) })
}

// consumer opens a durable of a stream.
func (c *Conn) consumer(ctx context.Context, stream, name string) (jetstream.Consumer, error) {
	return ask(ctx, askWithin, func(ctx context.Context) (jetstream.Consumer, error) { return c.js.Consumer(ctx, stream, name) })
}
