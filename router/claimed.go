package router

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// Claimed is what stands in every region after an instant: the claims of live
// decisions, from the journal, and those of attempts that have not come to an
// end, from Redis. An attempt may still become a decision.
type Claimed struct {
	journal  *live
	attempts map[attempt][]lanes.Claim
	through  uint64
}

type attempt struct{ region, order string }

// NewClaimed is nothing yet, of what stands after an instant.
func NewClaimed(after time.Time) *Claimed {
	return &Claimed{journal: newLive(nil, after), attempts: map[attempt][]lanes.Claim{}}
}

// ClaimedBy is what stands after an instant of a journal that was refolded.
func ClaimedBy(f *Refold, after time.Time) *Claimed {
	c := NewClaimed(after)
	c.journal.standing, c.through = f.Standing, f.through
	return c
}

// Add takes the next message of the journal. Its signature is that of the
// callback of History.Read.
func (c *Claimed) Add(seq uint64, subject string, data []byte) error {
	c.through = seq
	return c.journal.add(seq, subject, data)
}

// Through is the sequence of the last message added.
func (c *Claimed) Through() uint64 { return c.through }

// Forget forgets attempts: they are to be read anew.
func (c *Claimed) Forget() { clear(c.attempts) }

// Attempt takes what an attempt holds for an order in a region.
func (c *Claimed) Attempt(region, order string, claims []lanes.Claim) {
	c.attempts[attempt{region, order}] = claims
}

// Regions lists where decisions claim something.
func (c *Claimed) Regions() []string {
	in := map[string]bool{}
	for _, s := range c.journal.standing {
		in[s.Region] = true
	}
	return slices.Sorted(maps.Keys(in))
}

// claimed is one claim that stands.
type claimed struct {
	region, slot, order string
	ends                time.Time
	open                bool // of an attempt
}

func (c *Claimed) each(visit func(claimed)) {
	for key, s := range c.journal.standing {
		order := key.String()
		for _, claim := range s.Claims {
			if claim.Ends.After(c.journal.after) {
				visit(claimed{s.Region, claim.Slot, order, claim.Ends, false})
			}
		}
	}
	for of, claims := range c.attempts {
		for _, claim := range claims {
			if claim.Ends.After(c.journal.after) {
				visit(claimed{of.region, claim.Slot, of.order, claim.Ends, true})
			}
		}
	}
}

// mostSuch is how many orders a Hidden names.
const mostSuch = 3

// hidings gather claims by what is hidden.
type hidings map[string]*hiding

type hiding struct {
	Hidden
	orders map[string]bool // true: only an attempt
}

func (h hidings) add(path string, c claimed) {
	one := h[path]
	if one == nil {
		one = &hiding{Hidden{Path: path}, map[string]bool{}}
		h[path] = one
	}
	if c.ends.After(one.Until) {
		one.Until = c.ends.UTC()
	}
	before, known := one.orders[c.order]
	one.orders[c.order] = c.open && (before || !known)
}

// list is what was gathered, by path.
func (h hidings) list() []Hidden {
	list := make([]Hidden, 0, len(h))
	for _, one := range h {
		names := slices.Sorted(maps.Keys(one.orders))
		one.Orders, one.Such = len(names), names[:min(len(names), mostSuch)]
		for _, only := range one.orders {
			if only {
				one.Trying++
			}
		}
		list = append(list, one.Hidden)
	}
	slices.SortFunc(list, func(a, b Hidden) int { return cmp.Compare(a.Path, b.Path) })
	return list
}
