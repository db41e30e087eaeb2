package geo

import (
	"cmp"
	"slices"
	"strings"
)

// newGazetteer places all codes, and all prefixes whose codes lie close
// together.
func newGazetteer(country countryCode, rows []row) *Gazetteer {
	g := &Gazetteer{country: country, places: map[string]Place{}}
	slices.SortFunc(rows, func(a, b row) int { return strings.Compare(a.code, b.code) })
	var codes []row // one of each
	groups(rows, maxPostcode, func(code string, rows []row) {
		place := middle(rows, PrecisionPostcode)
		g.places[code] = place
		codes = append(codes, row{code, place.Point})
	})
	g.codes = len(codes)
	for _, r := range rows {
		g.presence.add(r.point)
	}
	for n := minPrefix; n < maxPostcode; n++ {
		groups(longer(country, codes, n), n, func(prefix string, codes []row) {
			if _, ok := g.places[prefix]; ok {
				return
			}
			if place := middle(codes, PrecisionPrefix); place.Radius <= maxPrefixRadius {
				g.places[prefix] = place
			}
		})
	}
	return g
}

// longer returns the rows whose codes have a prefix of n bytes.
func longer(country countryCode, rows []row, n int) []row {
	var long []row
	for _, r := range rows {
		if len(r.code) > n && cut(country, []byte(r.code), n) {
			long = append(long, r)
		}
	}
	return long
}

// groups calls fn for each run of sorted rows whose codes have their first n
// bytes in common.
func groups(rows []row, n int, fn func(code string, rows []row)) {
	head := func(r row) string { return r.code[:min(n, len(r.code))] }
	for len(rows) > 0 {
		code := head(rows[0])
		end := slices.IndexFunc(rows, func(r row) bool { return head(r) != code })
		if end < 0 {
			end = len(rows)
		}
		fn(code, rows[:end])
		rows = rows[end:]
	}
}

// middle is the place in the middle of some, and how close two thirds of them
// are to it. It is the median, for real gazetteers have places that are
// hundreds of kilometres off: a box office put at the centre of the country,
// the seat of a company far from its mailbox. A mean would lie in between,
// where nobody lives.
func middle(rows []row, precision Precision) Place {
	if len(rows) == 1 {
		return Place{Point: rows[0].point, Precision: precision}
	}
	places := make([]Vec, len(rows))
	for i, r := range rows {
		places[i] = r.point.Vec()
	}
	center := Vec{
		X: median(places, func(v Vec) float64 { return v.X }),
		Y: median(places, func(v Vec) float64 { return v.Y }),
		Z: median(places, func(v Vec) float64 { return v.Z }),
	}
	p := Place{Point: center.point(), Precision: precision}
	unit := p.Point.Vec()
	distances := make([]float64, len(places))
	for i, place := range places {
		distances[i] = unit.Distance(place)
	}
	slices.Sort(distances)
	p.Radius = distances[(2*len(distances)+2)/3-1]
	return p
}

// median is the middle of one coordinate, or of the two in the middle.
func median(places []Vec, coordinate func(Vec) float64) float64 {
	slices.SortFunc(places, func(a, b Vec) int { return cmp.Compare(coordinate(a), coordinate(b)) })
	half := len(places) / 2
	if len(places)%2 == 1 {
		return coordinate(places[half])
	}
	return (coordinate(places[half-1]) + coordinate(places[half])) / 2
}
