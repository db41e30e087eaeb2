package drawing

import (
	"fmt"
)

// swatch sizes of the legend, in pixels.
const (
	swatchWidth  = 30.0
	swatchHeight = 18.0
	entryHeight  = 28.0
	entrySize    = 12.5
)

// entry is one line of the legend, an area's or a mark's.
type entry struct {
	label string
	area  *outlinedArea
	mark  *Mark
}

// legend lists what areas and marks mean, in rows below the frame.
func (s *sheet) legend(m *Map) {
	entries := s.entries(m)
	if len(entries) == 0 {
		return
	}
	x := margin
	for _, e := range entries {
		w := swatchWidth + 8 + breadth(e.label, entrySize) + 26
		if x > margin && x+w > s.width-margin+26 {
			x = margin
			s.top += entryHeight
		}
		s.entry(x, e)
		x += w
	}
	s.top += entryHeight
}

func (s *sheet) entries(m *Map) []entry {
	var list []entry
	known := map[string]bool{"": true}
	for i := range s.areas {
		if a := &s.areas[i]; !known[a.Label] {
			known[a.Label] = true
			list = append(list, entry{label: a.Label, area: a})
		}
	}
	known = map[string]bool{"": true}
	for i := range m.Marks {
		if k := &m.Marks[i]; !known[k.Label] {
			known[k.Label] = true
			list = append(list, entry{label: k.Label, mark: k})
		}
	}
	return list
}

func (s *sheet) entry(x float64, e entry) {
	middle := s.top + swatchHeight/2
	if e.area != nil {
		fmt.Fprintf(&s.out, `<rect x="%s" y="%s" width="%s" height="%s" fill="%s" stroke="%s"/>`+"\n",
			px(x), px(s.top), px(swatchWidth), px(swatchHeight), s.fill(e.area.Ink), e.area.Ink.line())
	} else {
		s.sign(x+swatchWidth/2, middle, *e.mark)
	}
	s.text(x+swatchWidth+8, middle+entrySize*0.35, entrySize, "#1b1f23", "", e.label)
}
