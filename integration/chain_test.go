package integration

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// said is everything that was published about one order and is not garbage.
type said struct {
	placed                 map[uint64]*event.Order // by sequence on ORDERS
	cancellations, reports int
}

// said reads ORDERS and COURIER. Garbage has to be refused, each once.
func (w *world) said(ctx context.Context, a *account) map[event.Key]*said {
	w.Helper()
	all := map[event.Key]*said{}
	about := func(key event.Key) *said {
		if all[key] == nil {
			all[key] = &said{placed: map[uint64]*event.Order{}}
		}
		return all[key]
	}
	refusedOnce := func(at place, subject string) {
		if a.rejections[at].times != 1 {
			w.Errorf("message %d on %s: got %d rejections, want 1", at.seq, subject, a.rejections[at].times)
		}
	}
	err := w.conn.Read(ctx, event.StreamOrders, 1, 0, func(seq uint64, subject string, data []byte) error {
		if _, kind, err := event.ParseOrderSubject(subject); err == nil && kind == event.KindCancelled {
			if c, refusal := event.DecodeCancellation(subject, data); refusal == nil {
				about(c.Key()).cancellations++
				return nil
			}
		} else if o, refusal := event.DecodeOrder(subject, data, now); refusal == nil && event.StaleOrder(o, now, retention) == nil {
			about(o.Key()).placed[seq] = o
			return nil
		}
		refusedOnce(onOrders(seq), subject)
		return nil
	})
	if err != nil {
		w.Fatalf("read orders: %v", err)
	}
	err = w.conn.Read(ctx, event.StreamCourier, 1, 0, func(seq uint64, subject string, data []byte) error {
		if r, refusal := event.DecodeReport(subject, data, now); refusal == nil {
			about(r.Key()).reports++
			return nil
		}
		refusedOnce(onCourier(seq), subject)
		return nil
	})
	if err != nil {
		w.Fatalf("read reports: %v", err)
	}
	for key, chain := range a.decisions {
		if s := all[key]; s == nil || len(s.placed)+s.cancellations == 0 {
			w.Errorf("order %s has %d decisions, and was neither placed nor cancelled", key, len(chain))
		}
	}
	return all
}

// checkChain holds the decisions on an order against what was said about it:
// there is at least one, and no more than there were occasions.
func (w *world) checkChain(key event.Key, s *said, a *account) {
	w.Helper()
	chain := a.decisions[key]
	most := min(len(s.placed), 1) + min(s.cancellations, 1) + s.reports + a.dues(key)
	if len(chain) > most || len(chain) == 0 && len(s.placed)+s.cancellations > 0 {
		w.Errorf("order %s: got %d decisions, want 1 to %d", key, len(chain), most)
	}
	w.checkReproduced(key, s, a)
	w.checkTold(key, chain, a.told[key])
	for _, t := range a.told[key] {
		var to *event.Address
		var recipient *event.Recipient
		if o := s.placed[chain[0].Decision.OrderSequence]; o != nil && t.Status == event.Requested {
			to, recipient = &o.ShipTo, o.Recipient
		}
		if diff := cmp.Diff([]any{to, recipient}, []any{t.Destination, t.Recipient}); diff != "" {
			w.Errorf("destination and recipient of %s dispatch %s of order %s (-want +got):\n%s", t.Status, t.DispatchID, key, diff)
		}
		if want := event.DispatchSubject(t.CourierID, t.Site.SiteID); t.subject != want {
			w.Errorf("dispatch %s of order %s: got subject %s, want %s", t.DispatchID, key, t.subject, want)
		}
	}
}

// dues counts the decisions on an order that came because its time had come:
// behind one that waits or a void, and for a courier that did not answer.
func (a *account) dues(key event.Key) (n int) {
	chain := a.decisions[key]
	for i, rec := range chain {
		before := event.Outcome("")
		if i > 0 {
			before = chain[i-1].Decision.Outcome
		}
		if before == event.Waiting || before == event.Void || slices.Contains(rec.Decision.Reasons, router.NoAnswer) {
			n++
		}
	}
	return n
}

// checkTold compares what couriers were told with what the decisions say they
// have to be told (J3): in the same batch, so right behind its decision.
func (w *world) checkTold(key event.Key, chain []event.Record, all []told) {
	w.Helper()
	var want, got []string
	inForce := ""
	for _, rec := range chain {
		d, seq, replaced := rec.Decision, rec.Sequence, ""
		if inForce != "" && inForce != d.DispatchID {
			seq, replaced = seq+1, inForce
			want = append(want, fmt.Sprintf("%d: %s %s, supersedes %q", seq, event.Withdrawn, inForce, ""))
		}
		if d.DispatchID != "" && inForce != d.DispatchID {
			want = append(want, fmt.Sprintf("%d: %s %s, supersedes %q", seq+1, event.Requested, d.DispatchID, replaced))
		}
		inForce = d.DispatchID
	}
	for _, t := range all {
		got = append(got, fmt.Sprintf("%d: %s %s, supersedes %q", t.seq, t.Status, t.DispatchID, t.Supersedes))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("what couriers were told of order %s (-want +got):\n%s", key, diff)
	}
}
