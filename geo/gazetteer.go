package geo

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Precision says how well a location is known, from best to worst.
type Precision string

const (
	PrecisionPoint    Precision = "point"           // coordinates
	PrecisionAddress  Precision = "address"         // a house, as a geocoder knows it
	PrecisionStreet   Precision = "street"          // somewhere on a street
	PrecisionPostcode Precision = "postcode"        // the middle of a postcode's places
	PrecisionPrefix   Precision = "postcode_prefix" // the middle of the places of all postcodes with a common prefix
	PrecisionCountry  Precision = "country"         // no point at all
)

// precisions from best to worst.
var precisions = []Precision{PrecisionPoint, PrecisionAddress, PrecisionStreet, PrecisionPostcode, PrecisionPrefix, PrecisionCountry}

// Better reports whether a location known so is known better than one known as
// q. An unknown precision is the worst.
func (p Precision) Better(q Precision) bool { return p.rank() < q.rank() }

func (p Precision) rank() int {
	if i := slices.Index(precisions, p); i >= 0 {
		return i
	}
	return len(precisions)
}

// Place is where a postcode is: in the middle of the places that share it.
// Radius says how good that is: two thirds of them are at most so many metres
// from Point. It is 0 for a single one, which still is no more than the
// middle of some neighbourhood.
type Place struct {
	Point     Point
	Radius    float64
	Precision Precision // PrecisionPostcode or PrecisionPrefix; of a geocoder's, any but PrecisionPoint
}

// Gazetteer knows the places of one country's postcodes. It does not change
// once loaded.
type Gazetteer struct {
	country  countryCode
	codes    int
	places   map[string]Place // by normalised code, and by prefix of one
	presence presence
}

// Gazetteers are gazetteers by country, as ParseCountry returns it.
type Gazetteers map[string]*Gazetteer

// Add adds the gazetteer of a country that has none yet.
func (g Gazetteers) Add(country string, gazetteer *Gazetteer) error {
	if g[country] != nil {
		return fmt.Errorf("%s has a gazetteer already: put both files into one", country)
	}
	g[country] = gazetteer
	return nil
}

// Lookup finds a postcode, in any spelling: itself, or else the longest
// prefix of it that has a place (see Gazetteer.Lookup).
func (g Gazetteers) Lookup(country, code string) (Place, bool) {
	gazetteer := g.of(country)
	if gazetteer == nil {
		return Place{}, false
	}
	return gazetteer.Lookup(code)
}

// PlausibleIn reports whether a point is near the places of a country; see
// Gazetteer.Plausible. Of a country without a gazetteer nothing is known, and
// every point is plausible.
func (g Gazetteers) PlausibleIn(country string, p Point) bool {
	gazetteer := g.of(country)
	return gazetteer == nil || gazetteer.Plausible(p)
}

// Swapped reports whether a point looks as if latitude and longitude were
// exchanged: it is not plausible in the country, and would be the other way
// round.
func (g Gazetteers) Swapped(country string, p Point) bool {
	gazetteer := g.of(country)
	return gazetteer != nil && !gazetteer.Plausible(p) &&
		p.Swapped().Check() == nil && gazetteer.Plausible(p.Swapped())
}

func (g Gazetteers) of(country string) *Gazetteer {
	if gazetteer := g[country]; gazetteer != nil {
		return gazetteer
	}
	return g[strings.ToUpper(country)]
}

// Len is the number of postcodes.
func (g *Gazetteer) Len() int { return g.codes }

// Lookup finds a postcode, in any spelling. Where the gazetteer does not have
// it, the longest prefix of at least two characters stands in that other
// postcodes share, if two thirds of them lie within 10 km of their middle: a
// British postcode falls back to its outward code, a company's own code to
// those of its neighbours, and an invented code to nothing.
func (g *Gazetteer) Lookup(code string) (Place, bool) {
	var room [maxPostcode]byte
	normal := appendPostcode(room[:0], g.country, code)
	if place, ok := g.places[string(normal)]; ok && place.Precision == PrecisionPostcode {
		return place, true
	}
	for n := len(normal) - 1; n >= minPrefix; n-- {
		if !cut(g.country, normal, n) {
			continue
		}
		if place, ok := g.places[string(normal[:n])]; ok {
			place.Precision = PrecisionPrefix
			return place, true
		}
	}
	return Place{}, false
}

const (
	minPrefix       = 2
	maxPrefixRadius = 10_000 // metres
)

// Plausible reports whether a point is near one of the country's places: in
// the same field of one degree by one or in one of the eight around it, which
// is between 30 and 200 km in the latitudes where people live.
func (g *Gazetteer) Plausible(p Point) bool {
	return p.Check() == nil && g.presence.has(p)
}

// presence is the set of one-degree fields that are, or touch, one with a
// place in it.
type presence [180 * 360 / 64]uint64

func (f *presence) has(p Point) bool {
	n := field(p, 0, 0)
	return f[n/64]>>(n%64)&1 == 1
}

func (f *presence) add(p Point) {
	for north := -1; north <= 1; north++ {
		for east := -1; east <= 1; east++ {
			n := field(p, north, east)
			f[n/64] |= 1 << (n % 64)
		}
	}
}

// field numbers the field of a point, or one so many steps from it. Eastwards
// they go round the earth.
func field(p Point, north, east int) int {
	row := min(max(int(p.Lat+90)+north, 0), 179)
	column := (int(p.Lng+180) + east + 360) % 360
	return row*360 + column
}

var errNoRows = errors.New("the gazetteer has no postcodes")
