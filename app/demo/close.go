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

// close reads back what the day left, from the first message on, and judges
// it. Nothing that was seen on the way counts.
func (d *day) close(ctx context.Context, conn *stream.Conn) error {
	took := time.Since(d.started)
	e := &evidence{taken: map[string]int64{}, accounts: d.books.accounts}
	if err := d.settled(ctx, e); err != nil {
		return err
	}
	size, err := d.readBack(ctx, conn, e)
	if err != nil {
		return err
	}
	audit, err := app.RunAudit(ctx, conn, d.app.Router.Network(), d.clock.Now())
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	t := newTally()
	t.count(d.books, d.home.config, e.journal.Slots)
	e.strangers, e.late, e.wasted = d.books.strangers, t.late, audit.WastedOrders
	t.Checks = e.verdict()
	t.OK = true
	for _, c := range t.Checks {
		t.OK = t.OK && c.N == 0
	}
	t.Seed, t.Start, t.Stopped, t.Strays, t.Journal = d.Seed, d.Start, d.stopped, e.strays, size
	t.Speed.Seconds, t.Speed.Paced = took.Seconds(), d.Pace > 0
	t.Speed.OrdersPerSecond = float64(t.Published) / took.Seconds()
	d.report = &t.Report
	return nil
}

// settled waits until no attempt is in progress any more, and counts what is
// left of such, and what Redis has taken from every slot.
func (d *day) settled(ctx context.Context, e *evidence) error {
	until := time.Now().Add(patience / 3)
	err := poll(ctx, func() (bool, error) {
		e.strays = 0
		for _, r := range d.home.config.Regions {
			holds, err := d.app.Ledger.Holds(ctx, r.Key())
			if err != nil {
				return false, err
			}
			for _, h := range holds {
				if h.Open != nil {
					e.strays++
				}
			}
		}
		return e.strays == 0 || time.Now().After(until), nil
	})
	if err != nil {
		return fmt.Errorf("read holds: %w", err)
	}
	for _, r := range d.home.config.Regions {
		slots, err := d.app.Ledger.Slots(ctx, r.Key())
		if err != nil {
			return err
		}
		for slot, n := range slots {
			e.taken[slot] = n
		}
	}
	return nil
}

// readBack refolds the journal and fills fresh books with what the streams
// hold.
func (d *day) readBack(ctx context.Context, conn *stream.Conn, e *evidence) (size Journal, err error) {
	e.journal = router.NewRefold()
	for _, a := range d.books.accounts {
		a.decision, a.decisions, a.refusals = nil, 0, nil
	}
	d.books.strangers = nil
	err = conn.Read(ctx, event.StreamDispatch, 1, 0, func(seq uint64, subject string, data []byte) error {
		size.Messages++
		size.Bytes += len(data)
		if err := e.journal.Add(seq, subject, data); err != nil || !strings.HasPrefix(subject, "decision.") {
			return err
		}
		decision, err := event.DecodeDecision(data)
		if err == nil {
			d.books.decided(decision)
		}
		return err
	})
	if err != nil {
		return size, fmt.Errorf("refold the journal: %w", err)
	}
	e.journal.Close()
	err = conn.Read(ctx, event.StreamRejected, 1, 0, func(_ uint64, subject string, data []byte) error {
		_, code, err := rejectedFor(subject)
		if err == nil {
			d.books.refused(data, code)
		}
		return err
	})
	if err != nil {
		return size, fmt.Errorf("read rejections: %w", err)
	}
	return size, nil
}
