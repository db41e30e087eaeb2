package pace

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// runner is a router or an engine, with connections of its own.
type runner struct {
	run   func(context.Context) error
	ready func() bool // nil: it is
	inbox *app.Inbox
	close func()
}

// tally knows when every message is answered.
type tally struct {
	want int64
	done atomic.Int64
	all  chan struct{}
}

func newTally(want int) *tally { return &tally{want: int64(want), all: make(chan struct{})} }

// metered is an inbox that counts answers.
type metered struct {
	router.Inbox
	*tally
}

func (m *metered) Pull(ctx context.Context) ([]event.Delivery, error) {
	in, err := m.Inbox.Pull(ctx)
	counted := make([]receipt, len(in))
	for i := range in {
		counted[i] = receipt{in[i].Receipt, m.answered}
		in[i].Receipt = &counted[i]
	}
	return in, err
}

func (t *tally) answered() {
	if t.done.Add(1) == t.want {
		close(t.all)
	}
}

// receipt tells when it is acked.
type receipt struct {
	event.Receipt
	acked func()
}

func (r *receipt) Ack() error {
	defer r.acked()
	return r.Receipt.Ack()
}

// turn is what one runner or several did with the orders of a world.
type turn struct {
	took                    time.Duration
	orders                  int
	allocs                  float64 // per order, of this process
	busy, natsBusy, redBusy time.Duration
	samples                 []int // of its profile, by stage
}

func (t turn) perSecond() float64 { return float64(t.orders) / t.took.Seconds() }

// route runs routers over the orders that are in ORDERS or are still coming.
// With a tape, what the first of them does is written on it.
func (w *world) route(n int, to *tape, coming func()) turn {
	w.Helper()
	counted := newTally(n)
	var all []*runner
	for i := range w.routers {
		all = append(all, w.router(fmt.Sprintf("r%d", i), counted, to))
	}
	return w.take(all, counted, coming)
}

// replay runs engines over the orders, with what is on the tape.
func (w *world) replay(n int, from *tape, coming func()) turn {
	w.Helper()
	counted := newTally(n)
	var all []*runner
	for i := range w.routers {
		all = append(all, w.engine(fmt.Sprintf("r%d", i), counted, from))
	}
	return w.take(all, counted, coming)
}

// router makes a router as `nearlane run` does.
func (w *world) router(name string, counted *tally, to *tape) *runner {
	w.Helper()
	conn, counts := w.dial(name), w.openLedger()
	journal, err := conn.Journal(context.Background())
	if err != nil {
		w.Fatalf("open journal: %v", err)
	}
	inbox := app.NewInbox(conn, durable, event.StreamOrders, event.StreamCourier, event.StreamRetry)
	o := router.Options{
		Name: name, DigestKey: []byte(digestKey), Inbox: &metered{Inbox: inbox, tally: counted},
		Archive: conn, Retries: conn.Retries(), Journal: journal, History: journal,
		Ledger: counts, Projection: counts, Rejects: conn.Rejects(), Clock: stoppedClock, RealClock: time.Now,
		NewToken: func() string { return ledger.NewToken(name) },
		AckWait:  conn.AckWait(), Retention: stream.KeepOrders, Registerer: prometheus.NewRegistry(),
	}
	if to != nil {
		to.listen(&o)
	}
	r := router.New(o, w.net)
	return &runner{run: r.Run, inbox: inbox, ready: func() bool { ready, _ := r.Ready(); return ready },
		close: func() { _ = conn.Close(context.Background()); _ = counts.Close() }}
}

// enter brings capacity and the fence of a name to where a router may reserve.
func (w *world) enter(name string) {
	w.Helper()
	r := w.router(name, newTally(1), nil)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.run(ctx) }()
	w.await(r)
	cancel()
	<-ended
	r.close()
}

func (w *world) await(r *runner) {
	w.Helper()
	eventually(w, "the router is ready", func(context.Context) error {
		if r.ready != nil && !r.ready() {
			return errors.New("not yet")
		}
		return nil
	})
}

// take lets the runners work off all orders. The time begins when they may
// fetch the first, which coming may still be about to send.
func (w *world) take(all []*runner, counted *tally, coming func()) turn {
	w.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	run := func(what func(context.Context) error) {
		running.Go(func() {
			if err := what(ctx); err != nil && ctx.Err() == nil {
				w.Errorf("run: %v", err)
			}
		})
	}
	for _, r := range all {
		run(r.run)
		w.await(r)
	}
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	inNATS, inRedis := w.busy()
	busy, start := ownBusy(), time.Now()
	for _, r := range all {
		run(r.inbox.Run)
	}
	if coming != nil {
		coming()
	}
	select {
	case <-counted.all:
	case <-time.After(patience):
		w.Fatalf("%d of %d orders worked off within %v", counted.done.Load(), counted.want, patience)
	}
	out := turn{took: time.Since(start), orders: int(counted.want), busy: ownBusy() - busy}
	runtime.ReadMemStats(&after)
	out.natsBusy, out.redBusy = w.busy()
	out.natsBusy, out.redBusy = out.natsBusy-inNATS, out.redBusy-inRedis
	out.allocs = float64(after.Mallocs-before.Mallocs) / float64(counted.want)
	cancel()
	running.Wait()
	for _, r := range all {
		r.close()
	}
	return out
}
