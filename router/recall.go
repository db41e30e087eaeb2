package router

import (
	"context"

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
		if w.order == nil || w.in.Redelivered || w.in.StoredAt.Before(deadline) || b.stale(w) != nil {
			ask = append(ask, w)
		}
	}
	b.learn(ctx, ask)
}

// stale is the refusal of an order older than ORDERS keeps.
func (b *batch) stale(w *work) *event.Refusal {
	return event.StaleOrder(w.order, b.now, b.Retention)
}
