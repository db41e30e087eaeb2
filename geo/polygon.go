package geo

import (
	"fmt"
	"math"
)

// polygon is a shape on the plane of longitude and latitude: what an odd
// number of edges lies north of. Neither the winding of its rings nor their
// order matters, and holes need no care.
type polygon struct {
	mode Containment
	// margin bounds how far from a cell's centre mode has to look: as far as
	// the cell goes, or nowhere.
	margin float64
	// edges are all edges that matter in the cap that is looked at: those in
	// it, and those north of it, which decide what is inside.
	edges []edge
}

// edge is a side of a ring. It is short: less than half way round the globe.
type edge struct {
	a, b position
}

func fillPolygon(rings [][]position, res int, mode Containment) (Set, error) {
	if len(rings) == 0 {
		return Set{}, fmt.Errorf("it has no rings")
	}
	s := polygon{mode: mode}
	if mode != Center {
		s.margin = spacing(res)
	}
	for i, ring := range rings {
		edges, err := ringEdges(ring)
		if err != nil {
			return Set{}, fmt.Errorf("ring %d: %w", i+1, err)
		}
		s.edges = append(s.edges, edges...)
	}
	return fill(s, res), nil
}

func (p polygon) around(center Point, radius float64) (shape, relation) {
	b := boxAround(center, radius+p.margin)
	near := false
	kept := make([]edge, 0, 16)
	for _, e := range p.edges {
		if !b.shares(e) {
			continue
		}
		kept = append(kept, e)
		near = near || b.touches(e)
	}
	p.edges = kept
	switch {
	case near:
		return p, mixed
	case p.inside(center):
		return p, whole
	}
	return p, apart
}

func (p polygon) holds(c Cell, center Point) bool {
	if p.mode == Center {
		return p.inside(center)
	}
	outline := newOutline(c, center)
	crossed := outline.meets(p.edges)
	corner := p.inside(outline.corner())
	if p.mode == Full {
		return corner && !crossed
	}
	return corner || crossed
}

// inside reports whether an odd number of edges lies north of a point. An
// edge has its western end, but not its eastern one, so that a meridian
// through a corner meets one of the two edges there.
func (p polygon) inside(at Point) bool {
	odd := false
	for _, e := range p.edges {
		if (e.a[0] > at.Lng) == (e.b[0] > at.Lng) {
			continue
		}
		lat := e.a[1] + (at.Lng-e.a[0])/(e.b[0]-e.a[0])*(e.b[1]-e.a[1])
		if lat > at.Lat {
			odd = !odd
		}
	}
	return odd
}

// box is a rectangle of longitudes and latitudes. It may reach beyond the
// antimeridian, as far as it likes.
type box struct {
	west, east, south, north float64
}

// boxAround is a box that holds the cap around a point, and a hair more.
func boxAround(center Point, radius float64) box {
	high := degrees(radius) * (1 + 1e-9)
	b := box{west: -180, east: 180, south: center.Lat - high, north: center.Lat + high}
	if math.Abs(center.Lat)+high < 90 {
		wide := degrees(math.Asin(math.Sin(radius)/math.Cos(radians(center.Lat)))) * (1 + 1e-9)
		b.west, b.east = center.Lng-wide, center.Lng+wide
	}
	return b
}

// turns are how an edge can come to lie in a box beyond the antimeridian.
var turns = [3]float64{0, -360, 360}

// shares reports whether an edge touches the box or lies north of some of it.
func (b box) shares(e edge) bool {
	if max(e.a[1], e.b[1]) < b.south {
		return false
	}
	west, east := min(e.a[0], e.b[0]), max(e.a[0], e.b[0])
	for _, turn := range turns {
		if west+turn <= b.east && east+turn >= b.west {
			return true
		}
	}
	return false
}

// touches reports whether an edge has a point in the box.
func (b box) touches(e edge) bool {
	if min(e.a[1], e.b[1]) > b.north || max(e.a[1], e.b[1]) < b.south {
		return false
	}
	for _, turn := range turns {
		if b.cuts(position{e.a[0] + turn, e.a[1]}, position{e.b[0] + turn, e.b[1]}) {
			return true
		}
	}
	return false
}

// cuts reports whether the line through p and q, which share latitudes with
// the box, meets it within their longitudes.
func (b box) cuts(p, q position) bool {
	if min(p[0], q[0]) > b.east || max(p[0], q[0]) < b.west {
		return false
	}
	// All four corners on one side of the line: apart.
	dx, dy := q[0]-p[0], q[1]-p[1]
	cx, cy := (b.west+b.east)/2-p[0], (b.south+b.north)/2-p[1]
	reach := math.Abs(dx)*(b.north-b.south)/2 + math.Abs(dy)*(b.east-b.west)/2
	return math.Abs(dx*cy-dy*cx) <= reach*(1+1e-9)
}
