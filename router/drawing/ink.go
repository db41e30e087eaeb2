package drawing

import "fmt"

// Ink is how an area is filled. Patterns are there because colours are not,
// on a grey printer and for one reader in twenty.
type Ink struct {
	Fill    string  // a colour such as "#dbe7f0"; empty: none
	Line    string  // the colour of border and pattern; empty: none
	Pattern Pattern // over the fill
}

// Pattern is what an area is covered with.
type Pattern string

const (
	Plain   Pattern = ""
	Plus    Pattern = "plus"    // little crosses: something new
	Minus   Pattern = "minus"   // little dashes: something gone
	Slanted Pattern = "slanted" // lines from lower left to upper right
	Dotted  Pattern = "dotted"
)

// Inks for the common cases. All of them can be told apart in grey.
var (
	Ground = Ink{Fill: "#e4e9ec", Line: "#a3adb4"}
	Gained = Ink{Fill: "#cfe8d5", Line: "#116329", Pattern: Plus}
	Lost   = Ink{Fill: "#fbdcd5", Line: "#a40e26", Pattern: Minus}
	Moved  = Ink{Fill: "#d3e4f8", Line: "#0a4a8f", Pattern: Slanted}
)

// tile is the size of a pattern's tile and what is in it, drawn with lines.
func (p Pattern) tile() (size float64, path string) {
	switch p {
	case Plus:
		return 9, "M4.5 2v5M2 4.5h5"
	case Minus:
		return 9, "M2 4.5h5"
	case Slanted:
		return 6, "M-1 7L7 -1M-1 1L1 -1M5 7L7 5"
	case Dotted:
		return 6, "M2.5 3h1"
	}
	return 0, ""
}

// fill is the paint of the ink: its colour, or its pattern, which is defined
// the first time that it is asked for.
func (s *sheet) fill(ink Ink) string {
	size, path := ink.Pattern.tile()
	switch {
	case path != "":
	case ink.Fill == "":
		return "none"
	default:
		return ink.Fill
	}
	for i, known := range s.inks {
		if known == ink {
			return s.patternURL(i)
		}
	}
	s.inks = append(s.inks, ink)
	n := len(s.inks) - 1
	ground := ""
	if ink.Fill != "" {
		ground = fmt.Sprintf(`<rect width="%g" height="%g" fill="%s"/>`, size, size, escape(ink.Fill))
	}
	fmt.Fprintf(&s.defs, `<pattern id="%s-ink%d" width="%g" height="%g" patternUnits="userSpaceOnUse">%s<path d="%s" stroke="%s" stroke-width="1.2" stroke-linecap="round" fill="none"/></pattern>`+"\n",
		escape(s.id), n, size, size, ground, path, escape(ink.Line))
	return s.patternURL(n)
}

func (s *sheet) patternURL(n int) string { return fmt.Sprintf("url(#%s-ink%d)", escape(s.id), n) }

func (i Ink) line() string {
	if i.Line == "" {
		return "none"
	}
	return escape(i.Line)
}
