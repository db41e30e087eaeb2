package router

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/event"
)

// recall asks the leader for the last decision of every order that may have
// one (R1): redelivered messages, those that ORDERS stored more than AckWait
// ago by real time, and those too old to be routed anew. All others start
// from basis 0 unread; compare-and-set tells if that was wrong.
func (b *batch) recall(ctx context.Context) {
	var ask []*work
	deadline := b.RealClock().Add(-b.AckWait)
	for _, w := range b.on(routing) {
		if w.in.Redelivered || w.in.StoredAt.Before(deadline) || b.stale(w) != nil {
			ask = append(ask, w)
		}
	}
	b.learn(ctx, ask)
}

// learn reads the last decision of each work from the leader and does what R2
// says: a decided order is settled and acked, an undecided one goes on with
// what was read as its basis.
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
		w.asked, w.last = true, records[i]
		b.follow(w)
	}
}

func (b *batch) follow(w *work) {
	last := w.last.Decision
	switch {
	case last == nil:
		if refusal := b.stale(w); refusal != nil {
			w.refuse(refusal)
		}
	case last.Outcome == event.Void: // nothing stands: go on with it as the basis
	default:
		w.stage = decided
		w.decision = nil
		// A redelivery is the message the decision was made from, whatever
		// has become of the digest key since.
		if last.OrderSequence != w.in.Sequence && last.OrderDigest != w.digest {
			w.refusal = &event.Refusal{Code: event.CodeOrderChanged,
				Detail: "the order was decided with other content; a repeat does not change it"}
		}
		b.metrics.repeats.Inc()
	}
}

// stale is the refusal of an order older than ORDERS keeps.
func (b *batch) stale(w *work) *event.Refusal {
	return event.StaleOrder(w.order, b.now, b.Retention)
}
