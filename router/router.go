package router

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
)

// How much a router pulls, and how long it waits before it tries again.
const (
	BatchOrders = 256

	retryDelay   = 200 * time.Millisecond
	idleLook     = 5 * time.Second
	commitBudget = 20 * time.Second // for one batch, its wait for the one before and a graceful stop included
)

// Options are what a router is made of. All fields are required but
// Geocoder, Company and Log.
type Options struct {
	Name       string // lasting: the fence is kept under it (E5)
	DigestKey  []byte // HMAC key of order digests, the same on all routers
	Inbox      Inbox
	Journal    Journal
	History    History
	Ledger     Ledger
	Projection Projection
	Rejects    Rejects
	Archive    Archive
	Retries    Retries
	Company    Company          // nil: no other router runs
	Geocoder   Geocoder         // nil: addresses are known by their postcodes
	Clock      func() time.Time // the process's clock: plans, promises, expiries
	RealClock  func() time.Time // to compare with JetStream's timestamps
	NewToken   func() string    // makes a token that no other rebuild has
	AckWait    time.Duration    // of the ORDERS durable
	Retention  time.Duration    // how long ORDERS keeps an order
	Registerer prometheus.Registerer
	Log        *zap.Logger
}

// Router takes orders the whole way to a dispatch. Run it once; Swap may be
// called at any time from anywhere.
type Router struct {
	Options
	network atomic.Pointer[Network]
	metrics *metrics
	digests *event.Digester
	ready   atomic.Bool
	fault   atomic.Pointer[string] // why it is not ready
	outage  outage                 // owned by Run
	fence   atomic.Uint64          // its sequence, as it was read last (E5)
	looked  time.Time              // at E6, last; owned by Run

	stood     atomic.Pointer[map[string]uint64] // by region: its last epoch record when the fence was read (E6)
	estranged atomic.Bool                       // another router runs with another Redis or key, and was here first
	gate      gate

	firstOffers atomic.Int32 // how many options the first call of an order weighs
}

// New returns a router that plans with net.
func New(o Options, net *Network) *Router {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	r := &Router{Options: o, metrics: newMetrics(o.Registerer), digests: event.NewDigester(o.DigestKey)}
	r.network.Store(net)
	r.stood.Store(&map[string]uint64{})
	r.firstOffers.Store(1)
	r.unready("starting")
	return r
}

// Swap makes net the network of every batch that starts from now on.
func (r *Router) Swap(net *Network) { r.network.Store(net) }

// Network is the network of the next batch.
func (r *Router) Network() *Network { return r.network.Load() }

// Ready reports whether the router takes orders, and if not, why.
func (r *Router) Ready() (bool, string) {
	if r.ready.Load() {
		return true, ""
	}
	return false, *r.fault.Load()
}

func (r *Router) unready(why string) {
	r.fault.Store(&why)
	r.ready.Store(false)
}

// Run routes until ctx is done, then finishes the batches in hand and returns
// nil. It comes back by itself from everything that can come back.
func (r *Router) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		err := r.enter(ctx)
		if err == nil {
			r.entered()
			err = r.route(ctx)
		}
		if err != nil {
			r.stumble(ctx, err)
		}
	}
	r.unready("stopping")
	return nil
}

// enter brings the router to where it may reserve: every region of the network
// has an epoch in the memory at hand, and the fence was read before that was
// seen.
func (r *Router) enter(ctx context.Context) error {
	if _, err := r.readFence(ctx); err != nil { // stored before others list the fences
		return err
	}
	if err := r.rebuild(ctx, r.network.Load().Regions()); err != nil {
		return err
	}
	r.looked = r.RealClock()
	return r.stand(ctx)
}

// route works off batches until something needs enter again. A nil error
// means that ctx is done.
func (r *Router) route(ctx context.Context) error {
	hands, end := r.relay(ctx)
	defer end()
	for {
		b, err := hands.next(ctx)
		if ctx.Err() != nil {
			b.handBack()
			return nil
		}
		if err != nil {
			b.handBack()
			return err
		}
		for ; b != nil; b = r.again(ctx, b) {
			if err := hands.pass(ctx, b); err != nil {
				handBack(b.repeats)
				return err
			}
		}
	}
}

// again is the batch of what a batch left because it repeats its orders; nil:
// nothing, or ctx has ended.
func (r *Router) again(ctx context.Context, b *batch) *batch {
	if len(b.repeats) == 0 {
		return nil
	}
	if !r.gate.enter(ctx) {
		handBack(b.repeats)
		return nil
	}
	return r.begin(b.repeats)
}

// pause waits for a while, or until ctx is done.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// readFence asks the leader for the router's fence, and stores its first record
// if there is none yet (E5).
func (r *Router) readFence(ctx context.Context) (uint64, error) {
	subject := event.FenceSubject(r.Name)
	seq, err := r.Journal.Sequence(ctx, subject)
	if err != nil {
		return 0, fmt.Errorf("read fence: %w", err)
	}
	if seq > 0 {
		return seq, nil
	}
	first, err := r.mark(event.TypeFence, event.Mark{Of: r.Name})
	if err != nil {
		return 0, err
	}
	first.Expect = &event.Expect{Subject: subject}
	seqs, err := r.Journal.Commit(ctx, []event.Message{first})
	if err != nil {
		return 0, fmt.Errorf("store first fence: %w", err)
	}
	return seqs[0], nil
}
