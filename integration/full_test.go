package integration

import (
	"context"
	"fmt"
	"testing"

	"github.com/nearlane/nearlane/event"
)

// A full journal refuses. Routing stops and says so, the orders stay where
// they are, and all of it goes on once there is room.
func TestJournalFull(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{1, 3} {
		t.Run(fmt.Sprintf("%d nats", replicas), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: threeLanes(100), replicas: replicas})
			w.limitJournal(20_000)
			m := w.start("router")
			w.publish(orders(100, "order")...)
			w.eventually("the router says that it cannot store", func() error {
				if ready, why := m.Ready(); ready || why == "starting" {
					return fmt.Errorf("ready: %t, %q", ready, why)
				}
				return nil
			})
			if n := w.decided(); n == 100 {
				t.Fatal("all orders are decided in a journal that is full")
			}
			w.limitJournal(100 << 20)
			w.drained(durable)
			w.eventually("the router is ready again", m.isReady)
			w.check().wantOutcomes(t, 100, 0)
		})
	}
}

// limitJournal sets how many bytes DISPATCH may hold.
func (w *world) limitJournal(bytes int64) {
	w.Helper()
	w.eventually("the journal has its limit", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), onceAsked)
		defer cancel()
		s, err := w.js.Stream(ctx, event.StreamDispatch)
		if err != nil {
			return err
		}
		cfg := s.CachedInfo().Config
		cfg.MaxBytes = bytes
		_, err = w.js.UpdateStream(ctx, cfg)
		return err
	})
}
