package router

import (
	"context"
	"time"

	"github.com/nearlane/nearlane/event"
)

// prepared is a batch that has begun, or why there is none.
type prepared struct {
	batch *batch
	err   error
}

func (p prepared) handBack() {
	if p.batch != nil {
		handBack(p.batch.in)
	}
}

// ahead pulls batches and begins them, each when it is asked for.
type ahead struct {
	asks  chan struct{}
	ready chan prepared // closed once ctx is done and nothing is in hand, or behind an error
	asked bool          // owned by Run
}

// busy is how many orders in a batch mean that the next one can be pulled at
// once. With fewer, it grows for as long as this one is worked on.
const busy = BatchOrders / 2

// lookAhead makes it possible to begin a batch while the one before is with
// Redis and the journal: only one, and what needs a server waits for its turn.
// So nothing is reserved for two batches at a time, and an order that is in
// both finds its decision when the second one reserves, as it would without
// (J1).
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
				p.batch = r.begin(in)
			}
			select {
			case <-ctx.Done():
				handBack(in)
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

// foresight is how old the now of a batch may be that has waited for its turn.
const foresight = time.Second

// current is the batch, or the same begun anew if it has waited for too long or
// the network has been swapped meanwhile.
func (r *Router) current(b *batch) *batch {
	if b == nil || b.net == r.network.Load() && r.Clock().Sub(b.now) < foresight {
		return b
	}
	b.release()
	return r.begin(b.in)
}

// next waits for a batch. While there is none it looks whether Redis is still
// the one that capacity was rebuilt in, so that a wipe is not found by an
// order.
func (r *Router) next(ctx context.Context, a *ahead) (prepared, error) {
	a.ask()
	for {
		look := time.NewTimer(r.outage.look())
		select {
		case p := <-a.ready:
			look.Stop()
			a.asked = false
			if p.batch = r.current(p.batch); p.batch != nil && len(p.batch.in) >= busy {
				a.ask()
			}
			return p, p.err
		case <-look.C:
		}
		if err := r.rebuild(ctx, r.network.Load().RegionIDs()); err != nil {
			return prepared{}, err
		}
		r.well()
	}
}

func handBack(in []event.Delivery) {
	for _, d := range in {
		_ = d.Receipt.Retry(0) // lost: AckWait brings it back
	}
}
