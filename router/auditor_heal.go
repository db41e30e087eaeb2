package router

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Healed is the reason of an order that is routed anew because its slot was
// promised to more than it holds.
const Healed = "healed"

// streamHeal is where a heal comes from: no stream, but the auditor.
const streamHeal = "HEAL"

// healing is the delivery that has the router send an order elsewhere, if the
// dispatch is still the one in force (R3). Its data is the dispatch's id.
func healing(key event.Key, dispatchID string) event.Delivery {
	return event.Delivery{Stream: streamHeal, Subject: event.DecisionSubject(key), Data: []byte(dispatchID), Receipt: internal{}}
}

// HealFindings is what a look for oversold slots found.
type HealFindings struct {
	Oversold []string    // slots, sorted
	Orders   []event.Key // handed to the router, to be sent elsewhere
}

// Heal is rule A4: of a slot whose live claims in the journal exceed both the
// limit now and every limit they were granted under, it gives the router the
// youngest to route anew. A lowered limit alone withdraws no promise (V12).
func (a *Auditor) Heal(ctx context.Context) (HealFindings, error) {
	limits, err := a.suspects(ctx)
	if err != nil || len(limits) == 0 {
		return HealFindings{}, err
	}
	claimed := map[string]map[event.Key]claimant{} // by slot
	live := map[event.Key][]string{}               // slots that its last decision claims
	err = a.History.Read(ctx, max(a.floor, 1), 0, func(seq uint64, subject string, data []byte) error {
		if !strings.HasPrefix(subject, "decision.") {
			return nil
		}
		d, err := event.DecodeDecision(data)
		if err != nil {
			return fmt.Errorf("decode decision at sequence %d: %w", seq, err)
		}
		key := d.Key()
		for _, slot := range live[key] {
			delete(claimed[slot], key)
		}
		delete(live, key)
		for _, c := range d.Claims {
			if _, suspect := limits[c.Slot]; !suspect {
				continue
			}
			if claimed[c.Slot] == nil {
				claimed[c.Slot] = map[event.Key]claimant{}
			}
			was := claimed[c.Slot][key]
			claimed[c.Slot][key] = claimant{key: key, seq: seq, units: was.units + c.Units, limit: max(was.limit, c.Limit), dispatch: dispatchInForce(d)}
			live[key] = append(live[key], c.Slot)
		}
		return nil
	})
	if err != nil {
		return HealFindings{}, fmt.Errorf("look for oversold slots: %w", err)
	}
	return a.handOut(ctx, limits, claimed)
}

// claimant is what one order's last decision takes from a slot.
type claimant struct {
	key          event.Key
	seq          uint64
	units, limit int64
	dispatch     string // empty: what is done is done
}

func dispatchInForce(d *event.Decision) string {
	if d.Outcome != event.Dispatched {
		return ""
	}
	return d.DispatchID
}

// suspects are the slots that Redis counts more of than the config now allows,
// with that limit; 0 for one that the config does not know any more. Redis
// only says where to look.
func (a *Auditor) suspects(ctx context.Context) (map[string]int64, error) {
	net, suspects := a.network.Load(), map[string]int64{}
	limits := map[lanes.Date]map[string]int64{}
	for _, region := range net.Regions() {
		taken, err := a.opts.Holds.Slots(ctx, region)
		if err != nil {
			return nil, err
		}
		for id, units := range taken {
			slot, err := lanes.ParseSlot(id)
			if err != nil {
				return nil, fmt.Errorf("region %s: %w", region, err)
			}
			if limits[slot.Date] == nil {
				limits[slot.Date] = map[string]int64{}
				for _, info := range net.Slots(slot.Date) {
					limits[slot.Date][info.ID] = info.Limit
				}
			}
			if limit := limits[slot.Date][id]; units > limit {
				suspects[id] = limit
			}
		}
	}
	return suspects, nil
}

// handOut gives the router the youngest orders of every oversold slot.
func (a *Auditor) handOut(ctx context.Context, limits map[string]int64, claimed map[string]map[event.Key]claimant) (found HealFindings, err error) {
	var in []event.Delivery
	leaving := map[event.Key]bool{}
	for _, slot := range slices.Sorted(maps.Keys(claimed)) {
		limit, units := limits[slot], int64(0)
		for _, c := range claimed[slot] {
			limit, units = max(limit, c.limit), units+c.units
		}
		if units <= limit {
			continue
		}
		found.Oversold = append(found.Oversold, slot)
		youngest := slices.SortedFunc(maps.Values(claimed[slot]), func(a, b claimant) int { return cmp.Compare(b.seq, a.seq) })
		for _, c := range youngest {
			if units <= limit {
				break
			}
			if c.dispatch == "" {
				continue
			}
			units -= c.units
			if !leaving[c.key] {
				leaving[c.key] = true
				in, found.Orders = append(in, healing(c.key, c.dispatch)), append(found.Orders, c.key)
			}
		}
	}
	for batch := range slices.Chunk(in, BatchOrders) {
		if err := a.opts.Hand(ctx, batch); err != nil {
			return found, fmt.Errorf("hand out orders of oversold slots: %w", err)
		}
	}
	return found, nil
}

// followHeal routes the order anew if the dispatch is the one in force (R3).
// The slot may have been healed meanwhile by a cancellation or by another
// auditor, whose heal was of the same order.
func (b *batch) followHeal(w *work) {
	last := w.last.Decision
	if last == nil || last.Outcome != event.Dispatched || last.DispatchID != w.heal {
		w.stage = decided
		return
	}
	b.reroute(w, last, Healed)
}
