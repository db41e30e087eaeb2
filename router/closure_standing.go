package router

import (
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Standing lists, in no order, the orders whose live dispatch claims what is closed. A
// closure does not touch them.
func (c *Closure) Standing(f *Refold) (keys []event.Key) {
	for key, s := range f.Standing {
		if s.Outcome == event.Dispatched && c.claimedBy(s.Claims) {
			keys = append(keys, key)
		}
	}
	return keys
}

func (c *Closure) claimedBy(claims []event.Claim) bool {
	for _, claim := range claims {
		slot, err := lanes.ParseSlot(claim.Slot)
		if err != nil || slot.Place != c.Site || slot.Date < c.From || slot.Date > c.Until {
			continue
		}
		if slot.Kind == lanes.KindLane && (c.Lane == "" || slot.Name == c.Lane) || slot.Kind == lanes.KindMake && c.Lane == "" {
			return true
		}
	}
	return false
}
