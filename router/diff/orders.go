package diff

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// Orders is where given orders would go, each planned when it was placed with
// nothing taken.
type Orders struct {
	Planned int         `json:"planned"`
	Moved   int         `json:"moved"` // to another lane, locker or level, or to or from nowhere; a new name is none
	Moves   []OrderMove `json:"moves"` // most orders first
}

// OrderMove is the orders that go from one way to another. A way is
// "site/lane at level", with its locker if there is one, or "unroutable" with
// the nearest reason.
type OrderMove struct {
	From     string   `json:"from"`
	To       string   `json:"to"`
	Orders   int      `json:"orders"`
	Examples []string `json:"examples"` // channel/order of the first few
}

// mostExamples is how many orders are named for each move.
const mostExamples = 3

// AddOrders plans orders in both networks.
func (r *Report) AddOrders(was, is *router.Network, orders []*event.Order) {
	type move struct{ from, to string }
	moves := map[move]*OrderMove{}
	r.Orders = &Orders{Planned: len(orders), Moves: []OrderMove{}}
	for _, o := range orders {
		from, before := wayOf(was, o)
		to, after := wayOf(is, o)
		if before == after {
			continue
		}
		m := move{from, to}
		r.Orders.Moved++
		one := moves[m]
		if one == nil {
			one = &OrderMove{From: m.from, To: m.to}
			moves[m] = one
		}
		if one.Orders++; len(one.Examples) < mostExamples {
			one.Examples = append(one.Examples, o.Channel+"/"+o.OrderID)
		}
	}
	for _, one := range slices.SortedFunc(maps.Values(moves), func(a, b *OrderMove) int {
		return cmp.Or(b.Orders-a.Orders, cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	}) {
		r.Orders.Moves = append(r.Orders.Moves, *one)
	}
}

// wayOf is where an order goes on empty capacity, as people call it and as its
// slots are kept, which a new name does not change.
func wayOf(n *router.Network, o *event.Order) (way, kept string) {
	p := n.Plan(router.Request{Order: o, Place: n.Locate(o), Now: o.PlacedAt, Excluded: o.Constraints.ExcludedSites})
	defer p.Release()
	options, _ := p.Take(1)
	if len(options) == 0 {
		reason := "no reason"
		if reasons := p.Reasons(); len(reasons) > 0 {
			reason = reasons[0]
		}
		way = "unroutable (" + reason + ")"
		return way, way
	}
	b := &options[0].Body
	way = b.Site.SiteID + "/" + b.Lane + " at " + b.ServiceLevel
	if b.Locker != nil {
		way += " to locker " + b.Locker.BankID
	}
	return way, keptOf(b)
}

// keptOf names a way by the slots of its departure and of its locker's bank, whatever
// they are called.
func keptOf(b *event.Body) string {
	kept := b.Region + " " + b.ServiceLevel
	for _, c := range b.Claims {
		switch slot, err := lanes.ParseSlot(c.Slot); {
		case err != nil:
			kept += " " + c.Slot
		case slot.Kind == lanes.KindLane && !strings.Contains(kept, slot.Kind+"/"):
			kept += " " + slot.Kind + "/" + slot.Place + "/" + slot.Name
		case slot.Kind == lanes.KindLocker && !strings.Contains(kept, slot.Kind+"/"):
			kept += " " + slot.Kind + "/" + slot.Place
		}
	}
	return kept
}
