package router

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// How a router pulls, and how long it waits before it tries again.
const (
	BatchOrders = 256
	BatchWait   = 2 * time.Millisecond

	retryDelay   = 200 * time.Millisecond
	commitBudget = 20 * time.Second // for one batch, a graceful stop included
)

// Inbox hands out the messages of ORDERS and COURIER. Every router of a
// deployment reads the same durables, so each message reaches one of them at a
// time.
type Inbox interface {
	// Pull blocks until there is a message or ctx is done, then collects up to
	// BatchOrders messages for up to BatchWait.
	Pull(ctx context.Context) ([]event.Delivery, error)
}

// Journal is the stream of decisions, as its leader sees it.
type Journal interface {
	// LastMany reads the last decision of each order; a zero Record: none.
	LastMany(ctx context.Context, keys []event.Key) ([]event.Record, error)
	// Commit stores all messages or none and returns their sequences. It fails
	// with event.ErrMoved, ErrFull or ErrUnknown.
	Commit(ctx context.Context, batch []event.Message) ([]uint64, error)
	// Sequence is the sequence of the last message on a literal subject, or 0.
	Sequence(ctx context.Context, subject string) (uint64, error)
}

// Ledger is the capacity in Redis. Both calls are safe to make twice, late,
// and by several routers at once.
type Ledger interface {
	Reserve(ctx context.Context, asks []lanes.Ask) []lanes.Answer
	Settle(ctx context.Context, settlements []lanes.Settlement) []error
}

// Rejects keeps what was refused, bytes unchanged. It returns once all of it
// is stored.
type Rejects interface {
	Reject(ctx context.Context, refused []event.Rejection) error
}

// Options are what a router is made of. All fields are required but Log.
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
	ready   atomic.Bool
	fault   atomic.Pointer[string] // why it is not ready
	fence   uint64                 // owned by Run: the fence sequence known before the reserves of a batch (E5)
}

// New returns a router that plans with net.
func New(o Options, net *Network) *Router {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	r := &Router{Options: o, metrics: newMetrics(o.Registerer)}
	r.network.Store(net)
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

// Run routes until ctx is done, then finishes the batch in hand and returns
// nil. It comes back by itself from everything that can come back.
func (r *Router) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := r.enter(ctx); err != nil {
			r.stumble(ctx, "enter", err)
			continue
		}
		r.ready.Store(true)
		if err := r.route(ctx); err != nil {
			r.stumble(ctx, "route", err)
		}
	}
	r.unready("stopping")
	return nil
}

// enter brings the router to where it may reserve: its fence is known and
// every region of the network has an epoch.
func (r *Router) enter(ctx context.Context) error {
	if err := r.readFence(ctx); err != nil {
		return err
	}
	return r.rebuild(ctx, r.network.Load().RegionIDs())
}

// route works off batches until something needs enter again. A nil error
// means that ctx is done.
func (r *Router) route(ctx context.Context) error {
	for {
		in, err := r.Inbox.Pull(ctx)
		if ctx.Err() != nil {
			handBack(in)
			return nil
		}
		if err != nil {
			return err
		}
		for len(in) > 0 {
			// A stop must not tear a batch: what is begun is finished, in bounded time.
			work, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitBudget)
			b := r.batch(work, in)
			cancel()
			if b.fault != nil {
				handBack(b.repeats)
				return b.fault
			}
			in = b.repeats
		}
	}
}

// stumble says once what is wrong and waits a moment.
func (r *Router) stumble(ctx context.Context, doing string, err error) {
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return
	}
	r.unready(err.Error())
	r.metrics.stumbles.Inc()
	r.Log.Warn("routing paused", zap.String("doing", doing), zap.Error(err))
	pause(ctx, retryDelay)
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

// readFence learns the router's fence from the leader, and stores its first
// record if there is none yet (E5).
func (r *Router) readFence(ctx context.Context) error {
	subject := event.FenceSubject(r.Name)
	seq, err := r.Journal.Sequence(ctx, subject)
	if err != nil {
		return fmt.Errorf("read fence: %w", err)
	}
	if seq == 0 {
		first, err := r.mark(event.TypeFence, r.Name)
		if err != nil {
			return err
		}
		first.Expect = &event.Expect{Subject: subject}
		seqs, err := r.Journal.Commit(ctx, []event.Message{first})
		if err != nil {
			return fmt.Errorf("store first fence: %w", err)
		}
		seq = seqs[0]
	}
	r.fence = seq
	return nil
}

func handBack(in []event.Delivery) {
	for _, d := range in {
		_ = d.Receipt.Retry(0) // lost: AckWait brings it back
	}
}
