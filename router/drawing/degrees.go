package drawing

import (
	"fmt"
	"math"
	"strconv"

	"github.com/nearlane/nearlane/geo"
)

// round numbers, in tens: a step is one of them times a power of ten.
var roundNumbers = []float64{1, 2, 5, 10}

// roundAbove is the smallest round number that is at least v.
func roundAbove(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, n := range roundNumbers {
		if n*power >= v*(1-1e-9) {
			return n * power
		}
	}
	return 10 * power
}

// roundBelow is the largest round number that is at most v.
func roundBelow(v float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(v)))
	best := power
	for _, n := range roundNumbers {
		if n*power <= v*(1+1e-9) {
			best = n * power
		}
	}
	return best
}

// degrees draws the meridians and parallels at round numbers, and labels them
// along the left and the lower edge.
func (s *sheet) degrees() {
	p, f := s.projection, s.frame
	step := roundAbove(140 / p.scale)
	digits := max(0, int(math.Ceil(-math.Log10(step)-1e-9)))
	west := (p.left) / p.scale
	for i := math.Ceil(west / step); ; i++ {
		lng := i * step
		x := f.x + lng*p.scale - p.left
		if x > f.x+f.w {
			break
		}
		s.gridLine(x, f.y, x, f.y+f.h)
		s.gridLabel(x+3, f.y+f.h-4, degree(unroll(lng, 0), digits, "E", "W"))
	}
	south := latitude(-(p.top + f.h) / p.scale)
	for i := math.Ceil(south / step); ; i++ {
		_, y := p.at(geo.Point{Lat: i * step, Lng: p.around})
		if y < f.y || i*step >= mostNorth {
			break
		}
		s.gridLine(f.x, y, f.x+f.w, y)
		s.gridLabel(f.x+4, y-3, degree(i*step, digits, "N", "S"))
	}
}

func (s *sheet) gridLine(x1, y1, x2, y2 float64) {
	fmt.Fprintf(&s.out, `<path d="M%s %sL%s %s" stroke="#e3e3de" stroke-width="1"/>`+"\n", px(x1), px(y1), px(x2), px(y2))
}

func (s *sheet) gridLabel(x, y float64, text string) {
	s.text(x, y, 10, "#8c959f", "", text)
	s.taken = append(s.taken, rect{x, y - 9, breadth(text, 10), 11})
}

func degree(v float64, digits int, positive, negative string) string {
	side := positive
	if v < 0 {
		side = negative
	}
	return strconv.FormatFloat(math.Abs(v), 'f', digits, 64) + "° " + side
}

// scaleBar draws a bar of a round length into the lower right corner.
func (s *sheet) scaleBar() {
	metres := roundBelow(170 * s.projection.metres())
	w := metres / s.projection.metres()
	label := fmt.Sprintf("%g m", metres)
	if metres >= 1000 {
		label = fmt.Sprintf("%g km", metres/1000)
	}
	x, y := s.frame.x+s.frame.w-14-w, s.frame.y+s.frame.h-14
	box := rect{x - 8, y - 24, w + 16, 32}
	s.taken = append(s.taken, box)
	fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="#ffffff" fill-opacity="0.85"/>`+"\n", px(box.x), px(box.y), px(box.w), px(box.h))
	fmt.Fprintf(&s.out, `<path d="M%s %sv6h%sv-6M%s %sv6" fill="none" stroke="#1b1f23" stroke-width="1.5"/>`+"\n", px(x), px(y-4), px(w), px(x+w/2), px(y-4))
	s.text(x+w/2, y-8, 11, "#1b1f23", `text-anchor="middle"`, label)
}
