package integration

import (
	"context"
	"slices"
	"sync"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// heldRetries keeps what a router schedules until it is released, so that
// nothing is due before the test is where it wants to be, however long that
// takes. What is late by then is due at once.
type heldRetries struct {
	router.Retries

	mu   sync.Mutex
	open bool
	list []event.Retry
}

func (h *heldRetries) wrap(o *router.Options) { h.Retries, o.Retries = o.Retries, h }

func (h *heldRetries) Schedule(ctx context.Context, list []event.Retry) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open {
		return h.Retries.Schedule(ctx, list)
	}
	h.list = append(h.list, slices.Clone(list)...)
	return nil
}

// release schedules what was held, and holds nothing from now on.
func (h *heldRetries) release(w *world) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.list) == 0 {
		w.Fatal("nothing was scheduled")
	}
	if err := h.Retries.Schedule(ctx, h.list); err != nil {
		w.Fatalf("schedule: %v", err)
	}
	h.open = true
}
