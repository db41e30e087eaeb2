package pace

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// places is how many prints can be sent in all; whoever else wants one waits.
const places = 8

// scarce is a network that has room for any number of mugs, and for few prints.
const scarce = `network: scarce
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {cutoff: ["Mo-Su 17:00"], promise: {sameDayBy: "21:00"}, whenFull: wait}}
couriers: {bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}
sites:
  hub: {kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["mug-*"], catchment: {withinKm: 5},
    lanes: {bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Su 12:00-14:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 1000000000}, cost: {perParcel: 4.20}}}}
  press: {kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["print-*"], catchment: {withinKm: 5},
    lanes: {bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Su 12:00-14:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 4, grams: 1000000000}, cost: {perParcel: 4.20}}}}
`

// print is the i-th order of prints.
func print(i int) (key event.Key, data []byte) {
	id, data := mixes["coordinates"].order(i)
	key = event.Key{Channel: channel, Order: "print-" + id}
	data = bytes.Replace(data, []byte(id), []byte(key.Order), 1)
	return key, bytes.ReplaceAll(data, []byte("mug-"), []byte("print-"))
}

// waiting measures what it costs that more and more orders wait for places
// that others have.
func waiting(t *testing.T, s size) []growth {
	const x = "orders waiting"
	others := growth{slug: "waiting", name: "Routing an order that has room, while others wait", x: x, unit: "us", lines: make([]line, 1)}
	freed := growth{slug: "freed", name: "From a place freed to its next order dispatched", x: x, unit: "ms", lines: make([]line, 1)}
	join := growth{slug: "joining", name: "Letting an order wait", x: x, unit: "us", lines: make([]line, 1)}
	start := growth{slug: "waker", name: "A waker reads at its start who waits", x: x, unit: "ms", lines: []line{{each: "order"}}}
	memory := growth{slug: "waiters", name: "Memory of a waker", x: x, unit: "MB", lines: []line{{each: "order"}}}
	for _, n := range s.steps(30, 300, 3_000, 30_000) {
		w := newWorld(t, mode{mix: "coordinates"})
		w.net = build(t, scarce)
		prints := 0
		queue := func(n int) float64 {
			w.send(n, func(i int) stream.Outgoing {
				key, data := print(prints + i)
				return stream.Outgoing{Subject: event.PlacedSubject(channel), ID: key.Order, Data: data}
			})
			prints += n
			return 1e6 / w.route(n, nil, nil).perSecond()
		}
		last := min(n, 300)
		queue(places + n - last)
		join.add(n, median([]float64{queue(last / 3), queue(last / 3), queue(last / 3)}))
		before := heap()
		waker := w.waker(places + n)
		start.add(n, waker.took)
		memory.add(n, max(heap()-before, 0)/1e6)
		mugs := 0
		others.add(n, s.typical(func() float64 {
			const some = 600
			w.send(some, func(i int) stream.Outgoing { _, m := w.mix.outgoing(mugs + i); return m })
			mugs += some
			return 1e6 / w.route(some, nil, nil).perSecond()
		}))
		freed.add(n, w.freeing(s.passes()))
		waker.stop()
		w.close()
	}
	return []growth{others, freed, join, start, memory}
}

// waking is a waker that follows the journal.
type waking struct {
	took float64 // milliseconds until it had read who waits
	stop func()
}

// waker starts a waker on a journal of so many orders.
func (w *world) waker(orders int) waking {
	w.Helper()
	conn, counts := w.dial("waker"), w.openLedger()
	known := &counted{Standings: conn.Standings(), tally: newTally(orders)}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	start := time.Now()
	running.Go(func() { _ = router.NewWaker(known, counts, zap.NewNop(), nil).Run(ctx) })
	<-known.all
	return waking{took: micros(time.Since(start)) / 1e3, stop: func() {
		cancel()
		running.Wait()
		_ = conn.Close(context.Background())
		_ = counts.Close()
	}}
}

// counted tells when a waker has seen the last decision of every order.
type counted struct {
	router.Standings
	*tally
}

func (c *counted) Standing(ctx context.Context, fn func(seq uint64, subject string, data []byte) error) error {
	return c.Standings.Standing(ctx, func(seq uint64, subject string, data []byte) error {
		defer c.answered()
		return fn(seq, subject, data)
	})
}

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
		key, _ := print(i)
		w.send(1, func(int) stream.Outgoing {
			return stream.Outgoing{Subject: event.CancelledSubject(channel), ID: "cancel-" + key.Order,
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
