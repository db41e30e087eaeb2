package integration

import (
	"context"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// These tests are named for the ways in which an earlier version of the
// capacity protocol broke, as far as routers alone can show them.

// V3: the claims of a rejected dispatch vanished while it was still live, and a
// second dispatch followed without a withdrawal.
func TestV3RejectedDispatchIsLiveUntilItsSuccessorIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(1), redis: redisProcess, ackWait: time.Second})
	before := w.start("before")
	o := order("rejected")
	w.route(o)
	before.stop()

	bad := newMishap(commit, callLost, true)
	victim := w.start("victim", bad.wrap)
	w.say(about(w.lastOf(o.Key()), event.Rejected))
	w.await("the router dies before it commits", bad.struck)
	victim.buried()
	a := w.refold(context.Background())
	a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
	w.wantTaken(t, "helsinki", map[string]int64{
		"lane/kallio/bike:2026-08-04T10:00:parcels": 1, // live
		"lane/kallio/van:2026-08-04T12:00:parcels":  1, // the dead router's hold
	})

	w.start("heir")
	w.drained(durable)
	a = w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 2, decisions: 2})
	a.wantTold(t, o.Key(), "requested pyora", "withdrawn pyora", "requested kuorma")
	w.wantTaken(t, "helsinki", map[string]int64{"lane/kallio/van:2026-08-04T12:00:parcels": 1})
}

// V4: claims were freed before the successor was stored, and another order took
// the place.
func TestV4PlaceIsKeptUntilTheSuccessorIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(1), redis: redisProcess})
	before := w.start("before")
	o, other, next := order("rejected"), order("other"), order("next")
	w.route(o)
	before.stop()

	g := newGate()
	w.start("slow", g.wrap)
	w.say(about(w.lastOf(o.Key()), event.Rejected))
	w.await("the re-route is reserved", g.reached)
	w.prepare("second", "second", deaf).run()
	w.publish(other)
	w.eventually("the other order is answered", func() error { return w.answered(event.StreamOrders, "second", w.last) })
	if got := w.lastOf(other.Key()).Region; got != "espoo" {
		t.Errorf("other order: got a place in %q, want espoo: both places in helsinki are taken", got)
	}
	close(g.open)
	w.drained(durable)
	w.route(next)
	a := w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 2, decisions: 2})
	a.wantEnd(t, next.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
}

// deaf routers hear nothing of couriers.
func deaf(o *router.Options) { o.Inbox = deafInbox{o.Inbox} }

type deafInbox struct{ router.Inbox }

func (d deafInbox) Pull(ctx context.Context) ([]event.Delivery, error) {
	for {
		in, err := d.Inbox.Pull(ctx)
		if err != nil || len(in) == 0 || in[0].Stream != event.StreamCourier {
			return in, err
		}
	}
}

// V5: the release after a cancellation, or after a re-route to another region,
// was lost, and the claims leaked for ever.
func TestV5LostReleaseIsMadeUpFor(t *testing.T) {
	t.Parallel()
	for _, c := range []occasion{cancels, rejects} {
		t.Run(string(c), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: threeLanes(1), ackWait: time.Second})
			before := w.start("before")
			o, van := order("order"), order("van")
			w.route(o)
			w.route(van) // leaves the other region to be re-routed to
			before.stop()

			bad := newMishap(settle, callLost, true)
			victim := w.start("victim", bad.wrap)
			w.occur(c, o)
			w.await("the release is lost", bad.struck)
			victim.buried()
			w.wantTaken(t, "helsinki", map[string]int64{
				"lane/kallio/bike:2026-08-04T10:00:parcels": 1, // leaked
				"lane/kallio/van:2026-08-04T12:00:parcels":  1,
			})

			w.start("heir")
			w.drained(durable)
			w.route(order("next"))
			w.check().wantEnd(t, key("next"), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
		})
	}
}

// V6: a settle that came late put back the claims of an order that was
// cancelled meanwhile.
func TestV6LateSettleDoesNotBringBackACancelledOrder(t *testing.T) {
	t.Parallel()
	for _, kind := range []redisKind{redisProcess, redisEmbedded} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: onePlace, redis: kind, ackWait: time.Second})
			bad := newMishap(settle, callLate, true)
			victim := w.start("victim", bad.wrap)
			o := order("cancelled")
			w.publish(o)
			w.await("the settle is late", bad.struck)
			victim.buried()
			w.send(cancelled(o))
			w.start("heir")
			w.drained(durable)
			bad.arrive()
			w.check()
			w.wantTaken(t, "helsinki", map[string]int64{})
			w.route(order("next"))
			a := w.check()
			a.wantEnd(t, o.Key(), ending{outcome: event.Cancelled, attempt: 1, decisions: 2})
			a.wantEnd(t, key("next"), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
		})
	}
}

// V10: a collected parcel freed its days in Redis only, and the next refold
// took them back. What was cancelled, re-routed or accepted before the loss
// stands as well.
func TestV10WhatWasFreedStaysFreeWhenRedisIsLost(t *testing.T) {
	t.Parallel()
	for _, kind := range []redisKind{redisProcess, redisEmbedded} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: oneBox, redis: kind})
			first := w.start("first")
			collected, cancelled := order("collected"), order("cancelled")
			w.route(collected)
			w.report(collected, event.Collected)
			w.route(cancelled) // tomorrow
			w.report(cancelled, event.Accepted)
			w.cancel(cancelled)
			first.stop()
			w.cache.Wipe()

			w.start("second")
			w.route(order("next"))
			w.route(order("full"))
			a := w.check()
			a.wantEnd(t, key("next"), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
			a.wantEnd(t, key("full"), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
			a.wantUnits(t, "locker/", map[string]string{boxToday: "1 of 1", boxTomorrow: "1 of 1", boxThursday: "1 of 1"})
		})
	}
}

// wantTaken compares what Redis counts in a region, open parts included.
func (w *world) wantTaken(t *testing.T, region string, want map[string]int64) {
	t.Helper()
	got := map[string]int64{}
	for slot, n := range w.taken()[region] {
		if n > 0 {
			got[slot] = n
		}
	}
	if len(got) != len(want) {
		t.Errorf("region %s: got %v taken, want %v", region, got, want)
		return
	}
	for slot, n := range want {
		if got[slot] != n {
			t.Errorf("slot %s: got %d taken, want %d", slot, got[slot], n)
		}
	}
}
