package lint

import (
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// filler is a lane that fills a bank of lockers.
type filler struct {
	site *config.Site
	lane *config.Lane
}

// lockers reports banks that no order comes to, and compartments that make no
// sense.
func (l *linter) lockers() {
	fillers := map[string][]filler{}
	for i := range l.c.Sites {
		s := &l.c.Sites[i]
		for j := range s.Lanes {
			for _, id := range s.Lanes[j].Lockers {
				fillers[id] = append(fillers[id], filler{s, &s.Lanes[j]})
			}
		}
	}
	for i := range l.c.Lockers {
		b := &l.c.Lockers[i]
		path := "$.lockers." + b.ID
		l.sizes(b, path+".sizes", fillers[b.ID])
		if by := fillers[b.ID]; len(by) > 0 { // of others the config has spoken
			l.served(b, path, by)
		}
	}
	if len(l.c.Lockers) > 0 && !l.c.Defaults.Parcel.Known() {
		l.report("$.defaults.parcel", NoDefaultParcel, "defaults: {parcel: {mm: [300, 200, 150]}}",
			"there is no default parcel: an order with a line without dimensions fits no locker")
	}
}

// served reports a bank whose lanes never bring anything, or only serve other
// neighbourhoods.
func (l *linter) served(b *config.Bank, path string, by []filler) {
	if !slices.ContainsFunc(by, func(f filler) bool { return !l.dead(f.lane) }) {
		l.report(path, LockerUnserved, "let another lane fill it, or mend "+by[0].site.ID+"/"+by[0].lane.ID,
			"no lane that fills locker %q ever leaves in time", b.ID)
		return
	}
	if !slices.ContainsFunc(by, func(f filler) bool { return l.reaches(b, f.lane) }) {
		l.report(path+".offer.withinKm", LockerApart, "widen the offer or the lane's catchment, or let a nearer lane fill it",
			"locker %q is never offered: within %g km of it is no address that %s/%s serves", b.ID, b.OfferWithinKm, by[0].site.ID, by[0].lane.ID)
	}
}

// reaches reports whether a lane serves any address that the bank is offered
// to.
func (l *linter) reaches(b *config.Bank, n *config.Lane) bool {
	if len(n.Area.Countries)+len(n.Area.Postcodes) > 0 {
		return true
	}
	around, err := geo.Within(b.At, b.OfferWithinKm, l.c.Resolution)
	if err != nil { // smaller than a cell
		c, _ := geo.CellAt(b.At, l.c.Resolution)
		around, _ = geo.NewSet(l.c.Resolution, c)
	}
	return shares(around, served(n))
}

// sizes reports compartments that come too late in the list, that nothing
// needs, and banks that lines without dimensions never get into.
func (l *linter) sizes(b *config.Bank, path string, by []filler) {
	for i := range b.Sizes {
		if j := l.heldBy(b, i); j >= 0 {
			l.report(item(path, i), SizeOrder, "list sizes from small to large",
				"size %s is taken only when every %s before it is full: whatever fits it fits that, too", b.Sizes[i].ID, b.Sizes[j].ID)
		} else if j := l.enough(b, i, by); j >= 0 {
			l.report(item(path, i), SizeIdle, "nothing, if it is there for when the smaller ones are full",
				"no parcel needs size %s: all that the couriers of this bank carry fits %s", b.Sizes[i].ID, b.Sizes[j].ID)
		}
	}
	parcel := lanes.Parcel{Box: l.c.Defaults.Parcel}
	if !parcel.Box.Known() || slices.ContainsFunc(b.Sizes, func(s config.Size) bool { return s.Room.Fit(parcel) == lanes.Fits }) {
		return
	}
	l.report(path, DefaultTooBig, "make the default parcel smaller, or add a larger size",
		"lines without dimensions count as %s mm, more than any size of locker %q takes", sides(parcel.Box), b.ID)
}

// heldBy is the size before the i-th that takes whatever that takes; -1: none.
func (l *linter) heldBy(b *config.Bank, i int) int {
	return slices.IndexFunc(b.Sizes[:i], func(s config.Size) bool { return contains(s.Room, b.Sizes[i].Room) })
}

// enough is a size before the i-th that takes whatever the couriers of the
// bank carry; -1: none.
func (l *linter) enough(b *config.Bank, i int, by []filler) int {
	return slices.IndexFunc(b.Sizes[:i], func(s config.Size) bool {
		for _, f := range by {
			if !contains(s.Room, l.courier(f.lane.Courier).MaxParcel) {
				return false
			}
		}
		return len(by) > 0
	})
}

// contains reports whether everything that fits into the smaller room fits
// into the larger one.
func contains(larger, smaller lanes.Room) bool {
	if larger.Box.Known() && (!smaller.Box.Known() || !smaller.Box.FitsIn(larger.Box)) {
		return false
	}
	return larger.Grams == 0 || smaller.Grams > 0 && smaller.Grams <= larger.Grams
}

func sides(b lanes.Box) string { return fmt.Sprintf("%d x %d x %d", b[0], b[1], b[2]) }
