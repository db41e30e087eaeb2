package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// Order reads one message of ORDERS from the leader. Found is false if ORDERS
// holds none at seq: it forgets what is older than KeepOrders.
func (c *Conn) Order(ctx context.Context, seq uint64) (subject string, data []byte, found bool, err error) {
	s, err := c.leaderRead(ctx, event.StreamOrders)
	if err != nil {
		return "", nil, false, err
	}
	msg, err := messageAt(ctx, s, seq)
	if err != nil || msg == nil {
		return "", nil, false, err
	}
	return msg.Subject, msg.Data, true, nil
}

// messageAt is the message of s at seq, nil if there is none.
func messageAt(ctx context.Context, s jetstream.Stream, seq uint64) (*jetstream.RawStreamMsg, error) {
	msg, err := ask(ctx, readWithin, func(ctx context.Context) (*jetstream.RawStreamMsg, error) { return s.GetMsg(ctx, seq) })
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s at %d: %w", s.CachedInfo().Config.Name, seq, err)
	}
	return msg, nil
}

// leaderRead opens a stream to read single messages from. The client sends
// such reads to $JS.API.STREAM.MSG.GET, which the leader alone answers, only
// where it sees that direct reads are off.
func (c *Conn) leaderRead(ctx context.Context, stream string) (jetstream.Stream, error) {
	s, err := c.stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", stream, err)
	}
	if s.CachedInfo().Config.AllowDirect {
		d := differ{stream: stream}
		d.check("allow_direct", true, false)
		return nil, &SettingsError{d.found}
	}
	return s, nil
}
