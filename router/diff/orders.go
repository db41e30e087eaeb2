package diff

import (
	"cmp"
	"maps"
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Orders is where given orders would go, each planned when it was placed with
// nothing taken.
type Orders struct {
	Planned int         `json:"planned"`
	Moved   int         `json:"moved"` // to another lane, locker or level, or to or from nowhere
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
		m := move{wayOf(was, o), wayOf(is, o)}
		if m.from == m.to {
			continue
		}
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

// wayOf is where an order goes on empty capacity.
func wayOf(n *router.Network, o *event.Order) string {
	p := n.Plan(router.Request{Order: o, Place: n.Locate(o), Now: o.PlacedAt, Excluded: o.Constraints.ExcludedSites})
	defer p.Release()
	options, _ := p.Take(1)
	if len(options) == 0 {
		reason := "no reason"
		if reasons := p.Reasons(); len(reasons) > 0 {
			reason = reasons[0]
		}
		return "unroutable (" + reason + ")"
	}
	b := &options[0].Body
	way := b.Site.SiteID + "/" + b.Lane + " at " + b.ServiceLevel
	if b.Locker != nil {
		way += " to locker " + b.Locker.BankID
	}
	return way
}
