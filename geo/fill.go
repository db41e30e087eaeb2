package geo

import (
	"math"
	"slices"
)

// relation is what a shape has to do with everything in a cap of the sphere.
type relation uint8

const (
	apart relation = iota // nothing in the cap is in the shape
	whole                 // all of it is
	mixed                 // it takes a closer look
)

// shape is what can be filled with cells.
type shape interface {
	// around judges a cap of the sphere by its centre and its radius in
	// radians: the cells with their centres in it. It may say mixed to be on
	// the safe side. The shape returned is the same one, as far as the cap
	// needs it.
	around(center Point, radius float64) (shape, relation)
	// holds decides on one cell of the resolution that is filled.
	holds(c Cell, center Point) bool
}

// fill returns the cells of resolution res that a shape holds. It descends
// from the ten dozen base cells and looks closer only along the shape's
// border, so that the cost is that of the border, not of the area.
func fill(s shape, res int) Set {
	f := filler{res: res}
	for r := res; r > 0; r-- {
		f.reach[r-1] = f.reach[r] + spacing(r)
	}
	for b := range baseCells {
		f.cell(s, baseCell(b))
	}
	return Set{res: res, cells: slices.Clip(f.cells)}
}

type filler struct {
	res int
	// reach bounds, for a cell of each resolution, how far the centres of its
	// descendants are from its own: a child's is one spacing of its resolution
	// away, or none.
	reach [MaxResolution + 1]float64
	cells []Cell
}

func (f *filler) cell(s shape, c Cell) {
	res, center := c.Resolution(), c.Center()
	s, rel := s.around(center, f.reach[res])
	switch {
	case rel == apart:
	case rel == whole:
		f.cells = push(f.cells, c)
	case res == f.res:
		if s.holds(c, center) {
			f.cells = push(f.cells, c)
		}
	default:
		pentagon := c.pentagon()
		for d := range childDigits {
			if d == 1 && pentagon {
				continue
			}
			f.cell(s, c.child(d))
		}
	}
}

// spacing bounds the distance between neighbouring cells' centres, in
// radians. H3 lays its grid on the planes that touch the earth at the centres
// of the icosahedron's faces; there, it is this far from centre to centre.
// The projection from the sphere onto those planes only ever lengthens
// distances, so that nowhere on the sphere are neighbours further apart.
func spacing(res int) float64 {
	const atZero = 0.38196601125010500003
	return atZero * math.Pow(7, -float64(res)/2)
}
