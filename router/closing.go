package router

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// after begins the decision that follows the work's last one: it knows the
// order as that one did, and frees its claims.
func (b *batch) after(w *work, outcome event.Outcome) *event.Decision {
	d := &event.Decision{
		DecisionID:     event.DecisionID(w.key, w.basis()),
		Outcome:        outcome,
		Basis:          w.basis(),
		OrderID:        w.key.Order,
		Channel:        w.key.Channel,
		ConfigRevision: b.net.Revision,
		DecidedBy:      b.Name,
		DecidedAt:      b.now,
		Trace:          w.trace,
	}
	if last := w.last.Decision; last != nil {
		d.Attempt, d.Voids, d.Excluded = last.Attempt, last.Voids, last.Excluded
		d.OrderSequence, d.OrderDigest = last.OrderSequence, last.OrderDigest
		d.Cell, d.Precision, d.LocatedBy, d.ServiceLevel = last.Cell, last.Precision, last.LocatedBy, last.ServiceLevel
		d.Frees = frees(w.last)
		if last.Trace.Parent != "" { // one order, one trace, whoever moves it on
			d.Trace = last.Trace
		}
	}
	return d
}

// frees names a decision whose claims its successor replaces (J2).
func frees(last event.Record) *event.Frees {
	if last.Decision == nil || len(last.Decision.Claims) == 0 {
		return nil
	}
	return &event.Frees{Region: last.Decision.Region, Seq: last.Sequence}
}

// cancelled frees everything (R4).
func (b *batch) cancelled(w *work) *event.Decision {
	d := b.after(w, event.Cancelled)
	d.Reasons = []string{w.cancellation.ReasonCode()}
	return d
}

// renewed keeps the dispatch in force, so no event goes with it (J3).
func (b *batch) renewed(w *work, outcome event.Outcome) *event.Decision {
	d, last := b.after(w, outcome), w.last.Decision
	d.Reasons, d.Region, d.Epoch, d.Claims = last.Reasons, last.Region, last.Epoch, last.Claims
	d.DispatchID, d.Consignments, d.AcceptedAt = last.DispatchID, last.Consignments, last.AcceptedAt
	d.RetryAt, d.WaitsFor = last.RetryAt, last.WaitsFor
	return d
}

// voided moves the order's basis on without changing what stands, so that a
// hold that outlived its departure is freed by the settle: a void over nothing
// or over a void, a renewal over anything else (J4, A2). The message is handed
// back, and its order planned anew on the new basis.
func (b *batch) voided(w *work) *event.Decision {
	last := w.last.Decision
	w.onward = true
	if last != nil && last.Outcome != event.Void {
		return b.renewed(w, last.Outcome)
	}
	d := b.after(w, event.Void)
	if last == nil {
		d.OrderSequence, d.OrderDigest = w.in.Sequence, w.digest
	}
	d.Attempt, d.Voids = max(w.attempt, 1), d.Voids+1
	return d
}

// accepted notes when the courier took the dispatch on (R8).
func (b *batch) accepted(w *work) *event.Decision {
	d := b.renewed(w, event.Dispatched)
	at := w.report.Within(&d.Consignments[0].Body, b.now)
	d.AcceptedAt = &at
	return d
}

// completed ends the order's life (J4). What the courier carried and the site
// made is used up; a locker that was emptied is free from the next day on.
func (b *batch) completed(w *work) *event.Decision {
	d := b.renewed(w, event.Completed)
	d.Reasons = []string{string(w.report.Status)}
	if sent := &d.Consignments[0].Body; sent.Locker != nil {
		d.Claims = b.stillClaimed(d.Claims, d.Region, w.report.Within(sent, b.now))
	}
	return d
}

// stillClaimed leaves out the locker days that begin after at.
func (b *batch) stillClaimed(claims []event.Claim, region string, at time.Time) []event.Claim {
	zone := time.UTC
	if r := b.net.region(region); r != nil {
		zone = r.cal.Zone
	}
	today := lanes.DateOf(at.Unix(), zone)
	var left []event.Claim
	for _, c := range claims {
		slot, err := lanes.ParseSlot(c.Slot)
		if err == nil && slot.Kind == lanes.KindLocker && slot.Date > today {
			continue
		}
		left = append(left, c)
	}
	return left
}

// withdrawn is the dispatch that a decision takes back (J3), if it does: the
// last one was live, and this one names another or none.
func withdrawn(last, d *event.Decision) *event.Dispatch {
	if last == nil || last.DispatchID == "" || last.DispatchID == d.DispatchID || last.Outcome != event.Dispatched {
		return nil
	}
	c := &last.Consignments[0]
	return &event.Dispatch{
		DispatchID:     last.DispatchID,
		OrderID:        last.OrderID,
		Channel:        last.Channel,
		ConsignmentID:  c.ConsignmentID,
		Attempt:        last.Attempt,
		Status:         event.Withdrawn,
		Site:           c.Site,
		CourierID:      c.CourierID,
		Lane:           c.Lane,
		Slot:           c.Slot,
		Pickup:         c.Pickup,
		Dropoff:        c.Dropoff,
		Locker:         c.Locker,
		Packages:       c.Packages,
		PromiseDate:    c.PromiseDate,
		ConfigRevision: c.ConfigRevision,
		Trace:          d.Trace,
	}
}
