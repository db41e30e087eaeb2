package geo

import (
	"math"

	"github.com/uber/h3-go/v4"
)

// Coverage says what became of polygons when they were turned into cells.
// Areas are in square metres; what overlaps counts for each polygon.
type Coverage struct {
	Area  float64 // of the polygons
	Cells float64 // area of the cells they yielded
	Count uint64  // of those cells
	Parts int     // polygons
	Lost  int     // polygons that yielded no cell
}

// add counts one polygon and the cells that it yielded.
func (v *Coverage) add(rings [][]position, set Set) {
	v.Parts++
	v.Area += areaOf(rings)
	if set.Empty() {
		v.Lost++
		return
	}
	n := set.Count()
	v.Count += n
	v.Cells += float64(n) * set.cellArea()
}

const earthRadius2 = 6371007.180918475 * 6371007.180918475 // of H3's sphere

// areaOf is the area within rings of which the first is the outer one, with
// edges straight in latitude and longitude.
func areaOf(rings [][]position) float64 {
	var area float64
	for i, ring := range rings {
		one := math.Abs(signedArea(ring))
		if i > 0 {
			one = -one
		}
		area += one
	}
	return max(area, 0)
}

// signedArea sums, edge by edge, what lies between the edge and the equator.
func signedArea(ring []position) float64 {
	var sum float64
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		from, to := radians(a[1]), radians(b[1])
		height := math.Sin((from + to) / 2) // mean of the sine along the edge
		if d := to - from; math.Abs(d) > 1e-9 {
			height = (math.Cos(from) - math.Cos(to)) / d
		}
		sum += radians(b[0]-a[0]) * height
	}
	return sum * earthRadius2
}

// cellArea is the area of one cell of the set. Cells next to each other hardly
// differ, so a few stand for all.
func (s Set) cellArea() float64 {
	var sum float64
	samples := []Cell{s.cells[0], s.cells[len(s.cells)/2], s.cells[len(s.cells)-1]}
	for _, c := range samples {
		for c.Resolution() < s.res {
			c = c.child(0)
		}
		area, err := h3.CellAreaM2(h3.Cell(c))
		if err != nil {
			return 0
		}
		sum += area
	}
	return sum / float64(len(samples))
}
