package integration

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

func TestRepeatedOrders(t *testing.T) {
	t.Parallel()
	first, changed := order("repeated"), order("repeated", quantity(3))
	nowhere, nowhereChanged := order("nowhere", sku("lamp-1")), order("nowhere", sku("mug-blue"))
	otherwise, unserved := again(changed, 3), again(nowhereChanged, 3)

	for _, oneBatch := range []bool{false, true} {
		t.Run(fmt.Sprintf("in one batch %t", oneBatch), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions})
			if oneBatch { // all of it waits for the router
				w.send(placed(first), placed(nowhere))
			} else {
				w.start("router")
				w.publish(first, nowhere)
				w.drained(durable)
			}
			w.send(again(first, 1), again(nowhere, 1), again(first, 2), otherwise, unserved, again(first, 4))
			if oneBatch {
				w.start("router")
			}
			w.drained(durable)
			a := w.check()
			a.wantOutcomes(t, 1, 1)
			wantRejected(t, a.rejections[onOrders(6)], poison{data: otherwise.Data, code: event.CodeOrderChanged})
			wantRejected(t, a.rejections[onOrders(7)], poison{data: unserved.Data, code: event.CodeOrderChanged})
			if got := len(a.rejections); got != 2 {
				t.Errorf("got %d rejections, want 2: only changed content is refused", got)
			}
		})
	}
}

// at sets the router's own clock, which plans go by.
func at(now time.Time) wrap {
	return func(o *router.Options) { o.Clock = func() time.Time { return now } }
}

// later sets the clock that JetStream's timestamps are compared with.
func later(d time.Duration) wrap {
	return func(o *router.Options) { o.RealClock = func() time.Time { return time.Now().Add(d) } }
}

// A new durable reads all of ORDERS again, and changes nothing: no decision,
// no slot, no rejection, not a single message in the journal. It makes no
// difference if there is room by now for what was refused.
func TestReplayChangesNothing(t *testing.T) {
	t.Parallel()
	for name, clocks := range map[string][]wrap{
		"right away":          nil,
		"after AckWait":       {later(never + time.Minute)},
		"after the retention": {at(now.Add(retention + time.Hour)), later(retention + time.Hour)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
			all := slices.Concat(orders(130, "small", excluding("tapiola")), orders(40, "big", sku("print-a3")), orders(20, "lamp", sku("lamp-1")))
			first := w.start("router")
			w.publish(all...)
			w.send(garbage("garbage"))
			w.drained(durable)
			first.stop()
			before, seqs, taken := w.check(), w.stored(), w.taken()
			before.wantOutcomes(t, 160, 30)

			w.net = build(t, roomier)
			second := w.prepare("router", "replay", clocks...)
			second.run()
			w.drained("replay")
			second.stop()
			after := w.check()
			if diff := cmp.Diff(seqs, w.stored()); diff != "" {
				t.Errorf("last sequences (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(taken, w.taken()); diff != "" {
				t.Errorf("slots (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(before.Standing, after.Standing); diff != "" {
				t.Errorf("what stands (-before +after):\n%s", diff)
			}
			if got := second.counted("commits_refused_total"); clocks != nil && got > 0 {
				t.Errorf("got %v commits refused, want none tried: what is old is asked for first", got)
			}
			if got := second.counted("orders_repeated_total"); got != float64(len(all)) {
				t.Errorf("got %v orders recognised as repeats, want %d", got, len(all))
			}
		})
	}
}

// stored is the last sequence of every stream.
func (w *world) stored() map[string]uint64 {
	w.Helper()
	last := map[string]uint64{}
	for _, name := range []string{event.StreamOrders, event.StreamDispatch, event.StreamRejected} {
		s, err := w.js.Stream(context.Background(), name)
		if err != nil {
			w.Fatalf("open stream %s: %v", name, err)
		}
		last[name] = s.CachedInfo().State.LastSeq
	}
	return last
}

// taken is what Redis counts in every region.
func (w *world) taken() map[string]map[string]int64 {
	w.Helper()
	all := map[string]map[string]int64{}
	for _, region := range w.regions() {
		slots, err := w.ledger.Slots(context.Background(), region)
		if err != nil {
			w.Fatalf("read slots: %v", err)
		}
		all[region] = slots
	}
	return all
}
