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
	in      []event.Delivery
	works   []*work
	keys    map[event.Key]bool // of the works that could be read
	repeats []event.Delivery   // of orders that are in works already (J1)
	offers  int                // options in the first call of an order
	fence   uint64             // its sequence, known before anything was reserved (E5)
	before  *batch             // still with the journal; nil: none, or none any more
	turn    chan struct{}      // closed when it is this batch's turn at the journal
	done    chan struct{}      // closed when nothing is left to do
	fault   error              // the first thing that kept an order from its end
}

// begin makes a batch, for which the gate has been entered: finish and handBack
// leave it again. It does all that needs no server: it decodes the deliveries,
// and plans the orders among them that nobody is likely to have decided.
func (r *Router) begin(in []event.Delivery) *batch {
	b := &batch{Router: r, net: r.network.Load(), now: r.Clock(), in: in, offers: int(r.firstOffers.Load()),
		turn: make(chan struct{}), done: make(chan struct{})}
	lap := r.metrics.stopwatch(r.RealClock(), r.RealClock)
	b.open(in)
	lap(stageDecode)
	b.foresee()
	lap(stagePlan)
	return b
}

// finish takes the deliveries the rest of the way. Each of them ends acked,
// rejected, or handed back for a redelivery; none is forgotten. A crash
// anywhere leaves the rest unacked: redelivery asks the leader what became of
// them (R2). While this batch waits for its turn, the one before it may be with
// the journal.
func (b *batch) finish(ctx context.Context) {
	defer b.gate.leave()
	defer close(b.done)
	started := b.RealClock()
	b.apart()
	b.fence = b.Router.fence.Load()
	lap := b.metrics.stopwatch(b.RealClock(), b.RealClock)
	b.recall(ctx)
	lap(stageRecall)
	b.locate(ctx)
	lap(stageLocate)
	for again, round := true, 0; again; round++ {
		b.plan(round)
		lap(stagePlan)
		b.reserve(ctx)
		lap(stageReserve)
		// A crash here leaves open holds: the redelivered order finds its own.
		b.schedule(ctx)
		lap(stageSchedule)
		b.write()
		lap(stageWrite)
		if round == 0 {
			b.takeTurn()
			lap(stageTurn)
		}
		again = b.commit(ctx, round)
		lap(stageCommit)
	}
	// A crash here leaves decisions that Redis does not know as live:
	// redelivery settles them (R2), and so does a rebuild (E3).
	b.settle(ctx)
	lap(stageSettle)
	b.answer(ctx)
	lap(stageAnswer)
	b.release()
	b.metrics.batch(b, b.RealClock().Sub(started))
}

// release gives the memory of plans to the next batch.
func (b *batch) release() {
	for _, w := range b.works {
		w.forget()
	}
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
