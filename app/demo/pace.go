package demo

import (
	"context"
	"time"

	"github.com/nearlane/nearlane/event/stream"
)

// forever is a pause that only a message ends, or the end of patience.
const forever = patience

// publishDue publishes what is due and moves the clock along. It reports
// whether the day is over, and if not, after how long it wants to be called
// again at the latest.
func (d *day) publishDue(ctx context.Context) (over bool, pause time.Duration, err error) {
	pause = forever
	for d.next < len(d.plan) {
		e := d.plan[d.next]
		if until := d.until(e); until > 0 {
			pause = min(until, forever)
			break
		}
		turns := e.At.Truncate(time.Hour).After(d.hour)
		if a := d.oldest(); a != nil && (turns || e.At.Sub(a.At) > lag) {
			break
		}
		if turns {
			d.turn(e.At.Truncate(time.Hour))
			continue
		}
		d.clock.advance(e.At)
		a := d.books.add(e, time.Now())
		d.flying = append(d.flying, a)
		d.next++
		if err := d.publisher.Send(ctx, e.Message); err != nil {
			return false, 0, err
		}
	}
	if err := firstError(d.publisher.Flush(ctx), d.refusal); err != nil {
		return false, 0, err
	}
	switch oldest := d.oldest(); {
	case oldest == nil && d.next == len(d.plan):
		return true, 0, nil
	case oldest != nil && time.Since(d.progress) > patience:
		return true, 0, nil // the verdict names what has no outcome
	}
	return false, pause, nil
}

// published enters the outcome of the oldest publish under way.
func (d *day) published(_ stream.Outgoing, out stream.Outcome) {
	a := d.flying[0]
	d.flying = d.flying[1:]
	d.progress = time.Now()
	if out.Err != nil {
		d.refusal = out.Err
		return
	}
	a.acked = true
}

// until is how long it takes until e is due.
func (d *day) until(e *Emission) time.Duration {
	if d.Pace == 0 {
		return 0
	}
	due := float64(e.At.Sub(d.Start)) / float64(dayLength) * float64(d.Pace)
	return time.Until(d.began.Add(time.Duration(due)))
}

// turn shows how the lanes fill when an hour is full, and gives the reader time
// for it.
func (d *day) turn(hour time.Time) {
	d.hour = hour
	d.screen.filling(hour, d)
	d.began = d.began.Add(d.Pace / 50)
}
