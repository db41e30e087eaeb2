// Package legible makes text that others wrote fit to be looked at: ids,
// reasons, pointers and notes may hold characters that steer a terminal, turn
// the direction of writing, take no room, or take a hundred columns.
//
// Such a character is written as JSON escapes it, \u202e, so that JSON means
// the same with it; a byte that is not UTF-8 is \xff in a text.
package legible

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// mostMarks is how many marks may stand on one letter: more reach into the
// lines above and below.
const mostMarks = 3

// Plain reports whether a character is seen, and seen where it stands: letters,
// marks, digits, punctuation, symbols and the space.
func Plain(r rune) bool {
	switch {
	case r >= ' ' && r <= '~':
		return true
	case !unicode.IsPrint(r), unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
		return false
	}
	return true
}

// escape spells a character that is not plain.
func escape(r rune) string {
	if a, b := utf16.EncodeRune(r); a != unicode.ReplacementChar {
		return fmt.Sprintf(`\u%04x\u%04x`, a, b)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// marks counts the marks that stand on one letter.
type marks int

// fit reports whether r may stand where it does.
func (m *marks) fit(r rune) bool {
	if r < 0x300 || !unicode.In(r, unicode.Mn, unicode.Me) {
		*m = 0
		return true
	}
	*m++
	return *m <= mostMarks
}

// Text is a text on one line, of at most so many columns; 0: any number. A text
// that is cut ends in an ellipsis. What is plain already, and short enough, is
// as it was.
func Text(s string, columns int) string {
	var b strings.Builder
	stacked := marks(mostMarks) // a mark in front would stand on what is before the text
	for rest := s; len(rest) > 0; {
		r, n := utf8.DecodeRuneInString(rest)
		switch {
		case r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\x%02x`, rest[0])
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case Plain(r) && stacked.fit(r):
			b.WriteString(rest[:n])
		default:
			b.WriteString(escape(r))
		}
		rest = rest[n:]
	}
	if out := b.String(); columns <= 0 || Width(out) <= columns {
		return out
	}
	return Cut(b.String(), columns-1) + "…"
}

// Lines is a text as it is, lines and tabs included, but for what is not plain.
func Lines(data []byte) []byte {
	var out []byte
	var stacked marks
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			out = fmt.Appendf(out, `\x%02x`, data[0])
		case r == '\n', r == '\t', Plain(r) && stacked.fit(r):
			out = append(out, data[:n]...)
		default:
			out = append(out, escape(r)...)
		}
		data = data[n:]
	}
	return out
}

// Width is how many columns a plain text takes on a terminal.
func Width(s string) (columns int) {
	for _, r := range s {
		columns += widthOf(r)
	}
	return columns
}

func widthOf(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Cut is the beginning of a plain text that takes at most so many columns.
func Cut(s string, columns int) string {
	for i, r := range s {
		if columns -= widthOf(r); columns < 0 {
			return s[:i]
		}
	}
	return s
}

// Pad fills a plain text with spaces up to so many columns.
func Pad(s string, columns int) string {
	return s + strings.Repeat(" ", max(0, columns-Width(s)))
}
