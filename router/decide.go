package router

import (
	"slices"

	"github.com/nearlane/nearlane/event"
)

// oneConsignment is the id of the only consignment of an unsplit order.
const oneConsignment = "1"

// decide writes down what the plan and the ledger made of an order.
func (b *batch) decide(w *work) *event.Decision {
	d := b.after(w, event.Unroutable)
	if last := w.last.Decision; last == nil || last.Outcome == event.Void {
		d.OrderSequence, d.OrderDigest = w.in.Sequence, w.digest
	}
	d.Attempt, d.Excluded = max(w.attempt, 1), w.excluded
	d.ServiceLevel = w.plan.Level()
	locatedAs(d, w.plan.Place)
	d.Candidates, d.ReasonCounts = telling(w.plan.Candidates(MaxCandidates))
	if w.body == nil {
		d.Reasons = append(w.because, w.plan.Reasons()...)
		b.waits(d, w.plan)
		return d
	}
	return dispatchedBy(d, w)
}

// telling counts the lanes of other service levels instead of listing them: they
// make up half of the list and explain nothing.
func telling(list []event.Candidate, counts map[string]int) ([]event.Candidate, map[string]int) {
	other := OtherLevel.String()
	kept := slices.DeleteFunc(list, func(c event.Candidate) bool { return c.Reason == other })
	if n := len(list) - len(kept); n > 0 {
		if counts == nil {
			counts = map[string]int{}
		}
		counts[other] += n
	}
	return kept, counts
}

// dispatchedBy builds a dispatched decision from the body that the ledger
// holds: it may stem from an earlier attempt under an earlier config.
func dispatchedBy(d *event.Decision, w *work) *event.Decision {
	body := w.body
	d.Outcome = event.Dispatched
	d.Reasons = append(w.because, body.Fallback...)
	d.Attempt, d.Excluded = body.Attempt, body.Excluded
	d.ServiceLevel, d.Region = body.ServiceLevel, body.Region
	d.ConfigRevision, d.DecidedAt = body.ConfigRevision, body.PlannedAt
	d.Claims, d.Epoch = body.Claims, w.epoch
	d.DispatchID = event.DispatchID(w.key, oneConsignment, d.Attempt)
	d.Consignments = []event.Consignment{{ConsignmentID: oneConsignment, DispatchID: d.DispatchID, Body: *body}}
	return d
}

// requested is the dispatch that goes with a dispatched decision. Address and
// recipient come from the order: nothing else may keep them.
func requested(w *work) *event.Dispatch {
	d, body := w.decision, w.body
	return &event.Dispatch{
		DispatchID:     d.DispatchID,
		OrderID:        d.OrderID,
		Channel:        d.Channel,
		ConsignmentID:  oneConsignment,
		Attempt:        d.Attempt,
		Status:         event.Requested,
		Site:           body.Site,
		CourierID:      body.CourierID,
		Lane:           body.Lane,
		Slot:           body.Slot,
		Pickup:         body.Pickup,
		Dropoff:        body.Dropoff,
		Locker:         body.Locker,
		Destination:    &w.order.ShipTo,
		Recipient:      w.order.Recipient,
		Packages:       body.Packages,
		PromiseDate:    body.PromiseDate,
		ConfigRevision: body.ConfigRevision,
		Trace:          d.Trace,
	}
}
