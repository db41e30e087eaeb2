package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Headers of a scheduled message (ADR-51 of NATS).
const (
	headerSchedule = "Nats-Schedule"
	headerTarget   = "Nats-Schedule-Target"
)

// Retries puts orders onto RETRY. The server keeps the schedules: orders that
// wait cost nothing until their time has come.
type Retries struct{ conn *Conn }

// Retries returns the schedules of RETRY.
func (c *Conn) Retries() *Retries { return &Retries{c} }

// Schedule has each Due delivered at its time, at least once, and returns once
// all are stored. An order has one schedule: this one replaces any before it.
func (r *Retries) Schedule(ctx context.Context, retries []event.Retry) error {
	return r.publish(ctx, len(retries), func(i int) (*nats.Msg, error) {
		retry := &retries[i]
		data, err := event.EncodeDue(&retry.Due)
		// With fractions, or the server fires up to a second early.
		return &nats.Msg{Subject: event.RetrySubject(retry.Due.Key()), Data: data, Header: nats.Header{
			headerSchedule: {"@at " + retry.At.UTC().Format(time.RFC3339Nano)},
			headerTarget:   {event.SubjectDue},
		}}, err
	})
}

// Wake delivers a Due for each order now. Several processes may wake an order
// for the same cause; cause tells their messages to be one.
func (r *Retries) Wake(ctx context.Context, keys []event.Key, cause uint64) error {
	return r.publish(ctx, len(keys), func(i int) (*nats.Msg, error) {
		data, err := event.EncodeDue(&event.Due{Channel: keys[i].Channel, OrderID: keys[i].Order})
		return &nats.Msg{Subject: event.SubjectDue, Data: data, Header: nats.Header{
			jetstream.MsgIDHeader: {fmt.Sprintf("wake/%s/%d", keys[i], cause)},
		}}, err
	})
}

// publish sends n messages at once and waits for all to be stored.
func (r *Retries) publish(ctx context.Context, n int, build func(i int) (*nats.Msg, error)) error {
	acks := make([]jetstream.PubAckFuture, n)
	for i := range n {
		msg, err := build(i)
		if err == nil {
			acks[i], err = r.conn.js.PublishMsgAsync(msg)
		}
		if err != nil {
			return fmt.Errorf("schedule on %s: %w", event.StreamRetry, err)
		}
	}
	for _, ack := range acks {
		if _, err := wait(ctx, ack); err != nil {
			return fmt.Errorf("schedule on %s: %w", event.StreamRetry, err)
		}
	}
	return nil
}
