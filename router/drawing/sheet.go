package drawing

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nearlane/nearlane/geo"
)

// sheet is a drawing in the making.
type sheet struct {
	id         string
	width, top float64 // where the next thing begins
	frame      rect
	projection projection
	areas      []outlinedArea

	defs, out bytes.Buffer
	inks      []Ink  // that have a pattern in defs
	taken     []rect // by signs, names and the scale bar
}

const fonts = "'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"

func (s *sheet) heading(m *Map) {
	if m.Title != "" {
		s.text(margin, s.top+16, 18, "#1b1f23", `font-weight="600"`, m.Title)
		s.top += 28
	}
	if m.Note != "" {
		s.text(margin, s.top+10, 12, "#57606a", "", m.Note)
		s.top += 22
	}
}

// body draws what is inside the frame.
func (s *sheet) body(m *Map) {
	f := s.frame
	fmt.Fprintf(&s.defs, `<clipPath id="%s-frame"><rect x="%s" y="%s" width="%s" height="%s"/></clipPath>`+"\n",
		escape(s.id), px(f.x), px(f.y), px(f.w), px(f.h))
	fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="#fbfbf9"/>`+"\n", px(f.x), px(f.y), px(f.w), px(f.h))
	fmt.Fprintf(&s.out, `<g clip-path="url(#%s-frame)">`+"\n", escape(s.id))
	s.degrees()
	for _, a := range s.areas {
		s.area(a)
	}
	s.scaleBar()
	s.marks(m.Marks)
	fmt.Fprintln(&s.out, `</g>`)
	fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="#6e7781"/>`+"\n", px(f.x), px(f.y), px(f.w), px(f.h))
}

// area draws all rings of an area as one path.
func (s *sheet) area(a outlinedArea) {
	var d strings.Builder
	for _, ring := range a.rings {
		s.ring(&d, ring)
	}
	if d.Len() == 0 {
		return
	}
	thickness := "1.2"
	if a.Each {
		thickness = "0.5"
	}
	fmt.Fprintf(&s.out, `<path fill="%s" fill-rule="evenodd" stroke="%s" stroke-width="%s" stroke-linejoin="round" d="%s">`,
		s.fill(a.Ink), a.Ink.line(), thickness, d.String())
	if a.Label != "" {
		fmt.Fprintf(&s.out, "<title>%s</title>", escape(a.Label))
	}
	fmt.Fprintln(&s.out, "</path>")
}

// ring writes one ring, without the points that fall on the one before.
func (s *sheet) ring(d *strings.Builder, ring []geo.Point) {
	last := ""
	for i, p := range ring {
		x, y := s.projection.at(p)
		at := px(x) + " " + px(y)
		if at == last {
			continue
		}
		if last = at; i == 0 {
			d.WriteByte('M')
		} else {
			d.WriteByte('L')
		}
		d.WriteString(at)
	}
	d.WriteByte('Z')
}

// text writes one line of text with its baseline at y; attributes are further
// ones, as they stand in the file.
func (s *sheet) text(x, y, size float64, colour, attributes, text string) {
	if attributes != "" {
		attributes = " " + attributes
	}
	fmt.Fprintf(&s.out, `<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n", px(x), px(y), px(size), colour, attributes, escape(text))
}

// document is the whole file.
func (s *sheet) document(m *Map) []byte {
	var all bytes.Buffer
	height := math.Ceil(s.top + margin/2)
	fmt.Fprintf(&all, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-labelledby="%s-title" font-family="%s">`+"\n",
		px(s.width), px(height), px(s.width), px(height), escape(s.id), fonts)
	fmt.Fprintf(&all, `<title id="%s-title">%s</title>`+"\n", escape(s.id), escape(m.Title))
	fmt.Fprintf(&all, "<defs>\n%s</defs>\n", s.defs.Bytes())
	fmt.Fprintf(&all, `<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", px(s.width), px(height))
	all.Write(s.out.Bytes())
	all.WriteString("</svg>\n")
	return all.Bytes()
}

// px is a length to a tenth of a pixel.
func px(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	if text = strings.TrimSuffix(text, ".0"); text == "-0" {
		return "0"
	}
	return text
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func escape(text string) string { return escaper.Replace(text) }

// breadth is about how wide a text is: fonts differ.
func breadth(text string, size float64) float64 {
	n := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("iljtfrI.,:;'|-/ ()", r):
			n += 0.34
		case strings.ContainsRune("mwMW→", r):
			n += 0.87
		default:
			n += 0.57
		}
	}
	return n * size
}
