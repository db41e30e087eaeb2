package router

import (
	"context"

	"github.com/nearlane/nearlane/event"
)

// prepared is a batch that has begun, or why there is none.
type prepared struct {
	batch *batch
	err   error
}

// ahead pulls batches and begins them, each when it is asked for.
type ahead struct {
	asks  chan struct{}
	ready chan prepared // closed once ctx is done and nothing is in hand, or behind an error
	asked bool          // owned by Run
}

// lookAhead makes it possible to begin a batch while others are with Redis and
// the journal: only one, and what needs a server waits for its turn.
func (r *Router) lookAhead(ctx context.Context) *ahead {
	a := &ahead{asks: make(chan struct{}, 1), ready: make(chan prepared)}
	go func() {
		defer close(a.ready)
		for {
			select {
			case <-ctx.Done():
				return
			case <-a.asks:
			}
			in, err := r.Inbox.Pull(ctx)
			if ctx.Err() != nil {
				handBack(in)
				return
			}
			p := prepared{err: err}
			if len(in) > 0 {
				if !r.gate.enter(ctx) {
					handBack(in)
					return
				}
				p.batch = r.begin(in)
			}
			select {
			case <-ctx.Done():
				p.batch.handBack()
				return
			case a.ready <- p:
			}
			if err != nil {
				return
			}
		}
	}()
	return a
}

func (a *ahead) ask() {
	if !a.asked {
		a.asked = true
		a.asks <- struct{}{}
	}
}

// handBack gives a batch back that was begun and is not to be finished.
func (b *batch) handBack() {
	if b != nil {
		handBack(b.in)
		b.gate.leave()
	}
}

func handBack(in []event.Delivery) {
	for _, d := range in {
		_ = d.Receipt.Retry(0) // lost: AckWait brings it back
	}
}
