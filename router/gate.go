package router

import (
	"context"
	"sync"
)

// gate counts the batches in hand, from before each is begun until nothing of it
// is left to do, and can be shut to wait for the last of them.
type gate struct {
	mu     sync.Mutex
	inHand int
	shut   chan struct{} // closed when it opens again; nil: it is open
	empty  chan struct{} // closed when nothing is in hand any more; nil: nobody waits for it
}

// enter waits until the gate is open and counts a batch; false: ctx has ended.
func (g *gate) enter(ctx context.Context) bool {
	for {
		g.mu.Lock()
		shut := g.shut
		if shut == nil {
			g.inHand++
			g.mu.Unlock()
			return true
		}
		g.mu.Unlock()
		select {
		case <-ctx.Done():
			return false
		case <-shut:
		}
	}
}

// leave counts a batch off.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inHand--; g.inHand == 0 && g.empty != nil {
		close(g.empty)
		g.empty = nil
	}
}

// close shuts the gate, waits until nothing is in hand, and returns what opens
// it again. If ctx ends before, it is open again. One at a time.
func (g *gate) close(ctx context.Context) (open func(), err error) {
	shut, empty := make(chan struct{}), make(chan struct{})
	g.mu.Lock()
	g.shut = shut
	if g.inHand == 0 {
		close(empty)
	} else {
		g.empty = empty
	}
	g.mu.Unlock()
	open = func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.shut, g.empty = nil, nil
		close(shut)
	}
	select {
	case <-empty:
		return open, nil
	case <-ctx.Done():
		open()
		return nil, ctx.Err()
	}
}

// Rest waits until no batch is in hand, and lets none begin until done is
// called: whatever was reserved by the network in force is then decided, or held
// for a redelivery. Orders wait meanwhile.
func (r *Router) Rest(ctx context.Context) (done func(), err error) { return r.gate.close(ctx) }
