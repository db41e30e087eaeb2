package router

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// offersPerCall is how many options one script call weighs, at most: a long
// list costs everybody. The first call of an order weighs fewer for as long as
// they nearly always hold one that fits, because each has to be written out.
const offersPerCall = 8

var errRegionLost = errors.New("capacity has to be rebuilt from the journal")

// foresee plans the fresh orders, and writes out what their first calls will
// offer. It asks nobody, so it may run while an earlier batch is in hand.
func (b *batch) foresee() {
	deadline := b.RealClock().Add(-b.AckWait)
	eachAside(len(b.works), func(i int) {
		if w := b.works[i]; w.stage == routing && b.fresh(w, deadline) && !b.asksFor(w) {
			b.planOne(w)
			w.take(b.offers)
			for _, o := range w.offer {
				_ = o.write() // an error is met again by reserve
			}
		}
	})
}

// plan plans every order that has no decision yet. After the first round it
// does so from the start: a plan remembers what was full, and a second round
// must not.
func (b *batch) plan(round int) {
	works := b.on(routing)
	each(len(works), func(i int) {
		if round > 0 || works[i].plan == nil {
			b.planOne(works[i])
		}
	})
}

func (b *batch) planOne(w *work) {
	w.forget()
	w.body, w.epoch, w.decision = nil, "", nil
	w.plan = b.net.Plan(Request{
		Order:    w.order,
		Place:    b.place(w),
		Now:      b.now,
		Excluded: slices.Concat(w.order.Constraints.ExcludedSites, w.excluded),
		Attempt:  w.attempt,
	})
}

// reserve holds capacity for every planned order: all calls of a round in one
// pipeline, the next options only for orders answered full.
func (b *batch) reserve(ctx context.Context) {
	first, offers := true, b.offers
	for pending := b.on(routing); len(pending) > 0; first, offers = false, offersPerCall {
		all, errs := make([]lanes.Ask, len(pending)), make([]error, len(pending))
		each(len(pending), func(i int) { all[i], errs[i] = b.ask(pending[i], offers) })
		asks, asking := all[:0], pending[:0]
		for i, w := range pending {
			switch {
			case errs[i] != nil:
				b.later(fmt.Errorf("offer order %s: %w", w.key, errs[i]), w)
			case len(all[i].Options) == 0: // none is left
			case !b.stands(w.region): // it came with a reload
				b.later(errRegionLost, w)
			default:
				asks, asking = append(asks, all[i]), append(asking, w)
			}
		}
		if len(asks) == 0 {
			return
		}
		answers := b.Ledger.Reserve(ctx, asks)
		if first {
			b.firstOffers.Store(int32(nextOffers(offers, answers)))
		}
		pending = b.heed(ctx, asking, answers)
	}
}

// nextOffers is how many options the first calls of the next batch weigh: twice
// as many if more than one in eight was answered full, else half as many.
func nextOffers(offers int, answers []lanes.Answer) int {
	full := 0
	for i := range answers {
		if answers[i].Status == lanes.Full {
			full++
		}
	}
	if 8*full > len(answers) {
		return min(2*offers, offersPerCall)
	}
	return max(offers/2, 1)
}

// take makes the next options of one region the work's offer, at most most. The
// plan is drawn upon as if it were offersPerCall always: what a decision says
// of its candidates must not depend on how full the batches before were.
func (w *work) take(most int) {
	if w.offer = w.plan.write(most); len(w.offer) == 0 {
		w.region = w.plan.draw(offersPerCall)
		w.offer = w.plan.write(most)
	}
}

// ask takes the next options of one region from the plan. There are none in it
// when none is left.
func (b *batch) ask(w *work, most int) (lanes.Ask, error) {
	if len(w.offer) == 0 { // else: the same call again
		w.take(most)
	}
	ask := lanes.Ask{Region: w.region, Order: w.key.String(), Basis: w.basis(), Options: make([]lanes.Offer, len(w.offer))}
	for i, o := range w.offer {
		var err error
		if ask.Options[i], err = o.Offer(); err != nil {
			return lanes.Ask{}, err
		}
	}
	return ask, nil
}

// heed does what the ledger answered and returns the works to ask for again.
func (b *batch) heed(ctx context.Context, works []*work, answers []lanes.Answer) (again []*work) {
	var behind []*work
	var known []uint64 // to Redis, by work that is behind
	for i, w := range works {
		a := answers[i]
		if a.Err != nil {
			w.touch(w.region)
			b.later(fmt.Errorf("reserve in region %s: %w", w.region, a.Err), w)
			w.offer = nil
			continue
		}
		switch a.Status {
		case lanes.Granted, lanes.Existing:
			b.grant(w, a)
		case lanes.Full:
			w.plan.Full(w.offer)
			again = append(again, w)
		case lanes.Unsettled:
			if b.settleBasis(ctx, w) {
				again = append(again, w)
				continue // with the same offer
			}
		case lanes.Behind:
			behind, known = append(behind, w), append(known, a.Seq)
		case lanes.Rebuild:
			b.later(errRegionLost, w)
		}
		w.offer = nil
	}
	b.learn(ctx, behind)
	for i, w := range behind {
		switch {
		case w.stage != routing:
		case w.basis() < known[i]: // a leader of yesterday, or a journal that was put back
			b.later(fmt.Errorf("order %s: Redis has settled decision %d, the journal knows none after %d; if this Redis counted for another journal, give this one an empty Redis", w.key, known[i], w.basis()), w)
		default: // a void: on with it as the basis
			b.planOne(w)
			again = append(again, w)
		}
	}
	return again
}

// grant takes the body that the ledger holds for the order, never an index
// into this router's own list: the config may have changed in between (S2).
func (b *batch) grant(w *work, a lanes.Answer) {
	w.touch(w.region)
	body, err := w.bodyOf(a)
	if err != nil {
		b.later(fmt.Errorf("read hold of order %s: %w", w.key, err), w)
		return
	}
	if a.Status == lanes.Existing && body.Slot.Start.Before(b.now) {
		w.close(b.voided(w))
		return
	}
	if a.Status == lanes.Existing {
		b.settleAt(w, body.Located)
	}
	w.body, w.epoch = body, a.Epoch
	if a.Status == lanes.Granted {
		w.plan.Granted(w.offer, a.Body)
	}
}

// bodyOf reads the body of an answer. One that this very call has written need
// not be read back.
func (w *work) bodyOf(a lanes.Answer) (*event.Body, error) {
	for _, o := range w.offer {
		if a.Status == lanes.Granted && bytes.Equal(o.body, a.Body) {
			return &o.Body, nil
		}
	}
	return event.DecodeBody(a.Body)
}

// settleBasis makes the decision at the basis known to the region, as S1 has
// it before any reserve.
func (b *batch) settleBasis(ctx context.Context, w *work) bool {
	if err := b.Ledger.Settle(ctx, []lanes.Settlement{StandingOf(w.last).settlement(w.key, w.region)})[0]; err != nil {
		b.later(fmt.Errorf("settle basis of order %s: %w", w.key, err), w)
		return false
	}
	return true
}
