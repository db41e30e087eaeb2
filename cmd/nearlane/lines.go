package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// lines reads a file line by line and never keeps more than most bytes of a
// line. Blank lines are skipped, and so are carriage returns.
type lines struct {
	in   *bufio.Reader
	most int

	number  int // of the line, from 1
	text    []byte
	tooLong bool  // text is only its beginning
	err     error // why it ended, if not at the end
}

func newLines(in io.Reader, most int) *lines {
	return &lines{in: bufio.NewReaderSize(in, 1<<16), most: most}
}

// next reads the next line that is not blank. Text is good until then.
func (l *lines) next() bool {
	for {
		more, err := l.read()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				l.err = err
			}
			return false
		}
		if len(l.text) > 0 || l.tooLong {
			return true
		}
		if !more {
			return false
		}
	}
}

// read reads one line, blank or not, and reports whether there may be more.
// Its error is io.EOF if there is none.
func (l *lines) read() (more bool, _ error) {
	l.text, l.tooLong = l.text[:0], false
	for {
		part, err := l.in.ReadSlice('\n')
		if room := l.most + 1 - len(l.text); len(part) > room {
			part, l.tooLong = part[:room], true
		}
		l.text = append(l.text, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(l.text) > 0:
		case err != nil:
			return false, err
		}
		l.number++
		l.text = bytes.TrimSpace(l.text)
		return err == nil, nil
	}
}
