package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/nearlane/nearlane/legible"
)

// width is what every terminal has.
const width = 80

// branch is a tree of lines, printed within the width.
type branch struct {
	text string
	sub  []*branch
}

// add hangs a line below b and returns it.
func (b *branch) add(format string, args ...any) *branch {
	child := &branch{text: fmt.Sprintf(format, args...)}
	b.sub = append(b.sub, child)
	return child
}

// print writes the tree: the first line of b at the margin, all else below it.
func (b *branch) print(w io.Writer) error {
	var out bytes.Buffer
	b.write(&out, "", "")
	_, err := out.WriteTo(w)
	return err
}

// write writes b behind first, and what is below it behind rest.
func (b *branch) write(w io.Writer, first, rest string) {
	below := rest
	if len(b.sub) > 0 {
		below += "│"
	}
	for i, line := range wrap(plain(b.text), max(width-legible.Width(rest)-2, width/2)) {
		if i == 0 {
			fmt.Fprintln(w, first+line)
		} else {
			fmt.Fprintln(w, strings.TrimRight(pad(below, legible.Width(rest)+2)+line, " "))
		}
	}
	for i, child := range b.sub {
		if i < len(b.sub)-1 {
			child.write(w, rest+"├─ ", rest+"│  ")
		} else {
			child.write(w, rest+"└─ ", rest+"   ")
		}
	}
}

// wrap breaks text at spaces into lines of at most most columns. A word that is
// longer stays whole, so that it can be copied, unless it is longer than any id.
func wrap(text string, most int) []string {
	var lines []string
	for legible.Width(text) > most {
		line := legible.Cut(text, most+1)
		if cut := strings.LastIndexByte(line, ' '); cut > 0 {
			line = text[:cut]
		} else if line, _, _ = strings.Cut(text, " "); legible.Width(line) > longestWord {
			line = legible.Cut(text, most)
		}
		lines = append(lines, strings.TrimRight(line, " "))
		text = strings.TrimLeft(text[len(line):], " ")
	}
	if text == "" && len(lines) > 0 {
		return lines
	}
	return append(lines, text)
}

const longestWord = 2 * width

// pad fills s with spaces up to n columns.
func pad(s string, n int) string { return legible.Pad(s, n) }
