package config

import (
	"fmt"
	"math"

	"github.com/nearlane/nearlane/geo"
)

// place is where the file puts a site or a bank of lockers.
type place struct {
	value
	what   string // "site kallio"
	region string // empty: not known
	at     geo.Point
	vec    geo.Vec // at
}

// at reads coordinates: {lat, lng}.
func (l *loader) at(v value, what, region string) (geo.Point, bool) {
	const hint = "{lat: 60.1842, lng: 24.9497}"
	m := v.mapping(hint)
	latAt, lngAt := m.need("lat", hint), m.need("lng", hint)
	m.done()
	degrees := decimal("degrees", "decimal degrees, such as 60.1842", -180, 180)
	lat, okLat := read(latAt, degrees)
	lng, okLng := read(lngAt, degrees)
	if !okLat || !okLng {
		return geo.Point{}, false
	}
	p := geo.Point{Lat: lat, Lng: lng}
	if err := p.Check(); err != nil {
		latAt.fail(CodeRange, swapHint(p), "this is no place on earth: %v", err)
		return geo.Point{}, false
	}
	l.places = append(l.places, place{value: v, what: what, region: region, at: p, vec: p.Vec()})
	return p, true
}

func swapHint(p geo.Point) string {
	return fmt.Sprintf("are lat and lng swapped? {lat: %g, lng: %g}", p.Lng, p.Lat)
}

// A region is a metropolitan area: nothing in it is further than this from
// everything else in it.
const regionMetres = 300_000

// checkPlaces looks for coordinates that are nowhere near where they should
// be, above all those with latitude and longitude exchanged: both orders are
// places on earth, and H3 takes either.
func (l *loader) checkPlaces() {
	var right []place
	wrong := map[geo.Point]bool{}
	byRegion := map[string][]place{}
	for _, p := range l.places {
		if l.swapped(p) {
			p.failAtKey(CodePlace, swapHint(p.at), "%s is far from everything else, and would not be with lat and lng exchanged", p.what)
			wrong[p.at] = true
			continue
		}
		right = append(right, p)
		byRegion[p.region] = append(byRegion[p.region], p)
	}
	for _, p := range right {
		others := byRegion[p.region]
		if p.region == "" || len(others) == 1 || p.near(others, p.vec) {
			continue
		}
		p.warn(CodePlace, "check the coordinates, or give it a region of its own",
			"%s is more than %d km from everything else in region %q", p.what, regionMetres/1000, p.region)
	}
	for _, s := range l.astray {
		if !wrong[s.site] { // else the site is the mistake
			s.fail(CodePlace, "GeoJSON writes [longitude, latitude]: exchange them in the file",
				"the shape is %.0f km from the site, and would be around it with latitude and longitude exchanged", s.metres/1000)
		}
	}
}

// astray is a shape that is around its site only with latitude and longitude
// exchanged.
type astray struct {
	value
	site   geo.Point
	metres float64 // from it
}

// swapped reports whether a place looks right only with its coordinates
// exchanged: to the gazetteers if there are any, else beside the other places.
func (l *loader) swapped(p place) bool {
	if len(l.config.Gazetteers) > 0 {
		return l.swappedByGazetteer(p.at)
	}
	return p.at.Swapped().Check() == nil && !p.near(l.places, p.vec) && p.near(l.places, p.at.Swapped().Vec())
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

// near reports whether a point is in one metropolitan area with any of some
// places, other than p itself.
func (p place) near(others []place, point geo.Vec) bool {
	for _, other := range others {
		if other.path != p.path && point.Distance(other.vec) < regionMetres {
			return true
		}
	}
	return false
}

// checkSwapped notes cells that are around the site only with latitude and
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
		o.loader.astray = append(o.loader.astray, astray{v, site, toSite})
	}
}
