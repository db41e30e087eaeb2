package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
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
	for i, line := range wrap(plain(b.text), width-utf8.RuneCountInString(rest)-2) {
		if i == 0 {
			fmt.Fprintln(w, first+line)
		} else {
			fmt.Fprintln(w, strings.TrimRight(pad(below, utf8.RuneCountInString(rest)+2)+line, " "))
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

// wrap breaks text at spaces into lines of at most most characters, where it
// has spaces to break at.
func wrap(text string, most int) []string {
	var lines []string
	for utf8.RuneCountInString(text) > most {
		cut := strings.LastIndexByte(cutTo(text, most+1), ' ')
		if cut <= 0 {
			break
		}
		lines = append(lines, strings.TrimRight(text[:cut], " "))
		text = strings.TrimLeft(text[cut:], " ")
	}
	return append(lines, text)
}

// cutTo is the first most characters of s.
func cutTo(s string, most int) string {
	for i := range s {
		if most--; most < 0 {
			return s[:i]
		}
	}
	return s
}

// pad fills s with spaces up to n characters.
func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(0, n-utf8.RuneCountInString(s)))
}
