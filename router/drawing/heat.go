package drawing

import (
	"fmt"
	"math"
)

// Heat is a table of shares, each field as dark as its share is large, with the
// share in percent written into it.
type Heat struct {
	ID      string
	Title   string // for those who do not see it
	Width   float64
	Rows    []string
	Columns []string
	Shares  [][]float64 // by row and column, 0 to 1; NaN: nothing there
	Below   [][]string  // a small second line of each field; nil: none
}

// sizes of a heat map, in pixels.
const (
	heatRow   = 30.0
	heatHead  = 22.0
	heatText  = 12.5
	heatBelow = 9.5
)

// SVG draws the table.
func (h *Heat) SVG() []byte {
	s := newPlot(h.ID, h.Width, heatRow*float64(len(h.Rows)))
	left := 60.0
	for _, row := range h.Rows {
		left = max(left, breadth(row, heatText)+14)
	}
	s.frame.x, s.frame.w, s.frame.y = left, s.width-left-8, s.top+heatHead
	column := min(s.frame.w/float64(max(len(h.Columns), 1)), 90)
	for i, label := range h.Columns {
		s.text(left+(float64(i)+0.5)*column, s.frame.y-7, plotSize, plotGrey, `text-anchor="middle"`, label)
	}
	for r, row := range h.Rows {
		y := s.frame.y + float64(r)*heatRow
		s.text(left-8, y+heatRow/2+4, heatText, plotInk, `text-anchor="end"`, row)
		for c := range h.Columns {
			h.field(s, r, c, rect{left + float64(c)*column, y, column, heatRow})
		}
	}
	s.top = s.frame.y + s.frame.h + 2
	return s.document(&Map{Title: h.Title})
}

// field draws one share. What is not there is left white.
func (h *Heat) field(s *sheet, row, column int, at rect) {
	share := h.Shares[row][column]
	if math.IsNaN(share) {
		return
	}
	fill, ink := shade(share)
	fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" stroke="#ffffff"/>`+"\n", px(at.x), px(at.y), px(at.w), px(at.h), fill)
	middle, below := at.y+at.h/2+4, ""
	if h.Below != nil {
		below = h.Below[row][column]
	}
	if below != "" {
		middle -= 4
		s.text(at.x+at.w/2, at.y+at.h-5, heatBelow, ink, `text-anchor="middle"`, below)
	}
	s.text(at.x+at.w/2, middle, heatText, ink, `text-anchor="middle"`, number(math.Round(100*share)))
}

// shade is a blue that is darker in grey, too, the larger the share, and the
// ink that can be read on it.
func shade(share float64) (fill, ink string) {
	share = min(max(share, 0), 1)
	light, dark := [3]float64{240, 244, 248}, [3]float64{8, 48, 92}
	var c [3]int
	for i := range c {
		c[i] = int(math.Round(light[i] + share*(dark[i]-light[i])))
	}
	if ink = plotInk; share > 0.45 {
		ink = "#ffffff"
	}
	return fmt.Sprintf("#%02x%02x%02x", c[0], c[1], c[2]), ink
}

// Shade is the ink of a share from 0 to 1: the larger, the darker.
func Shade(share float64) Ink {
	fill, _ := shade(share)
	line, _ := shade(min(1, share+0.15))
	return Ink{Fill: fill, Line: line}
}
