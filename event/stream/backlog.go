package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Backlog is a stream and how far a durable of it has been answered.
type Backlog struct {
	conn            *Conn
	stream, durable string
}

// Backlog is about the durable of that name.
func (c *Conn) Backlog(stream, durable string) *Backlog { return &Backlog{c, stream, durable} }

// Answered is the sequence up to which every message has been acked or
// terminated; 0 without the durable, which begins with the oldest message then.
func (b *Backlog) Answered(ctx context.Context) (uint64, error) {
	cons, err := b.conn.consumer(ctx, b.stream, b.durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("look at durable %s of %s: %w", b.durable, b.stream, err)
	}
	return cons.CachedInfo().AckFloor.Stream, nil
}

// Read visits the messages from sequence from on, until it has visited one at
// or after through. They carry no receipt: nobody delivered them.
func (b *Backlog) Read(ctx context.Context, from, through uint64, visit func(event.Delivery) error) error {
	first, last, err := b.conn.Bounds(ctx, b.stream)
	if err != nil {
		return err
	}
	through = min(through, last)
	if from = max(from, first); from > through {
		return nil
	}
	return b.conn.follow(ctx, b.stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:   from,
	}, at(through), func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		return visit(event.Delivery{Stream: b.stream, Subject: msg.Subject(), Data: msg.Data(),
			Sequence: meta.Sequence.Stream, StoredAt: meta.Timestamp, Trace: traceOf(msg.Headers())})
	})
}
