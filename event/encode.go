package event

import (
	"bytes"
	"sync"
)

// What is written for every order is written member by member, because
// reflection would take a third of a router's time. The struct tags say what
// has to come out: the bytes are those of json.Marshal, with maps sorted.

// encoder is what writes itself as one JSON object.
type encoder interface{ encode(w *writer) }

// writers are kept for their buffers, which are as long as events get.
var writers = sync.Pool{New: func() any { return new(writer) }}

func newWriter() *writer {
	w := writers.Get().(*writer)
	w.b, w.err = w.b[:0], nil
	return w
}

func (w *writer) free() { writers.Put(w) }

// value is a copy of the one value that was written, or what is wrong with the
// first value in it that JSON cannot hold.
func (w *writer) value() ([]byte, error) {
	if w.err != nil {
		return nil, w.err
	}
	return bytes.Clone(w.b[:len(w.b)-1]), nil
}
