package drawing

import "fmt"

// Bars is a plot of columns, each with the values of some series: on top of
// each other, or side by side.
type Bars struct {
	ID            string
	Title         string // for those who do not see it
	Width, Height float64
	Unit          string   // of the values
	Columns       []string // the labels; where there are too many, some are left out
	Caption       string   // of the columns
	Series        []Series
	Beside        bool
}

// Series is one value for each column.
type Series struct {
	Label  string
	Ink    Ink
	Values []float64
}

// barEdge is the thickness from which on a bar has an edge.
const barEdge = 4.0

// SVG draws the plot.
func (b *Bars) SVG() []byte {
	s := newPlot(b.ID, b.Width, b.Height)
	axis := s.axis(0, b.highest(), b.Unit)
	column := s.frame.w / float64(max(len(b.Columns), 1))
	free := 0.0
	for i, label := range b.Columns {
		x := s.frame.x + float64(i)*column
		free = s.below(x+column/2, free, label)
		gap := column * 0.12
		if b.Beside {
			b.beside(s, axis, i, x+gap, column-2*gap)
		} else {
			b.stack(s, axis, i, x+gap, column-2*gap)
		}
	}
	s.stroke(s.frame.x, s.frame.y+s.frame.h, s.frame.x+s.frame.w, s.frame.y+s.frame.h, plotInk, "")
	if b.Caption != "" {
		s.text(s.frame.x+s.frame.w, s.frame.y+s.frame.h+29, plotSize, plotGrey, `text-anchor="end"`, b.Caption)
	}
	s.key(b.Series)
	return s.document(&Map{Title: b.Title})
}

func (b *Bars) highest() float64 {
	highest := 0.0
	for i := range b.Columns {
		sum := 0.0
		for _, one := range b.Series {
			if b.Beside {
				highest = max(highest, one.Values[i])
			}
			sum += one.Values[i]
		}
		if !b.Beside {
			highest = max(highest, sum)
		}
	}
	return highest
}

func (b *Bars) stack(s *sheet, axis scale, column int, x, width float64) {
	sum := 0.0
	for _, one := range b.Series {
		v := one.Values[column]
		s.bar(x, axis.y(sum+v), width, axis.y(sum)-axis.y(sum+v), one.Ink)
		sum += v
	}
}

func (b *Bars) beside(s *sheet, axis scale, column int, x, width float64) {
	each := width / float64(len(b.Series))
	for i, one := range b.Series {
		v := one.Values[column]
		s.bar(x+float64(i)*each, axis.y(v), each, axis.y(0)-axis.y(v), one.Ink)
	}
}

func (s *sheet) bar(x, y, w, h float64, ink Ink) {
	if h <= 0 {
		return
	}
	edge := ""
	if w >= barEdge {
		edge = fmt.Sprintf(` stroke="%s" stroke-width="0.6"`, ink.line())
	}
	fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s"%s/>`+"\n", px(x), px(y), px(w), px(h), s.fill(ink), edge)
}
