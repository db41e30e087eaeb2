package geo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/uber/h3-go/v4"
)

var libraryModes = map[Containment]h3.ContainmentMode{
	Center:      h3.ContainmentCenter,
	Full:        h3.ContainmentFull,
	Overlapping: h3.ContainmentOverlapping,
}

// Random stars of either winding, small ones, and large ones with a hole,
// against the library's own filling in all three modes. Holes are larger than
// a cell, because the library overlooks a cell that has all of one in it.
func TestPolygonAgainstLibrary(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	for i := range 200 {
		at := Point{Lat: 120*r.Float64() - 60, Lng: 260*r.Float64() - 130}
		res := 3 + r.IntN(7)
		size := degrees(spacing(res)) * (0.1 + 8*r.Float64())
		outer := star(r, at, size, 8+r.IntN(40)) // with fewer corners, a hole could stick out
		if i%2 == 0 {
			slices.Reverse(outer)
		}
		rings := [][]position{outer}
		polygon := h3.GeoPolygon{GeoLoop: loop(outer)}
		if i%3 == 0 {
			rings[0] = star(r, at, size+degrees(spacing(res))*8, 8+r.IntN(40))
			rings = append(rings, star(r, at, degrees(spacing(res))*2, 3+r.IntN(10)))
			polygon = h3.GeoPolygon{GeoLoop: loop(rings[0]), Holes: []h3.GeoLoop{loop(rings[1])}}
		}
		for mode, libraryMode := range libraryModes {
			cells, err := h3.PolygonToCellsExperimental(polygon, res, libraryMode)
			if err != nil {
				t.Fatal(err)
			}
			var want []Cell
			for _, c := range cells {
				want = append(want, Cell(c))
			}
			slices.Sort(want)
			got, err := fillPolygon(rings, res, mode)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, slices.Collect(got.All())); diff != "" {
				t.Errorf("star %d at %v, resolution %d, %s (-want +got):\n%s", i, at, res, mode, diff)
			}
			checkCompact(t, got)
		}
	}
}

// star is a closed ring around a point, its corners up to size degrees away.
func star(r *rand.Rand, at Point, size float64, corners int) []position {
	ring := make([]position, 0, corners+1)
	for i := range corners {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
		far := size * (0.3 + 0.7*r.Float64())
		ring = append(ring, position{at.Lng + far*cos/math.Cos(radians(at.Lat)), at.Lat + far*sin})
	}
	return append(ring, ring[0])
}

func loop(ring []position) h3.GeoLoop {
	var l h3.GeoLoop
	for _, p := range ring[:len(ring)-1] {
		l = append(l, h3.LatLng{Lat: p[1], Lng: p[0]})
	}
	return l
}

// Two halves of a box that was cut at the antimeridian, and one over the
// pole, against every centre on earth.
func TestPolygonAtTheEdgesOfTheMap(t *testing.T) {
	t.Parallel()
	boxes := map[string][]box{
		"fiji": {{west: 170, east: 180, south: -25, north: -10}, {west: -180, east: -172, south: -25, north: -10}},
		"pole": {{west: -180, east: -60, south: 70, north: 90}, {west: -60, east: 60, south: 70, north: 90}, {west: 60, east: 180, south: 70, north: 90}},
	}
	const res = 4
	for name, halves := range boxes {
		var rings []string
		for _, b := range halves {
			rings = append(rings, fmt.Sprintf("[[[%[1]g,%[3]g],[%[2]g,%[3]g],[%[2]g,%[4]g],[%[1]g,%[4]g],[%[1]g,%[3]g]]]",
				b.west, b.east, b.south, b.north))
		}
		text := `{"type":"MultiPolygon","coordinates":[` + strings.Join(rings, ",") + `]}`
		got, err := Polygons(strings.NewReader(text), "", res, Center)
		if err != nil {
			t.Fatal(err)
		}
		for b := range baseCells {
			for c := range everyDescendant(baseCell(b), res) {
				at := c.Center()
				want := slices.ContainsFunc(halves, func(b box) bool {
					return at.Lng >= b.west && at.Lng <= b.east && at.Lat >= b.south && at.Lat <= b.north
				})
				if got := got.Contains(c); got != want {
					t.Fatalf("%s holds %v at %v: got %v, want %v", name, c, at, got, want)
				}
			}
		}
		if over, err := Polygons(strings.NewReader(text), "", res, Overlapping); err != nil || over.Count() <= got.Count() {
			t.Errorf("%s overlaps %d cells (%v), want more than the %d with their centre in it", name, over.Count(), err, got.Count())
		}
	}
}

// Polygons that tile a region claim each cell once by centre, as their union
// does, and each border cell twice when overlapping.
func TestCenterTilesWithoutOverlap(t *testing.T) {
	t.Parallel()
	fillBox := func(west, east float64, mode Containment) Set {
		s, err := fillPolygon([][]position{{{west, 60}, {east, 60}, {east, 60.2}, {west, 60.2}, {west, 60}}}, 9, mode)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	left, right, both := fillBox(24.8, 25.0137, Center), fillBox(25.0137, 25.1, Center), fillBox(24.8, 25.1, Center)
	if !Union(left, right).Equal(both) {
		t.Error("the tiles' union differs from the whole")
	}
	if got, want := left.Count()+right.Count(), both.Count(); got != want {
		t.Errorf("cells in the tiles: got %d, want %d", got, want)
	}
	left, right, both = fillBox(24.8, 25.0137, Overlapping), fillBox(25.0137, 25.1, Overlapping), fillBox(24.8, 25.1, Overlapping)
	if got := left.Count() + right.Count(); got <= both.Count() {
		t.Errorf("overlapping cells in the tiles: got %d, want more than %d", got, both.Count())
	}
}
