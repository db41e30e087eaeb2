package router

import (
	"context"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// Geocoder knows where addresses are, as well as it can say at once.
type Geocoder interface {
	// Find looks for all addresses at the same time and returns as many places,
	// in their order; one that was not found, for whatever reason, is zero. It
	// returns in bounded time, and nothing that goes wrong there is an error
	// here.
	Find(ctx context.Context, addresses []geo.Address) []geo.Place
}

// locate asks the geocoder, if there is one, for the addresses of all orders
// that have no place yet. None waits for it longer than the geocoder's own
// bound, and none fails because of it: the gazetteer stands in.
func (b *batch) locate(ctx context.Context) {
	if b.Geocoder == nil {
		return
	}
	var ask []*work
	var addresses []geo.Address
	for _, w := range b.on(routing) {
		if w.order != nil && !placed(w.last.Decision) && b.asksFor(w) {
			ask, addresses = append(ask, w), append(addresses, addressOf(w.order))
		}
	}
	if len(ask) == 0 {
		return
	}
	for i, found := range b.Geocoder.Find(ctx, addresses) {
		ask[i].asked, ask[i].found = true, found
	}
}

// asksFor reports whether the geocoder is asked where the work's order goes.
func (b *batch) asksFor(w *work) bool { return b.Geocoder != nil && b.net.Geocodes(w.order) }

// placed reports whether an order's place was settled by a decision on it: it
// stays where it was when it is routed again.
func placed(last *event.Decision) bool {
	return last != nil && last.Outcome != event.Void
}

// place is where the work's order ships to.
func (b *batch) place(w *work) Place {
	switch {
	case placed(w.last.Decision):
		return b.net.Relocate(w.order, w.last.Decision)
	case w.held != nil:
		return b.net.Relocate(w.order, &event.Decision{Cell: w.held.Cell, Precision: w.held.Precision, LocatedBy: w.held.By})
	case w.asked:
		return b.net.Found(w.order, w.found)
	}
	return b.net.Locate(w.order)
}

// settleAt plans an order once more for the place that its hold was chosen for,
// if it was found elsewhere since: a hold outlives its router, and what a
// geocoder said does not.
func (b *batch) settleAt(w *work, at *event.Located) {
	if here := w.plan.Place.located(); at == nil || here != nil && *here == *at {
		return
	}
	w.held = at
	b.planOne(w)
	w.plan.draw(offersPerCall) // as it was before the hold was found
}

// locatedAs writes down where a plan took its order to be.
func locatedAs(d *event.Decision, p Place) {
	d.Cell, d.Precision, d.LocatedBy = "", string(p.Precision), string(p.Source)
	if p.Cell != 0 {
		d.Cell = p.Cell.String()
	}
}

// located goes with a hold whose order might be found elsewhere by the time
// that another router takes the hold over: the decision must name the place
// that the hold was chosen for.
func (p Place) located() *event.Located {
	if !p.unsteady {
		return nil
	}
	at := &event.Located{Precision: string(p.Precision), By: string(p.Source)}
	if p.Cell != 0 {
		at.Cell = p.Cell.String()
	}
	return at
}
