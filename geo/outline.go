package geo

import "math"

// outline is the boundary of a cell on the plane of longitude and latitude.
// Its longitudes are continuous, beyond 180 if need be.
type outline struct {
	corners []position
}

func newOutline(c Cell, center Point) outline {
	boundary := c.Boundary()
	o := outline{corners: make([]position, len(boundary))}
	for i, p := range boundary {
		o.corners[i] = position{center.Lng + math.Remainder(p.Lng-center.Lng, 360), p.Lat}
	}
	return o
}

// corner is one of the cell's corners, as a place on earth.
func (o outline) corner() Point {
	return Point{Lat: o.corners[0][1], Lng: math.Remainder(o.corners[0][0], 360)}
}

// meets reports whether any of the edges has a point in the cell.
func (o outline) meets(edges []edge) bool {
	for _, e := range edges {
		for _, turn := range turns {
			a, b := position{e.a[0] + turn, e.a[1]}, position{e.b[0] + turn, e.b[1]}
			if o.contains(a) || o.crosses(a, b) {
				return true
			}
		}
	}
	return false
}

func (o outline) crosses(a, b position) bool {
	for i, p := range o.corners {
		q := o.corners[(i+1)%len(o.corners)]
		if side(a, b, p)*side(a, b, q) <= 0 && side(p, q, a)*side(p, q, b) <= 0 {
			return true
		}
	}
	return false
}

func (o outline) contains(at position) bool {
	odd := false
	for i, p := range o.corners {
		q := o.corners[(i+1)%len(o.corners)]
		if (p[0] > at[0]) != (q[0] > at[0]) && p[1]+(at[0]-p[0])/(q[0]-p[0])*(q[1]-p[1]) > at[1] {
			odd = !odd
		}
	}
	return odd
}

// side is positive if p is left of the way from a to b, negative if right.
func side(a, b, p position) float64 {
	return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
}
