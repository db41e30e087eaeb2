package config

import (
	"math"

	"github.com/nearlane/nearlane/geo"
)

// place is where the file puts a site or a bank of lockers.
type place struct {
	value
	what   string // "site kallio"
	region string // empty: not known
	at     geo.Point
}

// A region is a metropolitan area: nothing in it is further than this from
// everything else in it.
const regionMetres = 300_000

// checkPlaces looks for coordinates that are nowhere near where they should
// be, above all those with latitude and longitude exchanged: both orders are
// places on earth, and H3 takes either.
func (l *loader) checkPlaces() {
	for i, p := range l.places {
		switch {
		case l.swappedByGazetteer(p.at), l.swappedByRegion(i):
			p.failAtKey(CodePlace, swapHint(p.at), "%s lies far from everything else, and would not with lat and lng exchanged", p.what)
		case l.nearest(i, p.at) > regionMetres && !math.IsInf(l.nearest(i, p.at), 1):
			p.warn(CodePlace, "check the coordinates, or give it a region of its own",
				"%s is %.0f km from everything else in region %q", p.what, l.nearest(i, p.at)/1000, p.region)
		}
	}
}

// swappedByGazetteer reports whether a point is in none of the countries with
// a gazetteer, and would be in one the other way round.
func (l *loader) swappedByGazetteer(p geo.Point) bool {
	swapped := false
	for code, g := range l.config.Gazetteers {
		if g.Plausible(p) {
			return false
		}
		swapped = swapped || l.config.Gazetteers.Swapped(code, p)
	}
	return swapped
}

func (l *loader) swappedByRegion(i int) bool {
	p := l.places[i].at.Swapped()
	return l.nearest(i, l.places[i].at) > regionMetres && p.Check() == nil && l.nearest(i, p) < regionMetres
}

// nearest is the distance in metres from a point to the nearest place in the
// region of place i other than i; infinite if there is none.
func (l *loader) nearest(i int, p geo.Point) float64 {
	least := math.Inf(1)
	for j, other := range l.places {
		if j != i && other.region != "" && other.region == l.places[i].region {
			least = min(least, geo.Distance(p, other.at))
		}
	}
	return least
}

// checkSwapped reports cells that are around the site only with latitude and
// longitude exchanged: GeoJSON writes longitude first, most people do not.
func (o *outlet) checkSwapped(v value, set geo.Set) {
	const near = 100_000 // metres
	site, swapped := o.site.At, o.site.At.Swapped()
	if !o.atKnown || set.Empty() || swapped.Check() != nil {
		return
	}
	toSite, toSwapped := math.Inf(1), math.Inf(1)
	for _, c := range set.Compact() {
		center := c.Center()
		toSite = min(toSite, geo.Distance(center, site))
		toSwapped = min(toSwapped, geo.Distance(center, swapped))
	}
	if toSite > 5*near && toSwapped < near {
		v.fail(CodePlace, "GeoJSON writes [longitude, latitude]: exchange them in the file",
			"the shape is %.0f km from the site, and would be around it with latitude and longitude exchanged", toSite/1000)
	}
}
