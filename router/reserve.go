package router

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// offersPerCall is how many options one script call weighs. The first eight
// nearly always hold one that fits; a long list costs everybody.
const offersPerCall = 8

var errRegionLost = errors.New("capacity has to be rebuilt from the journal")

// plan plans every order that has no decision yet, from the start: a plan
// remembers what was full, and a second round must not.
func (b *batch) plan() {
	for _, w := range b.on(routing) {
		b.planOne(w)
	}
}

func (b *batch) planOne(w *work) {
	if w.plan != nil {
		w.plan.Release()
	}
	w.body, w.epoch, w.decision, w.offer = nil, "", nil, nil
	w.plan = b.net.Plan(Request{
		Order:    w.order,
		Place:    b.place(w),
		Now:      b.now,
		Excluded: slices.Concat(w.order.Constraints.ExcludedSites, w.excluded),
		Attempt:  w.attempt,
	})
}

// reserve holds capacity for every planned order: all calls of a round in one
// pipeline, the next eight options only for orders answered full.
func (b *batch) reserve(ctx context.Context) {
	for pending := b.on(routing); len(pending) > 0; {
		asks, asking := make([]lanes.Ask, 0, len(pending)), pending[:0]
		for _, w := range pending {
			if ask, ok := b.ask(w); ok {
				asks, asking = append(asks, ask), append(asking, w)
			}
		}
		if len(asks) == 0 {
			return
		}
		pending = b.heed(ctx, asking, b.Ledger.Reserve(ctx, asks))
	}
}

// ask takes the next options of one region from the plan. It reports false
// when none is left.
func (b *batch) ask(w *work) (lanes.Ask, bool) {
	if len(w.offer) == 0 { // else: the same call again
		w.offer, w.region = w.plan.Take(offersPerCall)
		if len(w.offer) == 0 {
			return lanes.Ask{}, false
		}
	}
	ask := lanes.Ask{Region: w.region, Order: w.key.String(), Basis: w.basis(), Options: make([]lanes.Offer, len(w.offer))}
	for i, o := range w.offer {
		var err error
		if ask.Options[i], err = o.Offer(); err != nil {
			b.later(fmt.Errorf("offer order %s: %w", w.key, err), w)
			return lanes.Ask{}, false
		}
	}
	return ask, true
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
	body, err := event.DecodeBody(a.Body)
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

// settleBasis makes the decision at the basis known to the region, as S1 has
// it before any reserve.
func (b *batch) settleBasis(ctx context.Context, w *work) bool {
	if err := b.Ledger.Settle(ctx, []lanes.Settlement{StandingOf(w.last).settlement(w.key, w.region)})[0]; err != nil {
		b.later(fmt.Errorf("settle basis of order %s: %w", w.key, err), w)
		return false
	}
	return true
}
