package drawing

import (
	"cmp"
	"fmt"
	"slices"
)

// sizes of signs and names, in pixels.
const (
	signRadius  = 5.0
	faintRadius = 3.5
	nameSize    = 13.0
	faintSize   = 10.5
)

// marks draws all signs, then all names, so that no sign hides one. Names of
// faint marks are placed last and give way.
func (s *sheet) marks(marks []Mark) {
	inside := slices.DeleteFunc(slices.Clone(marks), func(m Mark) bool {
		x, y := s.projection.at(m.At)
		return !s.frame.holds(rect{x, y, 0, 0})
	})
	slices.SortStableFunc(inside, func(a, b Mark) int {
		return cmp.Compare(faintness(a), faintness(b))
	})
	for _, m := range slices.Backward(inside) {
		x, y := s.projection.at(m.At)
		s.sign(x, y, m)
		r := radius(m) + 1
		s.taken = append(s.taken, rect{x - r, y - r, 2 * r, 2 * r})
	}
	for _, m := range inside {
		s.name(m)
	}
}

func faintness(m Mark) int {
	if m.Faint {
		return 1
	}
	return 0
}

func radius(m Mark) float64 {
	if m.Faint {
		return faintRadius
	}
	return signRadius
}

// sign draws a mark's sign in black or grey with a white edge, around a point.
func (s *sheet) sign(x, y float64, m Mark) {
	fill, edge := "#1b1f23", "#ffffff"
	if m.Faint {
		fill = "#6e7781"
	}
	if m.Gone {
		fill, edge = "#ffffff", fill
	}
	paint := fmt.Sprintf(`fill="%s" stroke="%s" stroke-width="1.5"`, fill, edge)
	r := radius(m)
	switch m.Sign {
	case NoSign:
	case Square:
		fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" %s/>`+"\n", px(x-r), px(y-r), px(2*r), px(2*r), paint)
	case Diamond:
		r *= 1.1
		fmt.Fprintf(&s.out, `<path d="M%s %sl%s %s %s %s %s %sz" %s/>`+"\n", px(x), px(y-r), px(r), px(r), px(-r), px(r), px(-r), px(-r), paint)
	default:
		fmt.Fprintf(&s.out, `<circle cx="%s" cy="%s" r="%s" %s/>`+"\n", px(x), px(y), px(r+0.5), paint)
	}
}

// name writes a mark's name at the first of eight places around its sign
// where there is room; a name that has to stand somewhere stands to the right.
func (s *sheet) name(m Mark) {
	if m.Name == "" {
		return
	}
	size, colour, weight := nameSize, "#1b1f23", ` font-weight="600"`
	if m.Faint {
		size, colour, weight = faintSize, "#57606a", ""
	}
	x, y := s.projection.at(m.At)
	w, gap := breadth(m.Name, size)*1.06, radius(m)+4
	places := []rect{
		{x + gap, y - size/2, w, size}, {x - gap - w, y - size/2, w, size},
		{x - w/2, y - gap - size, w, size}, {x - w/2, y + gap, w, size},
		{x + gap*0.7, y - gap - size*0.7, w, size}, {x + gap*0.7, y + gap*0.5, w, size},
		{x - gap*0.7 - w, y - gap - size*0.7, w, size}, {x - gap*0.7 - w, y + gap*0.5, w, size},
	}
	best := slices.IndexFunc(places, s.free)
	if best < 0 {
		if m.Faint {
			return
		}
		best = 0
	}
	at := places[best]
	s.taken = append(s.taken, at)
	struck := ""
	if m.Gone {
		struck = ` text-decoration="line-through"`
	}
	s.text(at.x, at.y+size*0.82, size, colour, `stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`+weight+struck, m.Name)
}

// free reports whether nothing stands there yet, and it is on the map.
func (s *sheet) free(r rect) bool {
	return s.frame.holds(r) && !slices.ContainsFunc(s.taken, r.overlaps)
}
