package ledger_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

var (
	morning = block("10:00", 1, 2)
	evening = block("18:00", 1, 2)
	grams   = claim("lane/kallio/bike:2026-08-04T10:00:grams", 700, 1000, start.Add(3*day))
)

func TestReserveGrantsFirstOptionThatFits(t *testing.T) {
	onBoth(t, func(w *world) {
		options := []lanes.Offer{offer("morning", morning, grams), offer("evening", evening)}
		first := w.granted(ask(orderName(1), 0, options...))
		if got := string(first.Body); got != "morning" {
			t.Errorf("first body: got %q, want morning", got)
		}
		if id, _, _ := strings.Cut(first.Epoch, "/"); id != "17" {
			t.Errorf("epoch: got %q, want id 17", first.Epoch)
		}
		// 700 g more do not fit: the whole option falls, not one of its claims.
		if got := string(w.granted(ask(orderName(2), 0, options...)).Body); got != "evening" {
			t.Errorf("second body: got %q, want evening", got)
		}
		w.granted(ask(orderName(3), 0, options...))
		w.wantStatus(w.reserve(ask(orderName(4), 0, options...)), lanes.Full)
		w.wantSlots(map[string]int64{morning.Slot: 1, grams.Slot: 700, evening.Slot: 2})
	})
}

func TestReserveMakesAnOpenPartThatDoesNotExpire(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("body", morning)))
		want := ledger.Hold{Order: order, Listed: true, Open: &ledger.OpenPart{
			Epoch: a.Epoch, Body: []byte("body"), Claims: []lanes.Claim{noLimit(morning)},
		}}
		if diff := cmp.Diff(want, w.hold(order)); diff != "" {
			t.Errorf("hold (-want +got):\n%s", diff)
		}
		if got := w.ttl("hold:" + order); got != -1 { // S4, V11
			t.Errorf("expiry of the hold: got %v, want none", got)
		}
		w.wantTTL("slot:"+morning.Slot, 3*day+grace+day)
	})
}

func noLimit(c lanes.Claim) lanes.Claim {
	c.Limit, c.Ends = 0, time.Unix(c.Ends.Unix(), 0)
	return c
}

// The identity of a hold is (order, basis); the body answers, not an index
// into a list that may have been ranked anew (S2, V9).
func TestReserveTwiceGrantsOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		first := w.granted(ask(order, 0, offer("morning", morning), offer("evening", evening)))
		again := w.reserve(ask(order, 0, offer("evening, ranked first by now", evening)))
		want := lanes.Answer{Status: lanes.Existing, Body: []byte("morning"), Epoch: first.Epoch}
		if diff := cmp.Diff(want, again); diff != "" {
			t.Errorf("second answer (-want +got):\n%s", diff)
		}
		w.wantSlots(map[string]int64{morning.Slot: 1})
	})
}

func TestReserveInOnePipelineAnswersInOrder(t *testing.T) {
	onBoth(t, func(w *world) {
		var asks []lanes.Ask
		for i := range 600 { // more than one pipeline
			asks = append(asks, ask(orderName(i), 0, offer(orderName(i), block("10:00", 1, 500))))
		}
		for i, a := range w.ledger.Reserve(w.ctx, asks) {
			if i < 500 && (a.Status != lanes.Granted || string(a.Body) != orderName(i)) {
				t.Fatalf("answer %d: got %+v, want its own body", i, a)
			}
			if i >= 500 {
				w.wantStatus(a, lanes.Full)
			}
		}
	})
}

func TestReserveSumsClaimsOnOneSlot(t *testing.T) {
	onBoth(t, func(w *world) {
		w.wantStatus(w.reserve(ask(order, 0, offer("three", morning, morning, morning))), lanes.Full)
		w.granted(ask(order, 0, offer("two", morning, morning)))
		w.wantSlots(map[string]int64{morning.Slot: 2})
	})
}

func TestReserveWithoutClaims(t *testing.T) {
	onBoth(t, func(w *world) {
		w.wantStatus(w.reserve(ask(order, 0)), lanes.Full)
		full := block("10:00", 3, 2)
		if got := string(w.granted(ask(order, 0, offer("full", full), offer("unlimited"))).Body); got != "unlimited" {
			t.Errorf("body: got %q, want unlimited", got)
		}
	})
}

func TestReserveNeedsTheBasis(t *testing.T) {
	onBoth(t, func(w *world) {
		w.wantStatus(w.reserve(ask(order, 4, offer("body", morning))), lanes.Unsettled)

		w.settle(decision(order, 9, ""))
		for _, basis := range []uint64{0, 4} {
			got := w.reserve(ask(order, basis, offer("body", morning)))
			want := lanes.Answer{Status: lanes.Behind, Seq: 9}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("basis %d (-want +got):\n%s", basis, diff)
			}
		}
		w.wantStatus(w.reserve(ask(order, 11, offer("body", morning))), lanes.Unsettled)
		w.granted(ask(order, 9, offer("body", morning)))
		if got := w.ttl("hold:" + order); got != -1 { // the tombstone had an expiry (S4)
			t.Errorf("expiry of the hold: got %v, want none", got)
		}
	})
}

// Sequences are compared as numbers, not as text, and exactly.
func TestReserveComparesLargeSequences(t *testing.T) {
	onBoth(t, func(w *world) {
		const big = 1<<53 - 2
		w.settle(decision(order, big, ""))
		got := w.reserve(ask(order, 99, offer("body", morning)))
		if got.Status != lanes.Behind || got.Seq != big {
			t.Errorf("got %+v, want behind %d", got, uint64(big))
		}
		w.wantStatus(w.reserve(ask(order, big+1, offer("body", morning))), lanes.Unsettled)
		w.granted(ask(order, big, offer("body", morning)))
	})
}

// What a live decision claims stays counted until its successor is stored, so
// the order itself has to fit on top of it (S1, V4).
func TestReserveCountsTheOrdersOwnLiveClaims(t *testing.T) {
	onBoth(t, func(w *world) {
		full := block("10:00", 2, 2)
		w.settle(decision(order, 5, w.epoch(), full))
		w.wantStatus(w.reserve(ask(order, 5, offer("same block", morning))), lanes.Full)
		w.granted(ask(order, 5, offer("evening", evening)))
		w.wantStatus(w.reserve(ask(orderName(2), 0, offer("taken place", morning))), lanes.Full)
		w.wantSlots(map[string]int64{morning.Slot: 2, evening.Slot: 1})
	})
}

// epoch is the region's, as the region grants it.
func (w *world) epoch() string {
	w.Helper()
	a := w.granted(ask("webshop/probe", 0, offer("")))
	w.settle(decision("webshop/probe", 1, a.Epoch))
	return a.Epoch
}

func TestReserveFillsExactlyToTheLimit(t *testing.T) {
	onBoth(t, func(w *world) {
		const routers, orders = 8, 40
		limited := []lanes.Claim{block("10:00", 3, 100), block("11:00", 7, 240)}
		var mu sync.Mutex
		statuses := map[lanes.Status]int{}
		var wg sync.WaitGroup
		for r := range routers {
			wg.Go(func() {
				var asks []lanes.Ask
				for i := range orders {
					asks = append(asks, ask(orderName(r*orders+i), 0, offer("both", limited...), offer("first", limited[0])))
				}
				for _, a := range w.ledger.Reserve(w.ctx, asks) {
					mu.Lock()
					statuses[a.Status]++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		// 33 times 3 parcels fit into 100, 34 times 7 into 240.
		want := map[lanes.Status]int{lanes.Granted: 33, lanes.Full: routers*orders - 33}
		if diff := cmp.Diff(want, statuses); diff != "" {
			t.Errorf("answers (-want +got):\n%s", diff)
		}
		w.wantSlots(map[string]int64{limited[0].Slot: 99, limited[1].Slot: 231})
	})
}
