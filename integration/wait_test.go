package integration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// oneToWaitFor is onePlace for orders that wait.
var oneToWaitFor = strings.Replace(onePlace, "whenFull: reject", "whenFull: wait", 1)

// following tells how far a waker has come.
type following struct {
	*stream.Standings
	once sync.Once
	on   chan struct{} // closed when it begins
	done atomic.Uint64 // the last decision whose wakes are sent
}

func (f *following) Standing(ctx context.Context, visit stream.Visit) error {
	f.once.Do(func() { close(f.on) })
	return f.Standings.Standing(ctx, func(seq uint64, subject string, data []byte) error {
		err := visit(seq, subject, data)
		f.done.Store(seq)
		return err
	})
}

// wake starts a waker and waits until it follows the journal.
func (w *world) wake() {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	f := &following{Standings: w.connect("waker").Standings(), on: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = router.NewWaker(f, w.ledger, zap.NewNop(), nil).Run(ctx)
	}()
	w.Cleanup(func() { cancel(); <-done })
	w.await("the waker follows", f.on)
	w.waker = f
}

// becomes waits until an order's last decision has the outcome.
func (w *world) becomes(o *event.Order, outcome event.Outcome) {
	w.Helper()
	w.eventually(fmt.Sprintf("order %s is %s", o.OrderID, outcome), func() error {
		if d := w.lastOf(o.Key()); d.Outcome != outcome {
			return fmt.Errorf("it is %s", d.Outcome)
		}
		return nil
	})
}

// A freed place goes to the one who has waited longest; the others store
// nothing for being woken in vain.
func TestWaitingIsWokenByWhatIsFreed(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d nats", replicas), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: oneToWaitFor, replicas: replicas})
			w.start("router")
			w.wake()
			holder, first, second := order("holder"), order("first"), order("second")
			w.route(holder)
			w.route(first)
			w.route(second)
			if d := w.lastOf(first.Key()); d.Outcome != event.Waiting || len(d.WaitsFor) == 0 || d.RetryAt == nil {
				t.Fatalf("got %s waiting for %v until %v, want it to wait", d.Outcome, d.WaitsFor, d.RetryAt)
			}
			w.cancel(holder)
			w.becomes(first, event.Dispatched)
			w.quiet()
			a := w.check()
			a.wantEnd(t, first.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 2})
			a.wantEnd(t, second.Key(), ending{outcome: event.Waiting, attempt: 1, decisions: 1})
			a.wantUnits(t, "", map[string]string{"lane/kallio/bike:2026-08-04T10:00:parcels": "1 of 1"})
		})
	}
}

// quiet waits until the waker has woken all there is to wake, and no due order
// is unanswered.
func (w *world) quiet() {
	w.Helper()
	w.eventually("every due order is answered", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), onceAsked)
		defer cancel()
		last, err := w.lastDecision(ctx)
		if err != nil {
			return err
		}
		if w.waker != nil && w.waker.done.Load() < last {
			return fmt.Errorf("the waker has come to %d of %d", w.waker.done.Load(), last)
		}
		cons, err := w.js.Consumer(ctx, event.StreamRetry, durable)
		if err != nil {
			return err
		}
		if info := cons.CachedInfo(); info.NumPending > 0 || info.NumAckPending > 0 {
			return fmt.Errorf("%d pending, %d unanswered", info.NumPending, info.NumAckPending)
		}
		again, err := w.lastDecision(ctx)
		if err == nil && again > last {
			err = fmt.Errorf("decision %d was stored meanwhile", again)
		}
		return err
	})
}

func (w *world) lastDecision(ctx context.Context) (uint64, error) {
	s, err := w.js.Stream(ctx, event.StreamDispatch)
	if err != nil {
		return 0, err
	}
	msg, err := s.GetLastMsgForSubject(ctx, event.AllDecisions)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return msg.Sequence, nil
}

// A waiting order can be cancelled, repeated and redelivered like any other.
func TestWaitingIsAnOrderLikeAnyOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: oneToWaitFor})
	w.start("router")
	w.wake()
	holder, gone, left := order("holder"), order("gone"), order("left")
	w.route(holder)
	w.route(gone, left)
	w.send(again(gone, 1))
	w.drained(durable)
	w.cancel(gone)
	w.cancel(holder)
	w.becomes(left, event.Dispatched)
	w.quiet()
	a := w.check()
	a.wantEnd(t, gone.Key(), ending{outcome: event.Cancelled, attempt: 1, decisions: 2})
	a.wantEnd(t, left.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 2})
}

// Only what failed on capacity alone waits.
func TestNothingElseWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: oneToWaitFor})
	w.start("router")
	heavy, unknown := order("unknown", sku("lamp-1")), order("level", level("none"))
	w.route(heavy, unknown)
	a := w.check()
	a.wantEnd(t, heavy.Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
	a.wantEnd(t, unknown.Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
}

// A courier that does not answer in time is not waited for; one that accepts
// is left alone.
func TestAcceptWithin(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: strings.Replace(threeLanes(100), "pyora: {}", "pyora: {acceptWithin: 1s}", 1)})
	held := &heldRetries{}
	w.start("router", held.wrap)
	silent, accepted := order("silent"), order("accepted")
	w.route(accepted)
	w.report(accepted, event.Accepted)
	w.route(silent)
	held.release(w)
	w.eventually("the silent courier is passed over", func() error {
		if d := w.lastOf(silent.Key()); d.Attempt < 2 {
			return fmt.Errorf("attempt %d", d.Attempt)
		}
		return nil
	})
	w.quiet()
	a := w.check()
	a.wantEnd(t, silent.Key(), ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 2, decisions: 2, reasons: []string{router.NoAnswer}})
	a.wantTold(t, silent.Key(), "requested pyora", "withdrawn pyora", "requested kuorma")
	a.wantEnd(t, accepted.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 2})
}

// Who waits is told when there is nothing left to wait for: right after the
// last departure that would have done has closed.
func TestWaitingEndsWithTheLastDeparture(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: oneToWaitFor})
	var clock atomic.Int64
	clock.Store(time.Date(2026, 8, 4, 6, 59, 58, 0, time.UTC).Unix()) // the block leaves at 10:00 there
	held := &heldRetries{}
	w.start("router", held.wrap, func(o *router.Options) {
		o.Clock = func() time.Time { return time.Unix(clock.Load(), 0).UTC() }
	})
	holder, late := order("holder"), order("late")
	w.route(holder)
	w.route(late)
	if d := w.lastOf(late.Key()); d.Outcome != event.Waiting {
		t.Fatalf("got %s for %q, want it to wait", d.Outcome, d.Reasons)
	}
	clock.Add(3)
	held.release(w)
	w.becomes(late, event.Unroutable)
	w.quiet()
	w.check().wantEnd(t, late.Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 2, reasons: []string{"too_late"}})
}
