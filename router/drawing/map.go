// Package drawing draws cells, sites and lockers as a map in SVG: for a
// screen, for paper, and for readers who see no colours. It needs no map
// server and no fonts of its own; the outlines of the cells, a grid of
// degrees and a scale bar are all the geography there is.
//
// It keeps one invariant: equal maps give equal bytes.
package drawing

import (
	"fmt"

	"github.com/nearlane/nearlane/geo"
)

// Map is what to draw. Areas lie over each other in their order, marks over
// all of them.
type Map struct {
	ID    string // begins the ids inside the SVG, so that several fit into one page; default: "map"
	Title string
	Note  string  // a line below the title
	Width float64 // of the drawing, in pixels; default: 960
	Focus geo.Set // what the map shows all of, and not much around it; default: all areas and marks
	Areas []Area
	Marks []Mark
}

// Area is a set of cells drawn alike.
type Area struct {
	Label string // in the legend, once however many areas have it; empty: not there
	Cells geo.Set
	Ink   Ink
	Each  bool // with the border of each cell, not only that of all
}

// Mark is a place with a name.
type Mark struct {
	Name  string // beside the sign; empty: none
	Label string // in the legend, once however many marks have it; empty: not there
	At    geo.Point
	Sign  Sign
	Faint bool // in the background: a smaller name in grey, left out where there is no room
	Gone  bool // an empty sign and the name struck out: there no longer
}

// Sign is the shape of a mark.
type Sign string

const (
	Circle  Sign = "circle"
	Square  Sign = "square"
	Diamond Sign = "diamond" // smaller than the others
	NoSign  Sign = "none"    // the name alone
)

const (
	defaultWidth = 960.0
	margin       = 16.0

	// mostCells is how many cells of an area are told apart. A larger area is
	// drawn by the parents of its cells: they would be smaller than a pixel.
	mostCells = 30000
)

// SVG draws the map. It fails on a map without any place in it.
func (m *Map) SVG() ([]byte, error) {
	width := m.Width
	if width == 0 {
		width = defaultWidth
	}
	areas, err := outlined(m.Areas)
	if err != nil {
		return nil, err
	}
	extent, err := m.extent(areas)
	if err != nil {
		return nil, err
	}
	id := m.ID
	if id == "" {
		id = "map"
	}
	s := sheet{id: id, width: width, top: margin, areas: areas}
	s.heading(m)
	s.frame = rect{x: margin, y: s.top, w: width - 2*margin}
	s.frame.h = frameHeight(extent, s.frame.w)
	s.projection = fit(extent, s.frame)
	s.body(m)
	s.top = s.frame.y + s.frame.h + 14
	s.legend(m)
	return s.document(m), nil
}

// extent is what the map has to show.
func (m *Map) extent(areas []outlinedArea) (bounds, error) {
	var b bounds
	if !m.Focus.Empty() {
		focus, err := outlined([]Area{{Cells: m.Focus}})
		if err != nil {
			return b, err
		}
		b.addArea(focus[0])
		return b.padded(), nil
	}
	for _, a := range areas {
		b.addArea(a)
	}
	for _, mark := range m.Marks {
		b.add(mark.At)
	}
	if !b.known {
		return b, fmt.Errorf("draw map %q: there is no place in it", m.Title)
	}
	return b.padded(), nil
}
