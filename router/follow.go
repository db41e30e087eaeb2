package router

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/event"
)

// learn reads the last decision of each work's order from the leader, and does
// what it says.
func (b *batch) learn(ctx context.Context, works []*work) {
	if len(works) == 0 {
		return
	}
	keys := make([]event.Key, len(works))
	for i, w := range works {
		keys[i] = w.key
	}
	records, err := b.Journal.LastMany(ctx, keys)
	if err != nil {
		b.later(fmt.Errorf("read last decisions: %w", err), works...)
		return
	}
	for i, w := range works {
		w.last = records[i]
		b.follow(w)
		if w.stage == routing && w.order == nil {
			b.fetch(ctx, w)
		}
	}
}

// follow decides what to do with a message, given its order's last decision
// (R2): nothing, since it is decided; a decision that needs no plan; or a
// plan, with that decision as the basis.
func (b *batch) follow(w *work) {
	w.stage, w.decision, w.closing, w.because, w.retry, w.onward = routing, nil, nil, nil, nil, false
	switch {
	case w.report != nil:
		b.followReport(w)
	case w.due != nil:
		b.followDue(w)
	case w.heal != "":
		b.followHeal(w)
	case w.cancellation != nil:
		b.followCancellation(w)
	default:
		b.followOrder(w)
	}
}

func (b *batch) followOrder(w *work) {
	last := w.last.Decision
	switch {
	case last == nil:
		if refusal := b.stale(w); refusal != nil {
			w.refuse(refusal)
		}
	case last.Outcome == event.Void: // nothing stands: go on with it as the basis
		w.attempt = last.Attempt
	default:
		w.stage = decided
		if last.Outcome == event.Waiting && last.RetryAt != nil {
			w.retry = b.retryAt(w, *last.RetryAt) // the one before may have been lost (R2)
		}
		// A redelivery is the message the decision was made from, whatever
		// has become of the digest key since. A cancellation that overtook
		// its order was decided without seeing it.
		if last.OrderSequence != w.in.Sequence && last.OrderDigest != "" && last.OrderDigest != w.digest {
			w.refusal = &event.Refusal{Code: event.CodeOrderChanged,
				Detail: "the order was decided with other content; a repeat does not change it"}
		}
		b.metrics.repeats.Inc()
	}
}

// followCancellation cancels whatever stands, also before the order itself has
// arrived (R4). A cancelled order stays cancelled.
func (b *batch) followCancellation(w *work) {
	switch last := w.last.Decision; {
	case last != nil && last.Outcome == event.Completed:
		w.refuse(&event.Refusal{Code: event.CodeTooLateToCancel, Detail: "the order is completed: " + firstReason(last)})
	case last != nil && last.Outcome == event.Cancelled:
		w.stage = decided
	default:
		w.close(b.cancelled(w))
	}
}

// followReport heeds a report only if it is about the dispatch in force (R3).
// Anything else came too late and is acked.
func (b *batch) followReport(w *work) {
	last, r := w.last.Decision, w.report
	switch {
	case last == nil:
		w.refuse(&event.Refusal{Code: event.CodeUnknownOrder, Pointer: "/orderId", Detail: "there is no decision on this order"})
	case last.DispatchID == "" || last.DispatchID != r.DispatchID:
		b.staleReport(w)
	case last.Consignments[0].CourierID != r.Courier:
		w.refuse(&event.Refusal{Code: event.CodeWrongCourier, Detail: "the dispatch is another courier's"})
	case r.Implausible(&last.Consignments[0].Body) != nil:
		w.refuse(r.Implausible(&last.Consignments[0].Body))
	case last.Outcome == event.Completed && r.Status == event.Returned && firstReason(last) == string(event.Expired):
		w.close(b.completed(w)) // what nobody collected came back
	case last.Outcome != event.Dispatched:
		b.staleReport(w)
	default:
		b.heedReport(w, last)
	}
}

func (b *batch) heedReport(w *work, last *event.Decision) {
	inLocker := last.Consignments[0].Locker != nil
	switch status := w.report.Status; {
	case status == event.Accepted && last.AcceptedAt == nil:
		w.close(b.accepted(w))
	case status == event.Rejected || status == event.Failed:
		b.reroute(w, last, "courier_"+string(status), w.report.ReasonCode())
	case status == event.Collected, status == event.Expired, status == event.Returned,
		status == event.Delivered && !inLocker:
		w.close(b.completed(w))
	default: // picked up, deposited, delivered into a locker: no claim changes
		w.stage = decided
	}
	b.metrics.reports.WithLabelValues(string(w.report.Status), "heeded").Inc()
}

func (b *batch) staleReport(w *work) {
	w.stage = decided
	b.metrics.reports.WithLabelValues(string(w.report.Status), "stale").Inc()
}

// close gives the work its decision without a plan.
func (w *work) close(d *event.Decision) { w.stage, w.closing = closing, d }

func firstReason(d *event.Decision) string {
	if len(d.Reasons) == 0 {
		return ""
	}
	return d.Reasons[0]
}
