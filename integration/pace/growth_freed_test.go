package pace

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// freeing has a router run, cancels dispatched prints one after another, and is
// how many milliseconds it typically takes from the cancellation stored to the
// next order's dispatch stored.
func (w *world) freeing(times int) float64 {
	w.Helper()
	r := w.router("freeing", newTally(1), nil)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	var running sync.WaitGroup
	for _, run := range []func(context.Context) error{r.run, r.inbox.Run} {
		running.Go(func() { _ = run(ctx) })
	}
	defer func() { cancel(); running.Wait(); r.close() }()
	w.await(r)
	dispatches, err := w.js.OrderedConsumer(ctx, event.StreamDispatch, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{"dispatch.v1.>"}, DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: w.last(event.StreamDispatch) + 1})
	if err != nil {
		w.Fatalf("follow dispatches: %v", err)
	}
	messages, err := dispatches.Messages()
	if err != nil {
		w.Fatalf("follow dispatches: %v", err)
	}
	defer messages.Stop()
	var took []float64
	for i := range times {
		key, _ := printOrder(i)
		w.send(1, func(int) stream.Outgoing {
			return stream.Outgoing{Subject: event.CancelledSubject(channel),
				Data: fmt.Appendf(nil, `{"orderId":%q,"channel":%q,"cancelledAt":"2026-08-04T05:59:00Z"}`, key.Order, key.Channel)}
		})
		gone := w.nextDispatch(ctx, messages, event.Withdrawn)
		took = append(took, micros(w.nextDispatch(ctx, messages, event.Requested).Sub(gone))/1e3)
	}
	return median(took)
}

// nextDispatch is when the next dispatch was stored, which has to have a status.
func (w *world) nextDispatch(ctx context.Context, from jetstream.MessagesContext, status string) time.Time {
	w.Helper()
	msg, err := from.Next(jetstream.NextContext(ctx))
	if err != nil {
		w.Fatalf("wait for a dispatch that is %s: %v", status, err)
	}
	d, err := event.DecodeDispatch(msg.Data())
	if err != nil || d.Status != status {
		w.Fatalf("got dispatch %+v, %v; want one that is %s", d, err, status)
	}
	meta, err := msg.Metadata()
	if err != nil {
		w.Fatalf("read dispatch: %v", err)
	}
	return meta.Timestamp
}
