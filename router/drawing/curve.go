package drawing

import (
	"fmt"
	"strings"
)

// Curve is a plot of lines over the same values.
type Curve struct {
	ID            string
	Title         string // for those who do not see it
	Width, Height float64
	Unit          string // of the lines
	Caption       string // of the values
	X             []float64
	Lines         []Line
	Marked        int    // into X; -1: none
	Mark          string // what is there
}

// Line is one value for each X.
type Line struct {
	Label  string // at its end
	Dashed bool
	Values []float64
}

// SVG draws the plot. Its axis begins where the lines do.
func (c *Curve) SVG() []byte {
	s := newPlot(c.ID, c.Width, c.Height)
	s.frame.w -= c.labels()
	low, high := c.bounds()
	axis := s.axis(low, high, c.Unit)
	x := func(i int) float64 {
		return s.frame.x + 14 + (s.frame.w-28)*(c.X[i]-c.X[0])/max(c.X[len(c.X)-1]-c.X[0], 1e-9)
	}
	c.ticks(s, x)
	if c.Marked >= 0 {
		s.stroke(x(c.Marked), s.frame.y, x(c.Marked), s.frame.y+s.frame.h, plotGrey, `stroke-dasharray="3 3"`)
		s.text(x(c.Marked)+5, s.frame.y+s.frame.h-8, plotSize+1, plotInk, `font-weight="600"`, c.Mark)
	}
	for _, line := range c.Lines {
		c.line(s, axis, x, line)
	}
	s.stroke(s.frame.x, s.frame.y+s.frame.h, s.frame.x+s.frame.w, s.frame.y+s.frame.h, plotInk, "")
	s.top = s.frame.y + s.frame.h + plotRoom + 10
	return s.document(&Map{Title: c.Title})
}

// labels is the room that the labels at the ends of the lines take.
func (c *Curve) labels() float64 {
	widest := 0.0
	for _, line := range c.Lines {
		widest = max(widest, breadth(line.Label, plotSize+1))
	}
	return widest + 4
}

func (c *Curve) bounds() (low, high float64) {
	low, high = c.Lines[0].Values[0], c.Lines[0].Values[0]
	for _, line := range c.Lines {
		for _, v := range line.Values {
			low, high = min(low, v), max(high, v)
		}
	}
	return low, high
}

// ticks labels the values, those that have room.
func (c *Curve) ticks(s *sheet, x func(int) float64) {
	free := 0.0
	for i, v := range c.X {
		s.stroke(x(i), s.frame.y+s.frame.h, x(i), s.frame.y+s.frame.h+4, plotInk, "")
		free = s.below(x(i), free, number(v))
	}
	s.text(s.frame.x+s.frame.w, s.frame.y+s.frame.h+30, plotSize, plotGrey, `text-anchor="end"`, c.Caption)
}

func (c *Curve) line(s *sheet, axis scale, x func(int) float64, line Line) {
	var d strings.Builder
	for i, v := range line.Values {
		step := "L"
		if i == 0 {
			step = "M"
		}
		d.WriteString(step + px(x(i)) + " " + px(axis.y(v)))
	}
	dash, hollow := "", plotInk
	if line.Dashed {
		dash, hollow = ` stroke-dasharray="6 4"`, "#ffffff"
	}
	fmt.Fprintf(&s.out, `<path d="%s" fill="none" stroke="%s" stroke-width="1.8"%s/>`+"\n", d.String(), plotInk, dash)
	for i, v := range line.Values {
		fmt.Fprintf(&s.out, `<circle cx="%s" cy="%s" r="3" fill="%s" stroke="%s"/>`+"\n", px(x(i)), px(axis.y(v)), hollow, plotInk)
	}
	last := len(line.Values) - 1
	s.text(x(last)+10, axis.y(line.Values[last])+4, plotSize+1, plotInk, "", line.Label)
}
