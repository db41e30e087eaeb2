package router

import (
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Standing lists, in no order, the orders whose live dispatch claims what is closed
// in a network. A closure does not touch them.
func (c *Closure) Standing(f *Refold, n *Network) (keys []event.Key) {
	kept := *c // by the names in slot ids
	for i := range n.lanes {
		if ln := &n.lanes[i]; ln.site.id == c.Site {
			kept.Site = ln.site.key
			if ln.id == c.Lane {
				kept.Lane = ln.key
			}
		}
	}
	for key, s := range f.Standing {
		if s.Outcome == event.Dispatched && kept.claimedBy(s.Claims) {
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
