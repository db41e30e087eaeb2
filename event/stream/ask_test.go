package stream

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// A question that a dying leader was asked is asked again, soon, and so is one
// that there was nobody to ask.
func TestAskUntilAnswered(t *testing.T) {
	t.Parallel()
	asked := 0
	got, err := ask(t.Context(), time.Hour, func(ctx context.Context) (string, error) {
		switch asked++; asked {
		case 1: // nobody ever answers
			<-ctx.Done()
			return "", fmt.Errorf("read: %w", ctx.Err())
		case 2:
			return "", nats.ErrNoResponders
		case 3:
			return "", &jetstream.APIError{Code: 503, ErrorCode: codeNoLeader}
		case 4: // of a watch of a bucket
			return "", &nats.APIError{Code: 503, ErrorCode: nats.ErrorCode(codeNoLeader)}
		}
		return "here", nil
	})
	if got != "here" || err != nil || asked != 5 {
		t.Errorf("got %q, %v after %d tries, want an answer to the fifth", got, err, asked)
	}
}

// An answer ends the asking, also one that is a no, and so does whoever asks.
func TestAskEnds(t *testing.T) {
	t.Parallel()
	for _, answer := range []error{jetstream.ErrMsgNotFound, jetstream.ErrStreamNotFound, nats.ErrConnectionClosed, nats.ErrAuthorization} {
		asked := 0
		_, err := ask(t.Context(), time.Minute, func(context.Context) (int, error) { asked++; return 0, answer })
		if !errors.Is(err, answer) || asked != 1 {
			t.Errorf("%v: got %v after %d tries, want it after one", answer, err, asked)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err := ask(ctx, time.Minute, func(ctx context.Context) (int, error) {
		cancel()
		<-ctx.Done()
		return 0, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v", err)
	}
	_, err = ask(t.Context(), time.Millisecond, func(context.Context) (int, error) { return 0, nats.ErrNoResponders })
	if !errors.Is(err, nats.ErrNoResponders) || !strings.Contains(err.Error(), "times, and no leader answers") {
		t.Errorf("time is up: got %v, want the last reason, and how often was asked", err)
	}
}
