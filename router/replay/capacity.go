package replay

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// capacity is what the orders have taken of each slot.
type capacity map[string]*slot

// slot is one of them. What is freed after its end was carried nevertheless.
type slot struct {
	used    int64
	carried int64
	refused int // orders that found no room in it
	by      int // the last of these orders, counted from 1
}

func (c capacity) of(id string) *slot {
	s := c[id]
	if s == nil {
		s = new(slot)
		c[id] = s
	}
	return s
}

// first returns the best option of the plan that there is room for, or nil,
// and notes what was full. The router asks for eight options at once; which of
// them gets the room does not depend on that. An order that looks again is no
// new one to be refused: its number is 0.
func (c capacity) first(p *router.Plan, order int) *router.Option {
	for {
		options, _ := p.Take(1)
		if len(options) == 0 {
			return nil
		}
		if c.fits(options[0].Body.Claims, order) {
			return options[0]
		}
		p.Full(options)
	}
}

func (c capacity) fits(claims []event.Claim, order int) bool {
	fits := true
	for i := range claims {
		s := c.of(claims[i].Slot)
		if s.used+claims[i].Units <= claims[i].Limit {
			continue
		}
		if fits = false; order > 0 && s.by != order {
			s.refused, s.by = s.refused+1, order
		}
	}
	return fits
}

func (c capacity) take(claims []event.Claim) {
	for i := range claims {
		s := c.of(claims[i].Slot)
		s.used += claims[i].Units
		s.carried += claims[i].Units
	}
}

func (c capacity) free(claims []event.Claim, now time.Time) {
	for i := range claims {
		s := c.of(claims[i].Slot)
		s.used -= claims[i].Units
		if now.Before(claims[i].Ends) {
			s.carried -= claims[i].Units
		}
	}
}
