package router

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Holds is the ledger as an auditor looks at it.
type Holds interface {
	// Strays lists open parts older than an instant, and all verify marks.
	Strays(ctx context.Context, region string, before time.Time) ([]lanes.Stray, error)
	// Clear takes an order off that list, if it has no open part and its live
	// part is the decision at seq.
	Clear(ctx context.Context, region, order string, seq uint64) (bool, error)
	// Settled gives the sequence of each order's live part, 0 where there is none.
	Settled(ctx context.Context, region string, orders []string) ([]uint64, error)
	// Slots gives what is taken from every slot of the region.
	Slots(ctx context.Context, region string) (map[string]int64, error)
}

// Backlog is ORDERS as far as it has been answered for.
type Backlog interface {
	// Read calls fn for every message from the sequence from on, in order,
	// until one at or after through has been seen. They carry no receipt.
	Read(ctx context.Context, from, through uint64, fn func(event.Delivery) error) error
	// Answered is the sequence up to which every message has been acked or
	// terminated.
	Answered(ctx context.Context) (uint64, error)
}

// AuditorOptions are what an auditor is made of, beside its router.
type AuditorOptions struct {
	Inbox   Inbox // of the journal, on a durable that all auditors share
	Holds   Holds
	Backlog Backlog
	// Hand gives the router deliveries that come from no stream; nil: what is
	// found is only counted.
	Hand func(ctx context.Context, in []event.Delivery) error

	// StrayAfter is the age at which nobody can be working on an open part any
	// more (A2's T). Default: AckWait, and the time of a batch twice.
	StrayAfter time.Duration
	StrayEvery time.Duration // default 5 s
	SweepEvery time.Duration // default 5 min
	// RedriveFirst looks for orders without a decision as soon as the router is
	// ready, before it is time for a sweep.
	RedriveFirst bool
	Registerer   prometheus.Registerer
}

// Auditor repairs what crashes and losses leave behind: it makes Redis what
// the journal says (A1 to A3), has the router send elsewhere what exceeds a
// limit (A4), and brings back orders that were answered without a decision.
// Any number may run at once; every step is safe twice and late.
//
// Each rule is a method that makes one pass. They read the journal and leave
// the deciding to compare-and-set, so that a pass may end anywhere.
type Auditor struct {
	*Router
	opts    AuditorOptions
	metrics *auditMetrics

	// Owned by the sweep.
	floor   uint64 // no decision before it in the journal has claims that still matter
	checked uint64 // on ORDERS: every message up to here has its decision
}

// NewAuditor returns the auditor beside a router, which need not run.
func NewAuditor(r *Router, o AuditorOptions) *Auditor {
	if o.StrayAfter == 0 {
		o.StrayAfter = r.AckWait + 2*commitBudget
	}
	if o.StrayEvery == 0 {
		o.StrayEvery = 5 * time.Second
	}
	if o.SweepEvery == 0 {
		o.SweepEvery = 5 * time.Minute
	}
	return &Auditor{Router: r, opts: o, metrics: newAuditMetrics(o.Registerer)}
}

// Run audits until ctx is done. What fails is tried again with the next pass.
func (a *Auditor) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { a.follow(ctx); return nil })
	group.Go(func() error { a.every(ctx, a.opts.StrayEvery, a.strays); return nil })
	group.Go(func() error {
		if a.opts.RedriveFirst {
			a.redriveFirst(ctx)
		}
		a.every(ctx, a.opts.SweepEvery, a.sweep)
		return nil
	})
	return group.Wait()
}

// every makes a pass now and then, jittered so that auditors do not walk in
// step. While the router cannot reserve there is nothing to audit: lost
// regions are the routers' to rebuild.
func (a *Auditor) every(ctx context.Context, interval time.Duration, passOf func(context.Context) error) {
	for ctx.Err() == nil {
		pause(ctx, interval/2+rand.N(interval))
		if ready, _ := a.Ready(); !ready || ctx.Err() != nil {
			continue
		}
		if err := passOf(ctx); err != nil {
			a.failed(ctx, err)
		}
	}
}

func (a *Auditor) strays(ctx context.Context) error {
	_, err := a.Strays(ctx)
	return err
}

// sweep goes from the journal to Redis and back, then looks for what only the
// whole shows.
func (a *Auditor) sweep(ctx context.Context) error {
	if _, err := a.Compare(ctx); err != nil {
		return err
	}
	if _, err := a.Heal(ctx); err != nil {
		return err
	}
	_, err := a.Redrive(ctx)
	return err
}

func (a *Auditor) failed(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	a.metrics.failures.Inc()
	a.Log.Warn("audit interrupted", zap.Error(err))
}

// batch is a batch without works, for what decisions are written with.
func (a *Auditor) batch() *batch {
	return &batch{Router: a.Router, net: a.network.Load(), now: a.Clock()}
}

// internal is the receipt of a delivery that comes from no stream. Whoever
// found it finds it again.
type internal struct{}

func (internal) Ack() error                { return nil }
func (internal) Retry(time.Duration) error { return nil }
func (internal) Terminate(string) error    { return nil }
