package router

import (
	"context"
	"time"
)

// A relay is the batches in hand: one may be with the journal, one reserves, and
// one is begun. One commit is in flight (E5), and no order is in two of those
// that reserve (J1).
type relay struct {
	*Router
	ahead *ahead
	last  *batch // may still be with the journal; nil: nothing is
}

// busy is how many orders in a batch mean that the next one need not wait for
// it. With fewer, the next one grows for as long as this one is worked on.
const busy = BatchOrders / 2

// relay begins a relay. End finishes what is in it, and hands back what is only
// begun.
func (r *Router) relay(ctx context.Context) (y *relay, end func()) {
	looking, stop := context.WithCancel(ctx)
	y = &relay{Router: r, ahead: r.lookAhead(looking)}
	return y, func() {
		stop()
		for p := range y.ahead.ready {
			p.batch.handBack()
		}
		if y.last != nil {
			<-y.last.done
		}
	}
}

// next waits for a batch. While there is none it looks whether Redis is still
// the one that capacity was rebuilt in, so that a wipe is not found by an
// order.
func (y *relay) next(ctx context.Context) (*batch, error) {
	y.ahead.ask()
	for {
		look := time.NewTimer(y.outage.look())
		var done <-chan struct{}
		if y.last != nil {
			done = y.last.done
		}
		select {
		case p := <-y.ahead.ready:
			look.Stop()
			y.ahead.asked = false
			b := y.current(p.batch)
			if err := y.lookAgain(ctx); err != nil {
				b.handBack()
				return nil, err
			}
			if b != nil && len(b.in) >= busy {
				y.ahead.ask()
			}
			return b, p.err
		case <-done:
			look.Stop()
			if err := y.leave(); err != nil {
				return nil, err
			}
			continue
		case <-look.C:
		}
		if y.last != nil {
			continue
		}
		if err := y.enter(ctx); err != nil {
			return nil, err
		}
		y.well()
	}
}

// pass works on a batch until the next one may reserve: once it is this one's
// turn at the journal, or when it is done, if it is small. An error is the
// fault of this batch or of the one before.
func (y *relay) pass(ctx context.Context, b *batch) error {
	// A stop must not tear a batch: what is begun is finished, in bounded time.
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), commitBudget)
	before := y.last
	y.last, b.before = b, before
	go func() {
		defer cancel()
		b.finish(work)
	}()
	<-b.turn
	if before != nil && before.fault != nil {
		return before.fault
	}
	if len(b.in) < busy {
		<-b.done
		return y.leave()
	}
	if before != nil {
		y.well()
	}
	return nil
}

// leave lets the last batch go, which is done.
func (y *relay) leave() error {
	fault := y.last.fault
	if y.last = nil; fault == nil {
		y.well()
	}
	return fault
}

// apart waits for the batch before if it has an order of this one: that is then
// found in the journal (J1).
func (b *batch) apart() {
	if b.before == nil {
		return
	}
	for key := range b.keys {
		if b.before.keys[key] {
			<-b.before.done
			b.before = nil
			return
		}
	}
}

// takeTurn waits until the batch before is done, and lets the next one reserve.
func (b *batch) takeTurn() {
	if b.before != nil {
		<-b.before.done
		b.before = nil
	}
	close(b.turn)
}

// foresight is how old the now of a batch may be when it is taken in hand.
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
