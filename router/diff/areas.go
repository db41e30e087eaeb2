package diff

import (
	"maps"
	"math"
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/geo"
)

// areas compares the countries and postcodes of each level, and drops the
// levels that do not differ.
func (r *Report) areas() {
	for i := range r.Levels {
		l := &r.Levels[i]
		countries, postcodes := namedAreas(r.old, l.ID)
		countriesNow, postcodesNow := namedAreas(r.new, l.ID)
		l.CountriesGained, l.CountriesLost = apart(countries, countriesNow)
		l.PostcodesGained, l.PostcodesLost = apart(postcodes, postcodesNow)
	}
	r.Levels = slices.DeleteFunc(r.Levels, func(l Level) bool {
		return len(l.Moves)+len(l.CountriesGained)+len(l.CountriesLost)+len(l.PostcodesGained)+len(l.PostcodesLost) == 0
	})
}

// namedAreas are the countries and postcode prefixes that a lane of a level
// serves; what its minus names is not among them.
func namedAreas(c *config.Config, level string) (countries, postcodes map[string]bool) {
	countries, postcodes = map[string]bool{}, map[string]bool{}
	for i := range c.Sites {
		for j := range c.Sites[i].Lanes {
			lane := &c.Sites[i].Lanes[j]
			if !slices.Contains(lane.Levels, level) {
				continue
			}
			minus := lane.Area.Minus
			for _, country := range lane.Area.Countries {
				if minus == nil || !slices.Contains(minus.Countries, country) {
					countries[country] = true
				}
			}
			for _, p := range lane.Area.Postcodes {
				if minus == nil || !slices.Contains(minus.Postcodes, p) {
					postcodes[p.Country+" "+p.Prefix] = true
				}
			}
		}
	}
	return countries, postcodes
}

// apart lists what only the second set has, and only the first.
func apart(was, is map[string]bool) (gained, lost []string) {
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if !was[name] {
			gained = append(gained, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(was)) {
		if !is[name] {
			lost = append(lost, name)
		}
	}
	return gained, lost
}

// squareKm is about how large a set is: as many times its first cell as it has
// cells. Neighbouring cells differ by a percent or less.
func squareKm(s geo.Set) float64 {
	for c := range s.All() {
		return math.Round(float64(s.Count())*cellSquareKm(c)*100) / 100
	}
	return 0
}

func cellSquareKm(c geo.Cell) float64 {
	const degree = 111.195 // km of latitude
	ring, center := c.Boundary(), c.Center()
	shrink := math.Cos(center.Lat * math.Pi / 180)
	sum := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		px, qx := math.Remainder(p.Lng-center.Lng, 360)*shrink, math.Remainder(q.Lng-center.Lng, 360)*shrink
		sum += px*(q.Lat-center.Lat) - qx*(p.Lat-center.Lat)
	}
	return math.Abs(sum) / 2 * degree * degree
}
