package legible

import (
	"io"
	"sync"
	"unicode/utf8"
)

// Writer is the last thing before a terminal: whatever is written through it,
// by whomever, nothing but plain characters, lines, tabs and colours of ours
// come out. JSON stays JSON, and means the same. It may be used by several at
// once.
type Writer struct {
	to      io.Writer
	colours bool

	mu      sync.Mutex
	stacked marks
	half    []byte // of a character that is not written to its end yet
	out     []byte
}

// NewWriter writes to w; with colours, \x1b[...m passes.
func NewWriter(w io.Writer, colours bool) *Writer { return &Writer{to: w, colours: colours} }

// Raw is what is written to: for bytes that have to stay what they are.
func (w *Writer) Raw() io.Writer { return w.to }

// Write writes all of data, or fails.
func (w *Writer) Write(data []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := append(w.half, data...)
	w.out, w.half = w.out[:0], nil
	for len(all) > 0 {
		if n := w.colour(all); n > 0 {
			w.out, all = append(w.out, all[:n]...), all[n:]
			continue
		}
		if !utf8.FullRune(all) {
			w.half = append([]byte(nil), all...)
			break
		}
		r, n := utf8.DecodeRune(all)
		if r == '\n' || r == '\t' || Plain(r) && w.stacked.fit(r) && (r != utf8.RuneError || n > 1) {
			w.out = append(w.out, all[:n]...)
		} else {
			w.out = append(w.out, escape(r)...)
		}
		all = all[n:]
	}
	if len(w.out) == 0 {
		return len(data), nil
	}
	if _, err := w.to.Write(w.out); err != nil {
		return 0, err
	}
	return len(data), nil
}

// colour is the length of a colour that text begins with, 0 for none.
func (w *Writer) colour(text []byte) int {
	if !w.colours || len(text) < 3 || text[0] != '\033' || text[1] != '[' {
		return 0
	}
	for i, c := range text[2:] {
		switch {
		case c == 'm':
			return i + 3
		case c != ';' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// Close writes what is left of a character that never came to its end.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	if len(w.half) > 0 {
		_, err = io.WriteString(w.to, escape(utf8.RuneError))
	}
	w.half = nil
	return err
}
