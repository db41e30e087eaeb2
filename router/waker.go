package router

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Standings is the journal as a waker needs it.
type Standings interface {
	// Standing calls fn for every decision in the order of the journal, the last
	// of every order at least, then for every further one as it is stored, until
	// ctx ends.
	Standing(ctx context.Context, fn func(seq uint64, subject string, data []byte) error) error
	// Last is the sequence of the journal's last message.
	Last(ctx context.Context) (uint64, error)
	// Decision reads the decision at a sequence; nil: it is gone.
	Decision(ctx context.Context, seq uint64) (*event.Decision, error)
	// Wake has the orders delivered as due now. The same cause from several
	// wakers is one.
	Wake(ctx context.Context, keys []event.Key, cause uint64) error
}

// Waker follows the journal and wakes the orders that wait for a slot when
// another decision frees it. It keeps who waits for what in memory, read from
// the journal at its start. Any number may run at once; losing one, or a wake,
// costs an order at most the time until its own retry.
type Waker struct {
	journal Standings
	ledger  Ledger
	log     *zap.Logger
	metrics *wakerMetrics
	waiters map[event.Key]*waiter // every order that waits
	queues  map[string]*queue     // by slot
}

// NewWaker returns a waker on a journal and the capacity that follows it. Its
// metrics go to reg, if that is not nil.
func NewWaker(journal Standings, ledger Ledger, log *zap.Logger, reg prometheus.Registerer) *Waker {
	return &Waker{journal: journal, ledger: ledger, log: log, metrics: newWakerMetrics(reg)}
}

// wakesPerUnit is how many orders are woken for a unit that was freed: what the
// first cannot use, because another of its slots is still full, the next may.
const wakesPerUnit = 4

const maxWakes = 64

// Run follows until ctx is done, and begins anew when the journal was lost.
func (k *Waker) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		k.waiters, k.queues = map[event.Key]*waiter{}, map[string]*queue{}
		known, err := k.journal.Last(ctx)
		if err == nil {
			err = k.journal.Standing(ctx, func(seq uint64, _ string, data []byte) error {
				return k.see(ctx, seq, data, seq > known)
			})
		}
		if ctx.Err() == nil {
			k.log.Warn("wakes paused", zap.Error(err))
			pause(ctx, retryDelay)
		}
	}
	return nil
}

// see takes in one decision, and wakes for what it frees if it is a new one.
func (k *Waker) see(ctx context.Context, seq uint64, data []byte, fresh bool) error {
	d, err := readGist(seq, data)
	if err != nil {
		return err
	}
	k.leave(d.Key())
	if d.Outcome == event.Waiting {
		k.join(d.Key(), seq, d.WaitsFor)
	}
	k.metrics.waiting.Set(float64(len(k.waiters)))
	if !fresh || d.Frees == nil || len(k.waiters) == 0 {
		return nil
	}
	if err := k.wake(ctx, d); err != nil && ctx.Err() == nil {
		// Following anew would bring nothing back, and read the whole journal.
		k.log.Warn("wake lost", zap.Uint64("decision", seq), zap.Error(err))
	}
	return nil
}

// wake wakes those who have waited longest for what the decision frees. It
// settles the decision first: its router may not have come to that, and then
// the woken would still find everything full.
func (k *Waker) wake(ctx context.Context, d gist) error {
	before, err := k.journal.Decision(ctx, d.Frees.Seq)
	if err != nil || before == nil {
		return err
	}
	chosen := k.choose(freed(before.Claims, d.Claims))
	if len(chosen) == 0 {
		return nil
	}
	standing := d.standing()
	calls := []lanes.Settlement{standing.settlement(d.Key(), d.Frees.Region)}
	if d.Region != "" && d.Region != d.Frees.Region {
		calls = append(calls, standing.settlement(d.Key(), d.Region))
	}
	if err := errors.Join(k.ledger.Settle(ctx, calls)...); err != nil {
		return fmt.Errorf("settle decision %d: %w", d.seq, err)
	}
	if err := k.journal.Wake(ctx, chosen, d.seq); err != nil {
		return err
	}
	k.metrics.wakes.Add(float64(len(chosen)))
	return nil
}

// choose lists who is woken for freed slots, those who wait longest first.
func (k *Waker) choose(slots map[string]int64) []event.Key {
	var chosen []*waiter
	for slot, units := range slots {
		if q := k.queues[slot]; q != nil {
			chosen = append(chosen, q.first(Wakes(q.len(), units))...)
		}
	}
	slices.SortFunc(chosen, func(a, b *waiter) int { return cmp.Compare(a.since, b.since) })
	chosen = slices.Compact(chosen)
	keys := make([]event.Key, len(chosen))
	for i, w := range chosen {
		keys[i] = w.key
	}
	return keys
}

// Wakes is how many of those who wait for a slot are woken when units of it are
// freed.
func Wakes(waiting int, units int64) int {
	return min(waiting, maxWakes, int(min(units, maxWakes))*wakesPerUnit)
}

// freed is what one list of claims takes less than another.
func freed(before, after []event.Claim) map[string]int64 {
	less := map[string]int64{}
	for _, c := range before {
		less[c.Slot] += c.Units
	}
	for _, c := range after {
		less[c.Slot] -= c.Units
	}
	maps.DeleteFunc(less, func(_ string, units int64) bool { return units <= 0 })
	return less
}
