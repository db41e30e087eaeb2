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

// lookAhead pulls batches and begins each of them while the one before is with
// Redis and the journal: only one, and what needs a server waits for its turn.
// So nothing is reserved for two batches at a time, and an order that is in
// both finds its decision when the second one reserves, as it would without
// (J1). The channel is closed once ctx is done and nothing is in hand, or
// behind an error.
func (r *Router) lookAhead(ctx context.Context) <-chan prepared {
	ahead := make(chan prepared)
	go func() {
		defer close(ahead)
		for {
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
			case ahead <- p:
			}
			if err != nil {
				return
			}
		}
	}()
	return ahead
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
func (r *Router) next(ctx context.Context, ahead <-chan prepared) (prepared, error) {
	for {
		look := time.NewTimer(r.outage.look())
		select {
		case p := <-ahead:
			look.Stop()
			p.batch = r.current(p.batch)
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
