package ledger_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

func (w *world) begin(token string) bool {
	w.Helper()
	needed, err := w.ledger.Begin(w.ctx, region, token, 0)
	if err != nil {
		w.Fatalf("begin: %v", err)
	}
	return needed
}

func (w *world) end(token string, id uint64) bool {
	w.Helper()
	done, err := w.ledger.End(w.ctx, region, token, id)
	if err != nil {
		w.Fatalf("end: %v", err)
	}
	return done
}

func (w *world) wipe() {
	w.Helper()
	if err := w.raw.FlushAll(w.ctx).Err(); err != nil {
		w.Fatalf("wipe: %v", err)
	}
}

func with(token string, s lanes.Settlement) lanes.Settlement {
	s.Token = token
	return s
}

// The whole of E2 to E4: nothing is reserved in between, cancels and settles
// go on, and the journal's claims are there afterwards.
func TestRebuildAfterAWipe(t *testing.T) {
	onBoth(t, func(w *world) {
		old := w.granted(ask(order, 0, offer("body", morning)))
		w.wipe()
		w.wantStatus(w.reserve(ask(orderName(2), 0, offer("body", morning))), lanes.Rebuild)

		token := ledger.NewToken("router-1")
		for range 2 {
			if !w.begin(token) {
				t.Fatal("begin: got not needed, want needed, twice")
			}
		}
		w.wantStatus(w.reserve(ask(orderName(2), 0, offer("body", morning))), lanes.Rebuild)
		w.settle(with(token, decision(order, 5, old.Epoch, morning)))
		w.settle(decision(orderName(3), 6, "")) // a cancellation
		if w.hold(order).Listed {
			t.Error("settled under the token: got a verify mark, want none")
		}
		for range 2 {
			if !w.end(token, 30) {
				t.Fatal("end: got not done, want done, twice")
			}
		}
		a := w.granted(ask(orderName(2), 0, offer("body", morning)))
		if got := a.Epoch[:3]; got != "30/" {
			t.Errorf("epoch: got %q, want id 30", a.Epoch)
		}
		w.wantSlots(map[string]int64{morning.Slot: 2})
	})
}

func TestRebuildNotNeeded(t *testing.T) {
	onBoth(t, func(w *world) {
		if w.begin(ledger.NewToken("router-2")) {
			t.Error("begin with a valid epoch: got needed")
		}
		w.granted(ask(order, 0, offer("body", morning)))
	})
}

// Wiped again during the rebuild: the token went with everything else, so the
// epoch must not be written on an empty server (V8, E3).
func TestRebuildWipedAgain(t *testing.T) {
	onBoth(t, func(w *world) {
		w.wipe()
		token := ledger.NewToken("router-1")
		w.begin(token)
		w.settle(with(token, decision(order, 5, "1/old", morning)))
		w.wipe()
		errs := w.ledger.Settle(w.ctx, []lanes.Settlement{
			with(token, decision(orderName(2), 6, "1/old", morning)), decision(orderName(3), 7, ""),
		})
		wantError(t, errs[0], ledger.ErrTokenGone)
		wantError(t, errs[1], nil)
		if w.end(token, 30) {
			t.Error("end without a token: got done")
		}
		w.wantStatus(w.reserve(ask(order, 0, offer("body", morning))), lanes.Rebuild)
		w.wantSlots(map[string]int64{})
	})
}

// Begin takes the epoch away even from those who still believe in it: a router
// whose connection is to the former history must not go on reserving (E2).
func TestBeginStopsReservesUnderTheFormerHistory(t *testing.T) {
	onBoth(t, func(w *world) {
		if err := w.raw.Set(w.ctx, "nl:{"+region+"}:epoch", "9/former", 0).Err(); err != nil {
			t.Fatalf("write epoch: %v", err)
		}
		former, err := ledger.Open(w.ctx, ledger.Options{URL: w.url(), History: "former", Now: w.clock})
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		defer former.Close()
		asks := []lanes.Ask{ask(order, 0, offer("body", morning))}
		w.wantStatus(former.Reserve(w.ctx, asks)[0], lanes.Granted)
		if !w.begin(ledger.NewToken("router-1")) {
			t.Error("begin: got not needed")
		}
		w.wantStatus(former.Reserve(w.ctx, asks)[0], lanes.Rebuild)
	})
}

// Any number of auditors may rebuild at once; a late one changes nothing that
// matters, and a token does not survive its own end.
func TestRebuildByTwoAuditors(t *testing.T) {
	onBoth(t, func(w *world) {
		w.wipe()
		one, two := ledger.NewToken("router-1"), ledger.NewToken("router-2")
		if !w.begin(one) || !w.begin(two) {
			t.Fatal("begin: got not needed, want needed for both")
		}
		if !w.end(one, 30) || !w.end(two, 33) {
			t.Error("end: got not done, want done for both")
		}
		if w.end(one, 30) {
			t.Error("the first auditor's end, repeated late: got done, want its epoch replaced")
		}
		errs := w.ledger.Settle(w.ctx, []lanes.Settlement{with(one, decision(order, 5, "", morning))})
		wantError(t, errs[0], ledger.ErrTokenGone)
		if got := w.epoch()[:3]; got != "33/" {
			t.Errorf("epoch: got %q, want id 33", got)
		}
	})
}

// The rebuild merges: counters are never overwritten, and an attempt that was
// granted before it keeps its open part (E3, V7).
func TestRebuildMerges(t *testing.T) {
	onBoth(t, func(w *world) {
		a := w.granted(ask(order, 0, offer("in flight", morning)))
		if err := w.raw.Del(w.ctx, "nl:{"+region+"}:epoch").Err(); err != nil {
			t.Fatalf("lose the epoch: %v", err)
		}
		token := ledger.NewToken("router-1")
		w.begin(token)
		w.settle(with(token, decision(orderName(2), 5, a.Epoch, morning)))
		w.end(token, 30)
		w.wantSlots(map[string]int64{morning.Slot: 2})
		if h := w.hold(order); h.Open == nil || h.Open.Epoch != a.Epoch {
			t.Errorf("open part: got %+v, want the one of epoch %s", h.Open, a.Epoch)
		}
		// Its commit is fenced off; should it be stored all the same, it is verified.
		w.settle(decision(order, 6, a.Epoch, morning))
		if !w.hold(order).Listed {
			t.Error("granted before the rebuild, settled after it: got no verify mark")
		}
		w.wantSlots(map[string]int64{morning.Slot: 2})
	})
}

func TestHeldFindsEveryHold(t *testing.T) {
	onBoth(t, func(w *world) {
		var want []string
		for i := range 300 {
			want = append(want, orderName(i))
			w.settle(decision(orderName(i), 5, "", morning))
		}
		w.settle(decision("webshop/open", 5, ""))
		w.granted(ask("webshop/open", 5, offer("body", evening)))
		want = append(want, "webshop/open")
		elsewhere := decision("webshop/elsewhere", 5, "")
		elsewhere.Region = "helsink?"
		w.settle(elsewhere)

		for r, want := range map[string][]string{region: want, "helsink?": {"webshop/elsewhere"}} {
			var got []string
			err := w.ledger.Held(w.ctx, r, func(order string) error {
				got = append(got, order)
				return nil
			})
			if err != nil {
				t.Fatalf("held in %s: %v", r, err)
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, slices.Compact(got)); diff != "" {
				t.Errorf("held in %s (-want +got):\n%s", r, diff)
			}
		}
	})
}
