// Package demo sends the example network one made-up day of orders and shows
// what becomes of each of them.
//
// Everything is real but the people and the clock: orders are published on
// NATS, capacity is counted in a Redis-compatible server, decisions are stored
// in the journal with an fsync, all inside one process and a temporary folder
// that goes away with it. At the end the demo reads the journal back and
// checks every invariant; the day counts only if all of them hold.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event/stream"
)

// Options are what a demo is started with.
type Options struct {
	Orders int           // messages to publish, at least 1
	Seed   uint64        // equal seeds draw equal days
	Start  time.Time     // of the day; zero: next Tuesday at 09:00
	Pace   time.Duration // how long the day takes; 0: as little as it can
	Out    io.Writer     // where the show goes; nil: nowhere
	Style  Style
	Log    *zap.Logger
}

// Run passes one day and reports on it. If ctx ends, no more orders are
// published, but those that were still go the whole way, and are checked. The
// report is nil if there is none because of an error; broken invariants are no
// error.
func Run(ctx context.Context, o Options) (*Report, error) {
	if o.Out == nil {
		o.Out = io.Discard
	}
	h, err := openHome()
	if err != nil {
		return nil, err
	}
	d := newDay(o, h)
	err = d.inProcess(ctx)
	switch {
	case d.report != nil && !d.report.OK:
		d.report.Kept = h.dir // somebody will want to look
	default:
		err = errors.Join(err, h.remove())
	}
	if err != nil {
		return nil, err
	}
	d.screen.summary(d.report)
	return d.report, d.screen.err
}

// inProcess runs the day beside a router of its own.
func (d *day) inProcess(ctx context.Context) error {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	a, err := app.Open(work, app.Options{Config: d.home.config, Path: d.home.path, Name: "demo", Now: d.clock.Now, Log: d.Log})
	if err != nil {
		return err
	}
	d.app = a
	group, work := errgroup.WithContext(work)
	group.Go(func() error { return a.Run(work) })
	group.Go(func() error {
		defer stop()
		return d.run(ctx, work)
	})
	return group.Wait()
}

// run is the day from the first order to the last check. It is a client like
// any other: it publishes as a platform does and reads as a courier does.
func (d *day) run(ctx, work context.Context) (err error) {
	conn, err := stream.Connect(work, stream.Options{URL: d.app.NATSURL(), Name: "nearlane demo", Log: d.Log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := d.awaitRouter(work); err != nil {
		return err
	}
	d.screen.opening(d)
	if err := d.pass(ctx, work, conn); err != nil {
		return fmt.Errorf("pass the day: %w", err)
	}
	return d.close(work, conn)
}
