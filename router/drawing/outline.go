package drawing

import (
	"github.com/nearlane/nearlane/geo"
)

// outlinedArea is an area with the rings around its cells.
type outlinedArea struct {
	Area
	rings [][]geo.Point // outer ones and holes alike: the even-odd rule tells them apart
}

func outlined(areas []Area) ([]outlinedArea, error) {
	out := make([]outlinedArea, len(areas))
	for i, a := range areas {
		cells := drawable(a.Cells)
		out[i] = outlinedArea{Area: a}
		if a.Each {
			for c := range cells.All() {
				out[i].rings = append(out[i].rings, c.Boundary())
			}
			continue
		}
		shapes, err := cells.Shapes()
		if err != nil {
			return nil, err
		}
		for _, s := range shapes {
			out[i].rings = append(append(out[i].rings, s.Outer), s.Holes...)
		}
	}
	return out, nil
}

// drawable is the set at the finest resolution at which it has few enough
// cells to draw.
func drawable(s geo.Set) geo.Set {
	for s.Count() > mostCells && s.Resolution() > 0 {
		s = s.Coarse(s.Resolution() - 1)
	}
	return s
}
