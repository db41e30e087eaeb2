package pace

import (
	"context"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/router"
)

// waking is a waker that follows the journal.
type waking struct {
	took float64 // milliseconds until it had read who waits
	stop func()
}

// waker starts a waker on a journal of so many orders.
func (w *world) waker(orders int) waking {
	w.Helper()
	conn, counts := w.dial("waker"), w.openLedger()
	known := &counted{Standings: conn.Standings(), tally: newTally(orders)}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	start := time.Now()
	running.Go(func() { _ = router.NewWaker(known, counts, zap.NewNop(), nil).Run(ctx) })
	select {
	case <-known.all:
	case <-time.After(patience):
		w.Fatalf("the waker has read %d of %d orders within %v", known.done.Load(), orders, patience)
	}
	return waking{took: micros(time.Since(start)) / 1e3, stop: func() {
		cancel()
		running.Wait()
		_ = conn.Close(context.Background())
		_ = counts.Close()
	}}
}

// counted tells when a waker has seen the last decision of every order.
type counted struct {
	router.Standings
	*tally
}

func (c *counted) Standing(ctx context.Context, fn func(seq uint64, subject string, data []byte) error) error {
	return c.Standings.Standing(ctx, func(seq uint64, subject string, data []byte) error {
		defer c.answered()
		return fn(seq, subject, data)
	})
}
