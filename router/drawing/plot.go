package drawing

import (
	"fmt"
	"math"
	"strconv"
)

// Plots have their heading in the page that they stand in: in the file it is
// told to those who do not see it.

// sizes of plots, in pixels.
const (
	plotWidth  = 960.0
	plotHeight = 260.0
	plotLeft   = 58.0 // for the labels of the axis
	plotSize   = 11.0 // of its text
	plotRoom   = 26.0 // below the axis, for its labels
)

const (
	plotInk  = "#1b1f23"
	plotGrey = "#57606a"
	plotLine = "#dcdcd6"
)

// newPlot begins a plot with a frame to draw in.
func newPlot(id string, width, height float64) *sheet {
	if width == 0 {
		width = plotWidth
	}
	if height == 0 {
		height = plotHeight
	}
	s := &sheet{id: id, width: width, top: 10}
	s.frame = rect{x: plotLeft, y: s.top, w: width - plotLeft - 12, h: height}
	return s
}

// scale turns values into heights on the sheet.
type scale struct {
	low, high float64
	frame     rect
}

func (c scale) y(v float64) float64 {
	return c.frame.y + c.frame.h*(1-(v-c.low)/(c.high-c.low))
}

// axis draws horizontal lines at round values from low to at least high, and
// says in what they are counted.
func (s *sheet) axis(low, high float64, unit string) scale {
	if high <= low {
		high = low + 1
	}
	step := roundAbove((high - low) / 5)
	low, high = math.Floor(low/step+1e-9)*step, math.Ceil(high/step-1e-9)*step
	c := scale{low: low, high: high, frame: s.frame}
	for i := 0; ; i++ {
		v := low + float64(i)*step
		if v > high+step/2 {
			break
		}
		y := c.y(v)
		s.stroke(s.frame.x, y, s.frame.x+s.frame.w, y, plotLine, "")
		s.text(s.frame.x-6, y+4, plotSize, plotGrey, `text-anchor="end"`, number(v))
	}
	if unit != "" {
		x, y := 12.0, s.frame.y+s.frame.h/2
		s.text(x, y, plotSize, plotGrey, fmt.Sprintf(`text-anchor="middle" transform="rotate(-90 %s %s)"`, px(x), px(y)), unit)
	}
	return c
}

// number is a value without needless digits.
func number(v float64) string {
	return strconv.FormatFloat(math.Round(v*1e6)/1e6, 'f', -1, 64)
}

func (s *sheet) stroke(x1, y1, x2, y2 float64, colour, attributes string) {
	if attributes != "" {
		attributes = " " + attributes
	}
	fmt.Fprintf(&s.out, `<path d="M%s %sL%s %s" stroke="%s"%s/>`+"\n", px(x1), px(y1), px(x2), px(y2), colour, attributes)
}

// below writes a label below the axis at x, unless it would meet the one before
// it, which ends at free, or leave the sheet. It returns where it ends itself.
func (s *sheet) below(x, free float64, label string) float64 {
	half := breadth(label, plotSize)/2 + 4
	if label == "" || x-half < free || x+half > s.width {
		return free
	}
	s.text(x, s.frame.y+s.frame.h+16, plotSize, plotGrey, `text-anchor="middle"`, label)
	return x + half
}

// key says below the frame what inks mean.
func (s *sheet) key(series []Series) {
	s.top = s.frame.y + s.frame.h + plotRoom + 6
	x := s.frame.x
	for _, one := range series {
		if one.Label == "" {
			continue
		}
		if width := 24 + breadth(one.Label, plotSize+1) + 22; x+width > s.width && x > s.frame.x {
			x = s.frame.x
			s.top += 20
		}
		fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="18" height="12" fill="%s" stroke="%s"/>`+"\n", px(x), px(s.top), s.fill(one.Ink), one.Ink.line())
		s.text(x+24, s.top+10, plotSize+1, plotInk, "", one.Label)
		x += 24 + breadth(one.Label, plotSize+1) + 22
	}
	s.top += 18
}
