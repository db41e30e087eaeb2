package config

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// position is a place in the file: line and column from 1, the column in
// characters. The zero position is the file as a whole.
type position struct{ line, column int }

const (
	excerptBefore = 2   // lines of context
	excerptWidth  = 100 // characters of a line; longer ones are cut around the caret
)

// excerpt shows at and the lines before it, with a caret under the column.
func excerpt(lines []string, at position) string {
	if at.line < 1 || at.line > len(lines) {
		return ""
	}
	width := len(fmt.Sprint(at.line))
	var b strings.Builder
	for n := max(1, at.line-excerptBefore); n < at.line; n++ {
		text, _ := clip(lines[n-1], 1)
		fmt.Fprintf(&b, "  %*d | %s\n", width, n, text)
	}
	text, column := clip(lines[at.line-1], at.column)
	fmt.Fprintf(&b, "> %*d | %s\n", width, at.line, text)
	fmt.Fprintf(&b, "  %*s | %s^\n", width, "", strings.Repeat(" ", column-1))
	return b.String()
}

// clip cuts a long line around column and makes it safe to print: what is not
// printable would move the caret, or worse.
func clip(line string, column int) (string, int) {
	runes := []rune(line)
	for i, r := range runes {
		switch {
		case r == '\t':
			runes[i] = ' '
		case !unicode.IsPrint(r):
			runes[i] = utf8.RuneError
		}
	}
	column = min(max(column, 1), len(runes)+1)
	if len(runes) <= excerptWidth {
		return string(runes), column
	}
	from := min(max(0, column-1-excerptWidth*2/3), len(runes)-excerptWidth)
	cut := runes[from : from+excerptWidth]
	out := string(cut)
	column -= from
	if from > 0 {
		out = "…" + out
		column++
	}
	if from+excerptWidth < len(runes) {
		out += "…"
	}
	return out, column
}
