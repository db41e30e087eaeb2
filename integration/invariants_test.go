package integration

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// account is what a scenario came to, read back from the servers alone.
type account struct {
	*router.Refold
	decisions  map[event.Key][]event.Record
	dispatches map[event.Key][]*event.Dispatch // requested
	rejections map[uint64]rejection            // by sequence on ORDERS
	strays     []string                        // orders with an open part
}

// check is called after every scenario: it refolds the journal and holds
// orders, rejections and Redis against it.
func (w *world) check() *account {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a := w.refold(ctx)
	a.rejections, a.strays = w.rejections(ctx), nil
	a.Close()
	for _, b := range a.Breaches {
		w.Errorf("invariant broken: %s", b)
	}
	if a.Breached() > len(a.Breaches) {
		w.Errorf("got %d broken invariants, want none", a.Breached())
	}
	w.checkOrders(ctx, a)
	for _, region := range w.regions() {
		w.checkRegion(ctx, region, a)
	}
	if len(a.strays) > 0 {
		w.Errorf("got open parts of %v, want none once every order is answered", a.strays)
	}
	return a
}

// refold adds to the account what the journal has got since the last time: it
// only ever grows.
func (w *world) refold(ctx context.Context) *account {
	w.Helper()
	if w.account == nil {
		w.account = &account{Refold: router.NewRefold(),
			decisions: map[event.Key][]event.Record{}, dispatches: map[event.Key][]*event.Dispatch{}}
	}
	if err := w.journal.Read(ctx, w.account.Through()+1, 0, w.account.add); err != nil {
		w.Fatalf("read journal: %v", err)
	}
	return w.account
}

func (a *account) add(seq uint64, subject string, data []byte) error {
	switch {
	case strings.HasPrefix(subject, "decision."):
		d, err := event.DecodeDecision(data)
		if err != nil {
			return err
		}
		a.decisions[d.Key()] = append(a.decisions[d.Key()], event.Record{Sequence: seq, Decision: d})
	case strings.HasPrefix(subject, "dispatch."):
		d, err := event.DecodeDispatch(data)
		if err != nil {
			return err
		}
		if d.Status == event.Requested {
			a.dispatches[d.Key()] = append(a.dispatches[d.Key()], d)
		}
	}
	return a.Add(seq, subject, data)
}

// checkOrders holds ORDERS against the journal: every message has its order
// decided once, or is itself refused once, and a dispatch goes where the order
// said.
func (w *world) checkOrders(ctx context.Context, a *account) {
	w.Helper()
	known := map[event.Key]bool{}
	err := w.conn.Read(ctx, event.StreamOrders, 1, 0, func(seq uint64, subject string, data []byte) error {
		o, refusal := event.DecodeOrder(subject, data, now)
		if refusal != nil || event.StaleOrder(o, now, retention) != nil {
			if a.rejections[seq].times != 1 {
				w.Errorf("message %d on %s: got %d rejections, want 1", seq, subject, a.rejections[seq].times)
			}
			return nil
		}
		known[o.Key()] = true
		chain := a.decisions[o.Key()]
		if len(chain) != 1 {
			w.Errorf("order %s: got %d decisions, want 1", o.Key(), len(chain))
			return nil
		}
		if chain[0].Decision.OrderSequence == seq {
			w.checkDispatch(o, chain[0].Decision, a.dispatches[o.Key()])
		}
		return nil
	})
	if err != nil {
		w.Fatalf("read orders: %v", err)
	}
	for key, chain := range a.decisions {
		if !known[key] {
			w.Errorf("order %s has %d decisions and was never placed", key, len(chain))
		}
	}
}

func (w *world) checkDispatch(o *event.Order, d *event.Decision, sent []*event.Dispatch) {
	w.Helper()
	want := 0
	if d.Outcome == event.Dispatched {
		want = 1
	}
	if len(sent) != want {
		w.Errorf("order %s is %s: got %d dispatches, want %d", o.Key(), d.Outcome, len(sent), want)
		return
	}
	if want == 0 {
		return
	}
	if diff := cmp.Diff(&o.ShipTo, sent[0].Destination); diff != "" {
		w.Errorf("destination of order %s (-want +got):\n%s", o.Key(), diff)
	}
	if sent[0].DispatchID != d.DispatchID {
		w.Errorf("order %s: got dispatch %s, want %s as decided", o.Key(), sent[0].DispatchID, d.DispatchID)
	}
}

// checkRegion holds Redis against the journal. What live parts and counters
// say has to be what stands; open parts are collected as strays.
func (w *world) checkRegion(ctx context.Context, region string, a *account) {
	w.Helper()
	w.eventually("redis answers", func() error { return w.ledger.Ping(ctx) })
	holds, err := w.ledger.Holds(ctx, region)
	if err != nil {
		w.Fatalf("read holds: %v", err)
	}
	counted, err := w.ledger.Slots(ctx, region)
	if err != nil {
		w.Fatalf("read slots: %v", err)
	}
	want := map[string]int64{}
	for key, s := range a.Standing {
		if s.Region != region {
			continue
		}
		for _, c := range s.Claims {
			want[c.Slot] += c.Units
		}
		if live := holds[key.String()].Live; live == nil || live.Seq != s.Sequence {
			w.Errorf("hold of order %s in %s: got %+v, want the decision at %d", key, region, live, s.Sequence)
		}
	}
	for order, h := range holds {
		if h.Open == nil {
			continue
		}
		a.strays = append(a.strays, order)
		for _, c := range h.Open.Claims {
			want[c.Slot] += c.Units
		}
	}
	for slot, n := range counted {
		if n == 0 {
			delete(counted, slot)
		}
	}
	if diff := cmp.Diff(want, counted); diff != "" {
		w.Errorf("counters of %s against the journal (-want +got):\n%s", region, diff)
	}
}

// wantOutcomes compares how many orders ended how.
func (a *account) wantOutcomes(t testing.TB, dispatched, unroutable int) {
	t.Helper()
	if got := a.Outcomes[event.Dispatched]; got != dispatched {
		t.Errorf("got %d orders dispatched, want %d", got, dispatched)
	}
	if got := a.Outcomes[event.Unroutable]; got != unroutable {
		t.Errorf("got %d orders unroutable, want %d", got, unroutable)
	}
}

// decision is the one on an order.
func (a *account) decision(t testing.TB, key event.Key) *event.Decision {
	t.Helper()
	if len(a.decisions[key]) == 0 {
		t.Fatalf("order %s has no decision", key)
	}
	return a.decisions[key][0].Decision
}

// decided is how many orders have a decision now.
func (w *world) decided() int {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return len(w.refold(ctx).decisions)
}
