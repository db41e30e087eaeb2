package router

import (
	"context"
	"time"

	"github.com/nearlane/nearlane/event"
)

// recall asks the leader for the last decision of every order that may have
// one (R1): those of cancellations and reports, redelivered orders, orders
// that ORDERS stored more than AckWait ago by real time, and those too old to
// be routed anew. All others start from basis 0 unread; compare-and-set tells
// if that was wrong.
func (b *batch) recall(ctx context.Context) {
	var ask []*work
	deadline := b.RealClock().Add(-b.AckWait)
	for _, w := range b.on(routing) {
		if !b.fresh(w, deadline) {
			ask = append(ask, w)
			w.forget() // what was foreseen
		}
	}
	b.learn(ctx, ask)
}

// fresh reports whether nobody is likely to have decided the order yet.
func (b *batch) fresh(w *work, deadline time.Time) bool {
	return w.order != nil && !w.in.Redelivered && !w.in.StoredAt.Before(deadline) && b.stale(w) == nil
}

// stale is the refusal of an order older than ORDERS keeps.
func (b *batch) stale(w *work) *event.Refusal {
	return event.StaleOrder(w.order, b.now, b.Retention)
}
