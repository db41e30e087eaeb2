package ledger_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes"
)

func (w *world) strays(before time.Time) []lanes.Stray {
	w.Helper()
	got, err := w.ledger.Strays(w.ctx, region, before)
	if err != nil {
		w.Fatalf("list strays: %v", err)
	}
	return got
}

func (w *world) clear(seq uint64) bool {
	w.Helper()
	cleared, err := w.ledger.Clear(w.ctx, region, order, seq)
	if err != nil {
		w.Fatalf("clear: %v", err)
	}
	return cleared
}

func TestStraysByAge(t *testing.T) {
	onBoth(t, func(w *world) {
		w.settle(lanes.Settlement{Region: region, Order: order, Seq: 5, Epoch: w.epoch()})
		w.granted(ask(order, 5, offer("body", morning)))
		if got := w.strays(w.clock()); len(got) != 0 {
			t.Errorf("got %v, want none: it is not older than now", got)
		}
		want := []lanes.Stray{{Order: order, Since: start, Open: true, Basis: 5}}
		if diff := cmp.Diff(want, w.strays(w.clock().Add(time.Second)), cmp.Comparer(time.Time.Equal)); diff != "" {
			t.Errorf("strays (-want +got):\n%s", diff)
		}
	})
}

// Nobody works on a mark, so it waits for nothing.
func TestMarksOfAnyAge(t *testing.T) {
	onBoth(t, func(w *world) {
		w.settle(decision(order, 5, "1/of another history", morning))
		want := []lanes.Stray{{Order: order, Since: start}}
		if diff := cmp.Diff(want, w.strays(w.clock().Add(-time.Hour)), cmp.Comparer(time.Time.Equal)); diff != "" {
			t.Errorf("strays (-want +got):\n%s", diff)
		}
	})
}

// A mark goes only with the decision that was verified, and an open part stays
// (A2).
func TestClearOnlyWhatWasVerified(t *testing.T) {
	onBoth(t, func(w *world) {
		w.settle(decision(order, 5, "1/of another history", morning))
		marked := func() bool { return len(w.strays(w.clock().Add(time.Second))) == 1 }
		if !marked() {
			t.Fatal("got no mark, want one: the decision is of another epoch")
		}
		if w.clear(4) || w.clear(6) || !marked() {
			t.Error("got cleared by another decision, want the mark to stay")
		}
		for range 2 { // late and often
			if !w.clear(5) || marked() {
				t.Error("got a mark, want it cleared")
			}
		}
		w.granted(ask(order, 5, offer("body", evening)))
		if w.clear(5) || !marked() {
			t.Error("got an open part cleared, want it to stay listed")
		}
	})
}

func TestSettledSequences(t *testing.T) {
	onBoth(t, func(w *world) {
		w.settle(decision(order, 5, w.epoch(), morning))
		got, err := w.ledger.Settled(w.ctx, region, []string{order, "webshop/unknown"})
		if err != nil {
			t.Fatalf("read: %v", err)
		}
		if diff := cmp.Diff([]uint64{5, 0}, got); diff != "" {
			t.Errorf("live parts (-want +got):\n%s", diff)
		}
	})
}
