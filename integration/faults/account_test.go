package faults

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// account is what the journal alone says of a round.
type account struct {
	*router.Refold
	first    map[event.Key]*event.Decision
	last     map[event.Key]*event.Decision
	rebuilds int
	redone   int      // decisions after the first of an order
	broken   []string // beyond the refold's breaches
	strays   int      // orders with an open part
}

// read reads the journal from its beginning.
func (w *world) read(ctx context.Context) (*account, error) { return readFrom(ctx, w.conn) }

func readFrom(ctx context.Context, conn *stream.Conn) (*account, error) {
	a := &account{Refold: router.NewRefold(), first: map[event.Key]*event.Decision{}, last: map[event.Key]*event.Decision{}}
	epochs := map[string]bool{}
	for _, region := range regions {
		epochs[event.EpochSubject(region)] = true
	}
	err := conn.Read(ctx, event.StreamDispatch, 1, 0, func(seq uint64, subject string, data []byte) error {
		if epochs[subject] {
			a.rebuilds++
		}
		if _, err := event.ParseDecisionSubject(subject); err == nil {
			d, err := event.DecodeDecision(data)
			if err != nil {
				return err
			}
			a.follow(seq, d)
		}
		return a.Add(seq, subject, data)
	})
	a.Close()
	return a, err
}

// follow checks what the refold does not: a cancelled order stays cancelled.
func (a *account) follow(seq uint64, d *event.Decision) {
	if before := a.last[d.Key()]; before != nil {
		a.redone++
		if before.Outcome == event.Cancelled {
			a.broken = append(a.broken, fmt.Sprintf("order %s was cancelled, and is %s at %d", d.Key(), d.Outcome, seq))
		}
	}
	if a.last[d.Key()] == nil {
		a.first[d.Key()] = d
	}
	a.last[d.Key()] = d
}

// unanswered is the error of a dispatch that its courier should have accepted
// by now, and that still stands.
func (a *account) unanswered(now time.Time) error {
	for key, d := range a.last {
		if d.Outcome == event.Dispatched && d.AcceptedAt == nil && d.Consignments[0].CourierID == hasty && now.Sub(d.DecidedAt) > acceptWithin {
			return fmt.Errorf("order %s: %s has not accepted it since %s", key, hasty, d.DecidedAt.Format(time.TimeOnly))
		}
	}
	return nil
}

// waits are how long acknowledged orders waited for their first decision, in
// ascending order, and never empty.
func (a *account) waits(k *known) []time.Duration {
	k.mu.Lock()
	defer k.mu.Unlock()
	waits := []time.Duration{0}
	for key, acked := range k.orders {
		if d := a.first[key]; d != nil {
			waits = append(waits, d.DecidedAt.Sub(acked))
		}
	}
	slices.Sort(waits)
	return waits
}

// judge holds what publishers were told against the journal.
func (a *account) judge(k *known) []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	broken := slices.Concat(a.Breaches, a.broken)
	for key := range k.orders {
		if a.last[key] == nil {
			broken = append(broken, fmt.Sprintf("order %s was acknowledged and has no decision", key))
		}
	}
	for key := range k.cancelled {
		if d := a.last[key]; d == nil || d.Outcome != event.Cancelled && d.Outcome != event.Completed {
			broken = append(broken, fmt.Sprintf("order %s: its cancellation was acknowledged and is not heeded", key))
		}
	}
	for _, r := range k.reports {
		d := a.last[r.Key()]
		stands := d != nil && d.Outcome == event.Dispatched && d.DispatchID == r.DispatchID
		if stands && (r.Status != event.Accepted && r.Status != event.PickedUp || r.Status == event.Accepted && d.AcceptedAt == nil) {
			broken = append(broken, fmt.Sprintf("order %s: the report that %s is %s was acknowledged and is not heeded", r.Key(), r.DispatchID, r.Status))
		}
	}
	slices.Sort(broken)
	return broken
}

// compare holds Redis against the journal: every live part and counter has to
// be what stands, and open parts are counted as strays.
func (w *world) compare(ctx context.Context, a *account) error {
	if err := w.ledger.Ping(ctx); err != nil {
		return err
	}
	a.strays = 0
	for _, region := range regions {
		holds, err := w.ledger.Holds(ctx, region)
		if err != nil {
			return err
		}
		counted, err := w.ledger.Slots(ctx, region)
		if err != nil {
			return err
		}
		want := map[string]int64{}
		for key, s := range a.Standing {
			if s.Region != region || len(s.Claims) == 0 {
				continue
			}
			for _, c := range s.Claims {
				want[c.Slot] += c.Units
			}
			if live := holds[key.String()].Live; live == nil || live.Seq != s.Sequence {
				return fmt.Errorf("redis holds %+v for order %s in %s, the journal decision %d", live, key, region, s.Sequence)
			}
		}
		for order, h := range holds {
			key, err := event.ParseKey(order)
			if err != nil {
				return err
			}
			if s := a.Standing[key]; h.Live != nil && len(h.Live.Claims) > 0 && h.Live.Seq != s.Sequence {
				return fmt.Errorf("redis holds %+v for order %s in %s, the journal decision %d", h.Live, h.Order, region, s.Sequence)
			}
			if h.Open == nil {
				continue
			}
			a.strays++
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
			return fmt.Errorf("counters of %s against the journal (-want +got):\n%s", region, diff)
		}
	}
	return nil
}
