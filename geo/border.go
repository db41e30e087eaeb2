package geo

import (
	"fmt"

	"github.com/uber/h3-go/v4"
)

// Shape is a connected piece of a set of cells: the ring around it and those
// of its holes. Rings are not closed, and run around as H3 gives them.
type Shape struct {
	Outer []Point
	Holes [][]Point
}

// Shapes are the pieces of the set with the borders between its cells left
// out. They are those of all its cells, since what a parent covers is not
// quite what its children do: make a large set Coarse first.
func (s Set) Shapes() ([]Shape, error) {
	cells := make([]h3.Cell, 0, s.Count())
	for c := range s.All() {
		cells = append(cells, h3.Cell(c))
	}
	polygons, err := h3.CellsToMultiPolygon(cells)
	if err != nil {
		return nil, fmt.Errorf("outline %d cells of resolution %d: %w", len(cells), s.res, err)
	}
	shapes := make([]Shape, len(polygons))
	for i, p := range polygons {
		shapes[i].Outer = ringPoints(p.GeoLoop)
		for _, hole := range p.Holes {
			shapes[i].Holes = append(shapes[i].Holes, ringPoints(hole))
		}
	}
	return shapes, nil
}

func ringPoints(loop h3.GeoLoop) []Point {
	points := make([]Point, len(loop))
	for i, v := range loop {
		points[i] = Point{Lat: v.Lat, Lng: v.Lng}
	}
	return points
}

// Coarse is the set of the parents of all cells in s, at a resolution of at
// most that of s: what to draw of a set with more cells than can be seen.
func (s Set) Coarse(res int) Set {
	if res >= s.res {
		return s
	}
	cells := make([]Cell, len(s.cells))
	for i, c := range s.cells {
		cells[i] = c
		if c.Resolution() > res {
			cells[i] = c.Parent(res)
		}
	}
	return Set{res: res, cells: compact(cells)}
}
