package integration

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// account is what a scenario came to, read back from the servers alone.
type account struct {
	*router.Refold
	decisions  map[event.Key][]event.Record // the chain of each order
	written    map[uint64]time.Time         // by the sequence of a decision
	told       map[event.Key][]told
	rejections map[place]rejection
	strays     []string // orders with an open part
}

// told is what a courier was told, as it stands in the journal.
type told struct {
	*event.Dispatch
	seq     uint64
	subject string
}

// check is called after every scenario: it refolds the journal and holds
// orders, rejections and Redis against it.
func (w *world) check() *account {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a := w.refold(ctx)
	for _, b := range a.Breaches {
		w.Errorf("invariant broken: %s", b)
	}
	if a.Breached() > len(a.Breaches) {
		w.Errorf("got %d broken invariants, want none", a.Breached())
	}
	for key, said := range w.said(ctx, a) {
		w.checkChain(key, said, a)
	}
	for _, region := range w.regions() {
		w.checkRegion(ctx, region, a)
	}
	if len(a.strays) > 0 {
		w.Errorf("got open parts of %v, want none once every order is answered", a.strays)
	}
	return a
}

func (w *world) refold(ctx context.Context) *account {
	w.Helper()
	a := &account{Refold: router.NewRefold(), rejections: w.rejections(ctx),
		decisions: map[event.Key][]event.Record{}, written: map[uint64]time.Time{}, told: map[event.Key][]told{}}
	err := w.journal.Read(ctx, 1, 0, func(seq uint64, subject string, data []byte) error {
		switch {
		case strings.HasPrefix(subject, "decision."):
			d, err := event.DecodeDecision(data)
			if err != nil {
				return err
			}
			a.decisions[d.Key()] = append(a.decisions[d.Key()], event.Record{Sequence: seq, Decision: d})
			if a.written[seq], err = event.WrittenAt(data); err != nil {
				return err
			}
		case strings.HasPrefix(subject, "dispatch."):
			d, err := event.DecodeDispatch(data)
			if err != nil {
				return err
			}
			a.told[d.Key()] = append(a.told[d.Key()], told{d, seq, subject})
		}
		return a.Add(seq, subject, data)
	})
	if err != nil {
		w.Fatalf("read journal: %v", err)
	}
	a.Close()
	return a
}

// checkRegion holds Redis against the journal. What live parts and counters
// say has to be what stands; open parts are collected as strays.
func (w *world) checkRegion(ctx context.Context, region string, a *account) {
	w.Helper()
	var holds map[string]ledger.Hold
	var counted map[string]int64
	// Right after a failover the nodes of a cluster differ on who keeps what.
	w.eventually("redis answers", func() (err error) {
		if err = w.ledger.Ping(ctx); err == nil {
			holds, err = w.ledger.Holds(ctx, region)
		}
		if err == nil {
			counted, err = w.ledger.Slots(ctx, region)
		}
		return err
	})
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

// decision is the last one on an order.
func (a *account) decision(t testing.TB, key event.Key) *event.Decision {
	t.Helper()
	chain := a.decisions[key]
	if len(chain) == 0 {
		t.Fatalf("order %s has no decision", key)
	}
	return chain[len(chain)-1].Decision
}

// decided is how many orders have a decision now.
func (w *world) decided() int {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return len(w.refold(ctx).decisions)
}

// units is what stands in each slot whose name begins with prefix, as
// "units of limit".
func (a *account) units(prefix string) map[string]string {
	got := map[string]string{}
	for slot, u := range a.Slots {
		if strings.HasPrefix(slot, prefix) {
			got[slot] = fmt.Sprintf("%d of %d", u.Units, u.Limit)
		}
	}
	return got
}
