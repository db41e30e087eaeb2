package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

const (
	// patience is how long, in real time, the demo waits for something that
	// should take milliseconds.
	patience = 30 * time.Second
	// lag is how far the day may get ahead of the oldest order without an
	// outcome: no order is decided much later than it was placed.
	lag = 15 * time.Minute
	// pollEvery is for what cannot be waited for.
	pollEvery = 5 * time.Millisecond
)

// day is one demo on its way. One goroutine does all of it.
type day struct {
	Options
	home    *home
	clock   *clock
	app     *app.App
	screen  *screen
	books   *books
	journal *router.Refold // as it grows
	report  *Report

	plan      []*Emission
	next      int // into plan
	shown     int // accounts before it have their outcomes, and are shown
	publisher *stream.Publisher
	flying    []*account      // published, outcome of the publish unknown; oldest first
	started   time.Time       // real time
	began     time.Time       // what due times count from: started, and the reader's breaths
	progress  time.Time       // when something happened last
	hour      time.Time       // the last full hour that was shown
	refusal   error           // why a publish was refused
	full      map[string]bool // slots that were shown full
	stopped   bool            // by Ctrl-C
}

func newDay(o Options, h *home) *day {
	if o.Start.IsZero() {
		o.Start = h.start(time.Now())
	}
	o.Start = o.Start.In(h.region().Zone)
	d := &day{Options: o, home: h, clock: newClock(o.Start), screen: newScreen(o.Out, o.Style),
		books: newBooks(), journal: router.NewRefold(), plan: Generate(o.Seed, o.Orders, o.Start)}
	d.hour, d.full = o.Start.Truncate(time.Hour), map[string]bool{}
	return d
}

// awaitRouter waits until the router has refolded its journal.
func (d *day) awaitRouter(ctx context.Context) error {
	return poll(ctx, func() (bool, error) {
		ready, _ := d.app.Router.Ready()
		return ready, nil
	})
}

// pass publishes the day's orders and shows what becomes of them, until each
// has its outcome. After stop has ended, it publishes no more.
func (d *day) pass(stop, work context.Context, conn *stream.Conn) error {
	readers := follow(work, conn)
	d.publisher = conn.Publisher(d.published)
	d.started = time.Now()
	d.began, d.progress = d.started, d.started
	stopped, wake := stop.Done(), time.NewTimer(0)
	defer wake.Stop()
	for {
		if stop.Err() != nil {
			d.stopped, d.plan = d.stopped || d.next < len(d.plan), d.plan[:d.next]
		}
		over, pause, err := d.publishDue(work)
		if err != nil || over {
			return firstError(err, readers.stop())
		}
		wake.Reset(pause)
		select {
		case m := <-readers.messages:
			err = d.take(m)
		case <-wake.C:
		case <-stopped:
			stopped = nil
		case <-readers.failed:
			return firstError(readers.stop(), work.Err())
		}
		d.show()
		if err = firstError(err, d.screen.err); err != nil {
			return firstError(err, readers.stop())
		}
	}
}

// take enters what the router stored into the books.
func (d *day) take(m message) error {
	d.progress = m.seen
	if m.stream == event.StreamRejected {
		_, code, err := rejectedFor(m.subject)
		if err != nil {
			return err
		}
		if a := d.books.refused(m.data, code); a != nil {
			a.took = m.seen.Sub(a.published)
		}
		return nil
	}
	if err := d.journal.Add(m.seq, m.subject, m.data); err != nil {
		return err
	}
	if !strings.HasPrefix(m.subject, "decision.") {
		return nil
	}
	decision, err := event.DecodeDecision(m.data)
	if err != nil {
		return err
	}
	if a := d.books.decided(decision); a != nil {
		a.took = m.seen.Sub(a.published)
	}
	return nil
}

// show shows what became of the orders, in the order of publishing.
func (d *day) show() {
	for ; d.shown < len(d.books.accounts); d.shown++ {
		a := d.books.accounts[d.shown]
		if a.open() {
			return
		}
		d.screen.outcome(a, d.clock.Now())
	}
}

// oldest is the first account that waits for its outcome; nil if none does.
func (d *day) oldest() *account {
	if d.show(); d.shown == len(d.books.accounts) {
		return nil
	}
	return d.books.accounts[d.shown]
}

// poll asks until it is told yes, within patience.
func poll(ctx context.Context, ask func() (bool, error)) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if ok, err := ask(); ok || err != nil {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait %v: %w", patience, ctx.Err())
		}
	}
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
