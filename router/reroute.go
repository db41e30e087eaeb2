package router

import (
	"context"
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/event"
)

// Archive is ORDERS as the place where the bytes of a decided order are found.
// Decisions hold no address, so re-routing reads it there.
type Archive interface {
	// Order reads the message at a sequence of ORDERS; not found: it is gone.
	Order(ctx context.Context, sequence uint64) (subject string, data []byte, found bool, err error)
}

// OrderExpired is the reason of an order whose re-routing came when ORDERS had
// forgotten it.
const OrderExpired = "order_expired"

// reroute plans the order anew without the lane that did not serve it. Every
// attempt excludes one more, so this ends.
func (b *batch) reroute(w *work, last *event.Decision, because ...string) {
	sent := &last.Consignments[0]
	w.attempt = last.Attempt + 1
	w.excluded = append(slices.Clone(last.Excluded), sent.Site.SiteID+"/"+sent.Lane)
	w.because = because
	w.order = nil // read again with every round: the last decision names its place
}

// fetch reads the order of a work that is to be planned from ORDERS.
func (b *batch) fetch(ctx context.Context, w *work) {
	subject, data, found, err := b.Archive.Order(ctx, w.last.Decision.OrderSequence)
	if err != nil {
		b.later(fmt.Errorf("read order %s: %w", w.key, err), w)
		return
	}
	if found {
		order, refusal := event.DecodeOrder(subject, data, b.now)
		if refusal == nil && order.Key() == w.key {
			w.order, w.digest = order, w.last.Decision.OrderDigest
			return
		}
	}
	d := b.after(w, event.Unroutable)
	d.Reasons, d.Attempt, d.Excluded = append(w.because, OrderExpired), w.attempt, w.excluded
	w.close(d)
}
