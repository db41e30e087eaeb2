package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

func TestSettleMakesTheOpenPartLive(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("body", morning, grams)))
		for range 2 { // late and often
			w.settle(decision(order, 5, a.Epoch, morning, grams))
			want := ledger.Hold{Order: order, Live: &ledger.LivePart{
				Seq: 5, Claims: []lanes.Claim{noLimit(morning), noLimit(grams)},
			}}
			if diff := cmp.Diff(want, w.hold(order)); diff != "" {
				t.Errorf("hold (-want +got):\n%s", diff)
			}
			w.wantSlots(map[string]int64{morning.Slot: 1, grams.Slot: 700})
		}
		w.wantTTL("hold:"+order, 3*day+grace)
		w.wantTTL("slot:"+morning.Slot, 3*day+grace+day) // not before the hold
		w.wantDrift(0, 0)
	})
}

func (w *world) wantDrift(lost, ended float64) {
	w.Helper()
	if got := w.metric("nearlane_ledger_drift_total", "lost"); got != lost {
		w.Errorf("drift, lost: got %v, want %v", got, lost)
	}
	if got := w.metric("nearlane_ledger_drift_total", "ended"); got != ended {
		w.Errorf("drift, ended: got %v, want %v", got, ended)
	}
}

// The last decision wins, whoever calls and in whatever order (S3).
func TestSettleInAnyOrderEndsTheSame(t *testing.T) {
	later := block("18:00", 2, 2)
	for _, seqs := range [][]uint64{{3, 6, 9}, {9, 3, 6}, {6, 9, 3}, {9, 6, 9}, {3, 9, 3}} {
		t.Run(fmt.Sprint(seqs), func(t *testing.T) {
			onBoth(t, func(w *world) {
				w.granted(ask(order, 0, offer("body", morning)))
				for _, seq := range seqs {
					claims := map[uint64][]lanes.Claim{3: {morning}, 6: {evening}, 9: {later}}[seq]
					w.settle(decision(order, seq, "", claims...))
				}
				w.wantSlots(map[string]int64{later.Slot: 2})
			})
		})
	}
}

// A late settle of what was cancelled finds the tombstone (V6), which also
// frees what an attempt still held, in any region and without an epoch (S3).
func TestSettleWithoutClaimsReleases(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("body", morning)))
		w.settle(decision(order, 5, a.Epoch, morning))
		w.granted(ask(order, 5, offer("again", evening)))
		w.settle(decision(order, 8, ""))
		w.settle(decision(order, 5, a.Epoch, morning))
		want := ledger.Hold{Order: order, Live: &ledger.LivePart{Seq: 8}}
		if diff := cmp.Diff(want, w.hold(order)); diff != "" {
			t.Errorf("hold (-want +got):\n%s", diff)
		}
		w.wantSlots(map[string]int64{})
		w.wantTTL("hold:"+order, 3*day+grace) // as long as what it let go
		w.wantDrift(0, 0)
	})
}

func TestTombstoneOfNothingStaysForADay(t *testing.T) {
	onBoth(t, func(w *world) {
		w.settle(decision(order, 8, ""))
		w.wantTTL("hold:"+order, day)
	})
}

func TestSettleCountsOverTheLimit(t *testing.T) {
	onBoth(t, func(w *world) {
		epoch := w.epoch()
		w.granted(ask(orderName(1), 0, offer("body", block("10:00", 2, 2))))
		w.settle(decision(orderName(2), 5, epoch, morning))
		w.wantSlots(map[string]int64{morning.Slot: 3})
		w.wantStatus(w.reserve(ask(orderName(3), 0, offer("body", morning))), lanes.Full)
		w.settle(decision(orderName(2), 7, "")) // indifferent to slots already over
		w.wantSlots(map[string]int64{morning.Slot: 2})
	})
}

// The claims of the live decision move to its successor's, and the open part
// it was made of goes; one slot may occur in both.
func TestSettleReplacesLiveClaims(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("body", morning, grams)))
		w.settle(decision(order, 5, a.Epoch, morning, grams))
		heavier := claim(grams.Slot, 300, 1000, grams.Ends)
		b := w.granted(ask(order, 5, offer("again", evening, heavier)))
		w.wantSlots(map[string]int64{morning.Slot: 1, evening.Slot: 1, grams.Slot: 1000})
		w.settle(decision(order, 9, b.Epoch, evening, heavier))
		w.wantSlots(map[string]int64{evening.Slot: 1, grams.Slot: 300})
		if h := w.hold(order); h.Open != nil || h.Listed {
			t.Errorf("hold: got %+v, want no open part, not listed", h)
		}
	})
}

// A void takes back what an attempt on its basis held; the attempt that
// follows it has the void as its basis and is not touched by late calls (V1, V2).
func TestSettleVoidThenReserveAgain(t *testing.T) {
	onBoth(t, func(w *world) {
		w.granted(ask(order, 0, offer("first", morning)))
		w.settle(decision(order, 5, ""))
		w.wantSlots(map[string]int64{})
		w.wantStatus(w.reserve(ask(order, 0, offer("first", morning))), lanes.Behind)
		a := w.granted(ask(order, 5, offer("second", evening)))
		w.settle(decision(order, 5, ""))
		if h := w.hold(order); h.Open == nil || string(h.Open.Body) != "second" {
			t.Errorf("open part after a late settle of the void: got %+v, want second", h.Open)
		}
		w.settle(decision(order, 7, a.Epoch, evening))
		w.wantSlots(map[string]int64{evening.Slot: 1})
	})
}

// An open part whose basis is not older than the decision stays, listed and
// without expiry. Reserve makes no such hold; a settle that comes after one
// must still not take it.
func TestSettleKeepsALaterOpenPart(t *testing.T) {
	onBoth(t, func(w *world) {
		w.settle(decision(order, 9, ""))
		w.granted(ask(order, 9, offer("later", evening)))
		// As if the live part had been lost alone.
		if err := w.raw.HDel(w.ctx, "nl:{"+region+"}:hold:"+order, "seq", "claims").Err(); err != nil {
			t.Fatalf("lose the live part: %v", err)
		}
		w.settle(decision(order, 9, w.epoch(), morning))
		h := w.hold(order)
		if h.Open == nil || h.Open.Basis != 9 || h.Live == nil || h.Live.Seq != 9 || !h.Listed {
			t.Errorf("hold: got %+v, want live and open part, listed", h)
		}
		if got := w.ttl("hold:" + order); got != -1 {
			t.Errorf("expiry of the hold: got %v, want none", got)
		}
		w.wantSlots(map[string]int64{morning.Slot: 1, evening.Slot: 1})
	})
}

func TestSettleMarksWhatHasToBeVerified(t *testing.T) {
	onBoth(t, func(w *world) {
		epoch := w.epoch()
		otherID := "16" + epoch[2:]
		for i, c := range []struct {
			name   string
			epoch  string
			claims []lanes.Claim
			want   bool
		}{
			{"the region's epoch", epoch, []lanes.Claim{morning}, false},
			{"no epoch", "", []lanes.Claim{morning}, true},
			{"another id", otherID, []lanes.Claim{evening}, true},
			{"another history", "17/other", []lanes.Claim{evening}, true},
			{"nothing claimed", "16/other", nil, false},
		} {
			w.settle(decision(orderName(i), 5, c.epoch, c.claims...))
			if got := w.hold(orderName(i)).Listed; got != c.want {
				t.Errorf("%s: marked: got %v, want %v", c.name, got, c.want)
			}
		}
		if got := w.metric("nearlane_ledger_verify_marks_total", ""); got != 3 {
			t.Errorf("marks counted: got %v, want 3", got)
		}
		w.settle(decision(orderName(1), 6, epoch, morning)) // a later decision clears it
		if w.hold(orderName(1)).Listed {
			t.Errorf("after a later settle: still marked")
		}
	})
}

// An open part outlives its slot and is settled late: it must not be counted
// twice, whether its counter is still there or not (V11).
func TestSettleLongAfterTheSlot(t *testing.T) {
	for _, late := range []time.Duration{3*day + 3*time.Hour, 30 * day} {
		t.Run(late.String(), func(t *testing.T) {
			onBoth(t, func(w *world) {
				a := w.granted(ask(order, 0, offer("body", morning)))
				w.passes(late)
				w.settle(decision(order, 5, a.Epoch, morning))
				taken, err := w.ledger.Counts(w.ctx, region, []string{morning.Slot})
				if err != nil || taken[0] > 1 {
					t.Errorf("count: got %v, %v, want at most 1", taken, err)
				}
				w.settle(decision(order, 6, ""))
				w.wantSlots(map[string]int64{})
			})
		})
	}
}

// A counter that is gone stays gone: taking back from it changes nothing, and
// is reported (S4).
func TestTakingBackFromALostCounterIsDrift(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("body", morning)))
		w.settle(decision(order, 5, a.Epoch, morning))
		if err := w.raw.Del(w.ctx, "nl:{"+region+"}:slot:"+morning.Slot).Err(); err != nil {
			t.Fatalf("lose the counter: %v", err)
		}
		w.settle(decision(order, 8, a.Epoch, evening))
		w.wantSlots(map[string]int64{evening.Slot: 1})
		w.wantDrift(1, 0)
		if n := w.raw.Exists(w.ctx, "nl:{"+region+"}:slot:"+morning.Slot).Val(); n != 0 {
			t.Error("the lost counter is there again")
		}
	})
}

func TestTakingBackFromAnExpiredCounterIsReported(t *testing.T) {
	onBoth(t, func(w *world) {
		early := claim("locker/sornainen/S:2026-08-01:parcels", 1, 20, start.Add(6*time.Hour))
		stay := claim("locker/sornainen/S:2026-08-04:parcels", 1, 20, start.Add(4*day))
		a := w.granted(ask(order, 0, offer("body", early, stay)))
		w.settle(decision(order, 5, a.Epoch, early, stay))
		w.passes(2 * day)
		// redis-server's clock is not ours, so it does not know yet.
		if err := w.raw.Del(w.ctx, "nl:{"+region+"}:slot:"+early.Slot).Err(); err != nil {
			t.Fatalf("expire the counter: %v", err)
		}
		w.settle(decision(order, 8, ""))
		w.wantSlots(map[string]int64{})
		w.wantDrift(0, 1)
	})
}

func TestSettleOfOneOrderInTwoRegions(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("body", morning)))
		elsewhere := decision(order, 9, "", evening)
		elsewhere.Region = "tampere"
		errs := w.ledger.Settle(w.ctx, []lanes.Settlement{
			decision(order, 5, a.Epoch, morning), elsewhere, decision(order, 9, ""),
		})
		for i, err := range errs {
			if err != nil {
				t.Errorf("settlement %d: %v", i, err)
			}
		}
		w.wantSlots(map[string]int64{})
		got, err := w.ledger.Slots(w.ctx, "tampere")
		if diff := cmp.Diff(map[string]int64{evening.Slot: 1}, got); diff != "" || err != nil {
			t.Errorf("tampere (-want +got): %v\n%s", err, diff)
		}
	})
}

func TestDecisionThatStaysOnASlotIsCountedOnce(t *testing.T) {
	onBoth(t, func(w *world) {
		epoch := w.epoch()
		w.settle(decision(order, 5, epoch, morning))
		moved := claim(morning.Slot, 1, 2, morning.Ends.Add(day)) // its end was edited
		w.settle(decision(order, 8, epoch, moved))
		w.wantSlots(map[string]int64{morning.Slot: 1})
		w.wantTTL("slot:"+morning.Slot, 4*day+grace+day)
	})
}

// A decision that is settled is settled: the same sequence again changes
// nothing, not even its verify mark.
func TestSettleTheSameSequenceAgain(t *testing.T) {
	onBoth(t, func(w *world) {
		epoch := w.epoch()
		w.settle(decision(order, 5, "16/other", morning))
		before := w.hold(order)
		w.settle(decision(order, 5, epoch, morning))
		w.settle(decision(order, 5, epoch, evening))
		w.settle(decision(order, 5, epoch))
		if diff := cmp.Diff(before, w.hold(order)); diff != "" || !before.Listed {
			t.Errorf("hold (-before +after), marked %v:\n%s", before.Listed, diff)
		}
		w.wantSlots(map[string]int64{morning.Slot: 1})
	})
}
