package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lines reads a file line by line, and JSON objects that are written over
// several lines as one. It never keeps more than most bytes of either. Blank
// lines are skipped, and so are carriage returns.
type lines struct {
	in   *bufio.Reader
	most int
	read int    // lines so far
	line []byte // the last of them

	number  int // of the first line of text, from 1
	text    []byte
	tooLong bool  // text is only its beginning
	err     error // why it ended, if not at the end
}

func newLines(in io.Reader, most int) *lines {
	return &lines{in: bufio.NewReaderSize(in, 1<<16), most: most}
}

// next reads the next line that is not blank. Text is good until then.
func (l *lines) next() bool {
	l.text, l.tooLong = l.text[:0], false
	for {
		more, err := l.readLine()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				l.err = err
			}
			return false
		}
		if len(l.line) > 0 || l.tooLong {
			l.number = l.read
			l.text = append(l.text, l.line...)
			l.join()
			return true
		}
		if !more {
			return false
		}
	}
}

// join adds lines until the object that text begins is closed. A line that
// begins with a brace begins the next object, even if this one is broken.
func (l *lines) join() {
	if len(l.text) == 0 || l.text[0] != '{' {
		return
	}
	for open := depth(l.text); open > 0 && !l.tooLong && l.err == nil; open += depth(l.line) {
		if next, err := l.in.Peek(1); err != nil || next[0] == '{' {
			return
		}
		if _, err := l.readLine(); err != nil && !errors.Is(err, io.EOF) {
			l.err = err
		}
		if l.text = append(append(l.text, '\n'), l.line...); len(l.text) > l.most {
			l.tooLong = true
		}
	}
}

// depth is how many more objects and arrays a line of JSON opens than it
// closes. No string goes over the end of a line.
func depth(line []byte) int {
	open, quoted := 0, false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			open++
		case c == '}' || c == ']':
			open--
		}
	}
	return open
}

// readLine reads one line, blank or not, and reports whether there may be more.
// Its error is io.EOF if there is none.
func (l *lines) readLine() (more bool, _ error) {
	l.line = l.line[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		if room := l.most + 1 - len(l.line); len(part) > room {
			part, l.tooLong = part[:room], true
		}
		l.line = append(l.line, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.line) > 0:
		case err != nil:
			return false, err
		}
		l.read++
		l.line = bytes.TrimSpace(l.line)
		return err == nil, nil
	}
}
