package router

import (
	"context"
	"fmt"
	"time"

	"github.com/nearlane/nearlane/event"
)

// Retries keeps the schedules of orders that come back. The server keeps time:
// an order that waits costs nothing until its time has come.
type Retries interface {
	// Schedule has each Due delivered at its time of real time, at least once.
	// An order has one schedule; the last one stands.
	Schedule(ctx context.Context, retries []event.Retry) error
}

// waitAtMost is how long an order waits for a wake before it looks by itself:
// wakes may be lost, and a config may have raised a limit.
const waitAtMost = time.Hour

// NoAnswer is the reason of an order that is routed anew because its courier
// did not accept in time.
const NoAnswer = "no_answer"

// followDue goes on with an order whose time has come: one that waits is
// planned again, one whose courier did not answer is routed anew (R8). Any
// other has moved on.
func (b *batch) followDue(w *work) {
	last := w.last.Decision
	switch {
	case last == nil:
		w.stage = decided // scheduled and never stored: its order is redelivered
	case last.Outcome == event.Waiting:
		w.attempt, w.excluded, w.order = last.Attempt, last.Excluded, nil
	case last.Outcome == event.Dispatched && last.DispatchID == w.due.DispatchID && last.AcceptedAt == nil:
		b.reroute(w, last, NoAnswer)
	default:
		w.stage = decided
	}
}

// schedule has every order that will have to come back scheduled, before
// anything is stored (R7): a schedule without a decision is acked when due, a
// decision without a schedule would wait for ever. An order that was due and
// still finds no room stores nothing.
func (b *batch) schedule(ctx context.Context) {
	var retries []event.Retry
	var works []*work
	each(len(b.works), func(i int) {
		if b.works[i].stage == routing {
			b.conclude(b.works[i])
		}
	})
	for _, w := range b.works {
		if w.retry != nil && (w.stage == routing || w.stage == decided) {
			retries, works = append(retries, *w.retry), append(works, w)
		}
	}
	if len(retries) == 0 {
		return
	}
	if err := b.Retries.Schedule(ctx, retries); err != nil {
		b.later(fmt.Errorf("schedule retries: %w", err), works...)
		return
	}
	for _, w := range works {
		if w.waitsOn() {
			w.stage, w.decision = decided, nil
		}
	}
}

// waitsOn reports whether an order that was due is still where it was.
func (w *work) waitsOn() bool {
	last := w.last.Decision
	return w.due != nil && last != nil && last.Outcome == event.Waiting &&
		w.decision != nil && w.decision.Outcome == event.Waiting
}

// conclude writes the work's decision and what has to be scheduled with it.
func (b *batch) conclude(w *work) {
	w.retry = nil
	w.decision = b.decide(w)
	switch w.decision.Outcome {
	case event.Waiting:
		w.retry = b.retryAt(w, *w.decision.RetryAt)
	case event.Dispatched:
		if c := b.net.couriers[w.body.CourierID]; c != nil && c.acceptWithin > 0 {
			w.retry = b.retryAt(w, b.now.Add(c.acceptWithin))
			w.retry.Due.DispatchID = w.decision.DispatchID
		}
	}
}

// retryAt is the order's Due at an instant of the process's clock, given in
// real time, which is what the server keeps.
func (b *batch) retryAt(w *work, at time.Time) *event.Retry {
	return &event.Retry{Due: event.Due{Channel: w.key.Channel, OrderID: w.key.Order}, At: b.RealClock().Add(at.Sub(b.Clock()))}
}

// waits turns the decision on an order that found everything full into one
// that waits, if its level says so and there is still a departure to wait for.
func (b *batch) waits(d *event.Decision, p *Plan) {
	slots, until := p.Waits()
	if len(slots) == 0 || !until.After(b.now) {
		return
	}
	at := RetryAt(until, b.now)
	d.Outcome, d.RetryAt, d.WaitsFor = event.Waiting, &at, slots
}

// RetryAt is when an order that waits looks by itself: soon, and right after
// there is nothing left to wait for.
func RetryAt(until, now time.Time) time.Time {
	return earlier(until.Add(time.Second), now.Add(waitAtMost))
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
