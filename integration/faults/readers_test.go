package faults

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

const (
	// readWithin is the deadline of every reader: an election takes up to nine
	// seconds, and faults overlap.
	readWithin = time.Minute
	// looked is how many orders a reader asks for one by one.
	looked = 20
)

// leader is the node that leads the journal, or the one of the plan while
// there is none to be found.
func (r *round) leader(otherwise int) *process {
	ctx, cancel := context.WithTimeout(context.Background(), asked)
	defer cancel()
	if s, err := r.js.Stream(ctx, event.StreamDispatch); err == nil && s.CachedInfo().Cluster != nil {
		for _, n := range r.nodes {
			if n.name == s.CachedInfo().Cluster.Leader {
				return n
			}
		}
	}
	return r.nodes[otherwise]
}

// underReaders has the journal's leader stop while people read, and again work
// before they have finished: all of them have to get right answers in time.
func (r *round) underReaders(node int, stop, back func(*process)) (begin, end func()) {
	var readers sync.WaitGroup
	var leader *process
	over := make(chan struct{})
	begin = func() {
		started := make(chan struct{})
		for _, read := range []func(context.Context, *stream.Conn) error{r.audits, r.explains, r.weighs} {
			conn := r.dial("reader")
			readers.Go(func() { r.reads(conn, read, started, over) })
		}
		for range 3 {
			<-started
		}
		leader = r.leader(node)
		stop(leader)
	}
	return begin, func() {
		back(leader)
		close(over)
		readers.Wait()
	}
}

// reads asks without a pause, and once more when the leader is back.
func (r *round) reads(conn *stream.Conn, read func(context.Context, *stream.Conn) error, started chan<- struct{}, over <-chan struct{}) {
	started <- struct{}{}
	longest := time.Duration(0)
	defer func() { r.Logf("a reader waited %.1f s at most", longest.Seconds()) }()
	for last := false; ; {
		ctx, cancel := context.WithTimeout(context.Background(), readWithin)
		began := time.Now()
		err := read(ctx, conn)
		cancel()
		longest = max(longest, time.Since(began))
		if err != nil {
			r.Errorf("a reader, after %.1f s: %v", time.Since(began).Seconds(), err)
		}
		if last || err != nil {
			return
		}
		select {
		case <-over:
			last = true
		default:
		}
	}
}

// audits reads the journal as `audit` does: all that stood there, unbroken.
func (r *round) audits(ctx context.Context, conn *stream.Conn) error {
	_, last, err := conn.Bounds(ctx, event.StreamDispatch)
	if err != nil {
		return err
	}
	a, err := readFrom(ctx, conn)
	if err != nil {
		return err
	}
	if a.Through() < last || a.Breached() > 0 {
		return fmt.Errorf("the journal went to %d, and was read to %d with %q", last, a.Through(), a.Breaches)
	}
	return nil
}

// explains reads orders one by one, as `explain --id` does.
func (r *round) explains(ctx context.Context, conn *stream.Conn) error {
	a, err := readFrom(ctx, conn)
	if err != nil {
		return err
	}
	journal, err := conn.Journal(ctx)
	if err != nil {
		return err
	}
	n := 0
	for key, s := range a.Standing {
		if n++; n > looked {
			break
		}
		rec, err := journal.Last(ctx, key)
		if err != nil {
			return err
		}
		if rec.Decision == nil || rec.Decision.Key() != key || rec.Sequence < s.Sequence {
			return fmt.Errorf("order %s was decided at %d, and its last decision is %+v", key, s.Sequence, rec)
		}
		if rec.Decision.OrderSequence == 0 {
			continue // cancelled before it was placed
		}
		if _, _, found, err := conn.Order(ctx, rec.Decision.OrderSequence); err != nil || !found {
			return fmt.Errorf("order %s, on ORDERS at %d: found %t: %v", key, rec.Decision.OrderSequence, found, err)
		}
	}
	return nil
}

// weighs asks for what `capacity`, `top` and `doctor` show of the streams.
func (r *round) weighs(ctx context.Context, conn *stream.Conn) error {
	loads, err := conn.Loads(ctx, app.Durables())
	if err != nil {
		return err
	}
	for _, l := range loads {
		if l.Stream == event.StreamDispatch {
			_, err := conn.Presence().List(ctx)
			return err
		}
	}
	return fmt.Errorf("of %d streams, none is DISPATCH", len(loads))
}
