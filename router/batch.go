package router

import (
	"context"
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
)

// A batch is what one pull brought, of orders, cancellations, reports or orders
// that are due, on its way to the journal.
type batch struct {
	*Router
	net     *Network  // loaded once: no order is decided by two configs
	now     time.Time // the now of every plan of the batch
	works   []*work
	repeats []event.Delivery // of orders that are in works already (J1)
	fault   error            // the first thing that kept an order from its end
}

// batch takes the deliveries the whole way. Each of them ends acked, rejected,
// or handed back for a redelivery; none is forgotten. A crash anywhere leaves
// the rest unacked: redelivery asks the leader what became of them (R2).
func (r *Router) batch(ctx context.Context, in []event.Delivery) *batch {
	started := r.RealClock()
	b := &batch{Router: r, net: r.network.Load(), now: r.Clock()}
	lap := r.metrics.stopwatch(started, r.RealClock)
	b.open(in)
	lap(stageDecode)
	b.recall(ctx)
	lap(stageRecall)
	b.locate(ctx)
	lap(stageLocate)
	for again, round := true, 0; again; round++ {
		b.plan()
		lap(stagePlan)
		b.reserve(ctx)
		lap(stageReserve)
		// A crash here leaves open holds: the redelivered order finds its own.
		b.schedule(ctx)
		lap(stageSchedule)
		again = b.commit(ctx, round)
		lap(stageCommit)
	}
	// A crash here leaves decisions that Redis does not know as live:
	// redelivery settles them (R2), and so does a rebuild (E3).
	b.settle(ctx)
	lap(stageSettle)
	b.answer(ctx)
	lap(stageAnswer)
	for _, w := range b.works {
		if w.plan != nil {
			w.plan.Release()
		}
	}
	r.metrics.batch(b, r.RealClock().Sub(started))
	return b
}

// on lists the works at any of the stages.
func (b *batch) on(stages ...stage) []*work {
	var at []*work
	for _, w := range b.works {
		if slices.Contains(stages, w.stage) {
			at = append(at, w)
		}
	}
	return at
}

// later leaves the works for a redelivery: what became of them is not known,
// so their holds stay and nothing is acked (R6).
func (b *batch) later(why error, works ...*work) {
	for _, w := range works {
		w.stage = later
	}
	if b.fault == nil && len(works) > 0 {
		b.fault = why
	}
}
