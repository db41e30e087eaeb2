package demo

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// width is what every line fits into.
const width = 80

// Style says what the reader's terminal can show.
type Style struct {
	Colour  bool
	Unicode bool // else plain ASCII, sign for sign
}

// screen writes lines that scroll.
type screen struct {
	out io.Writer
	Style
	blank bool  // the last line was empty
	err   error // the first of the writer's
}

func newScreen(out io.Writer, style Style) *screen { return &screen{out: out, Style: style} }

// Colours are those that every terminal has and that its owner has chosen.
type colour string

const (
	plain  colour = ""
	bold   colour = "1"
	dim    colour = "2"
	red    colour = "31"
	green  colour = "32"
	yellow colour = "33"
	cyan   colour = "36"
)

// row is a line being made, cell by cell. Cells are cut and padded to their
// width in characters; width 0 takes what is there, up to the end of the line.
type row struct {
	s    *screen
	b    strings.Builder
	used int
}

func (s *screen) row() *row { return &row{s: s} }

func (r *row) cell(c colour, wide int, format string, args ...any) *row {
	text := fmt.Sprintf(format, args...)
	room := width - r.used
	if wide > 0 {
		room = min(room, wide)
	}
	text = cut(text, room)
	n := utf8.RuneCountInString(text)
	pad := max(0, min(wide, room)-n)
	r.used += n + pad
	if r.s.Colour && c != plain && strings.TrimSpace(text) != "" {
		fmt.Fprintf(&r.b, "\x1b[%sm%s\x1b[0m", c, text)
	} else {
		r.b.WriteString(text)
	}
	r.b.WriteString(strings.Repeat(" ", pad))
	return r
}

// words adds as many of the words as there is room for, the first in any case.
func (r *row) words(c colour, words []string) *row {
	text := ""
	for i, w := range words {
		if i > 0 {
			w = ", " + w
		}
		if i > 0 && !r.fits(text+w) {
			break
		}
		text += w
	}
	return r.cell(c, 0, "%s", text)
}

// fits reports whether there is room for text.
func (r *row) fits(text string) bool { return r.used+utf8.RuneCountInString(text) <= width }

// right is cell, aligned to the right.
func (r *row) right(c colour, wide int, format string, args ...any) *row {
	text := cut(fmt.Sprintf(format, args...), wide)
	if n := wide - utf8.RuneCountInString(text); n > 0 {
		r.cell(plain, n, "")
	}
	return r.cell(c, 0, "%s", text)
}

func (r *row) print() {
	line := strings.TrimRight(r.b.String(), " ")
	if !r.s.Unicode {
		line = ascii(line)
	}
	r.s.blank = line == ""
	if _, err := fmt.Fprintln(r.s.out, line); err != nil && r.s.err == nil {
		r.s.err = fmt.Errorf("show: %w", err)
	}
}

// say prints one line of plain text.
func (s *screen) say(c colour, format string, args ...any) {
	s.row().cell(c, 0, format, args...).print()
}

// gap prints an empty line, unless there is one.
func (s *screen) gap() {
	if !s.blank {
		s.row().print()
	}
}

// rule prints a line across with a title on the left and a remark on the right.
func (s *screen) rule(title, remark string) {
	s.gap()
	if remark != "" {
		remark = " " + remark + " ──"
	}
	dashes := width - 4 - utf8.RuneCountInString(title) - utf8.RuneCountInString(remark)
	s.row().cell(dim, 0, "── ").cell(bold, 0, "%s", title).
		cell(dim, 0, " %s%s", strings.Repeat("─", max(0, dashes)), remark).print()
}

// bar is n of most as a bar of so many characters. Whatever is not empty shows.
func bar(n, most, chars int64) (filled, empty string) {
	f := int64(0)
	if most > 0 {
		f = min(chars, n*chars/most)
	}
	if n > 0 {
		f = max(1, f)
	}
	return strings.Repeat("█", int(f)), strings.Repeat("░", int(chars-f))
}

// cut shortens text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	if most < 1 {
		return ""
	}
	return string([]rune(text)[:most-1]) + "…"
}

// Signs beyond ASCII that the demo prints, and what stands for each without
// them: one for one, so that nothing moves.
const (
	beyond = "─█░→↘×≡▸…–·äöåÄÖÅ"
	within = "-#.>\\x=>~--aoaAOA"
)

func ascii(text string) string {
	plain := []rune(within)
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		if i := strings.IndexRune(beyond, r); i >= 0 {
			return plain[utf8.RuneCountInString(beyond[:i])]
		}
		return '?'
	}, text)
}
