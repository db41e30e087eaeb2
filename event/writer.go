package event

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"
)

// writer appends JSON. It puts a comma behind every value, and the end of an
// object or array takes the last one back. A member is named as it is written,
// quotes and colon too, so that the compiler can copy it as one. What is
// called opt leaves a member out where the tag omitzero does.
type writer struct {
	b    []byte
	err  error // of the first value that JSON cannot hold; what follows does not matter
	date date
}

func (w *writer) begin(open byte) { w.b = append(w.b, open) }

func (w *writer) end(shut byte) {
	if last := len(w.b) - 1; w.b[last] == ',' {
		w.b = w.b[:last]
	}
	w.b = append(w.b, shut, ',')
}

func (w *writer) number(name string, n int64) {
	w.b = append(w.b, name...)
	w.b = append(strconv.AppendInt(w.b, n, 10), ',')
}

func (w *writer) optNumber(name string, n int64) {
	if n != 0 {
		w.number(name, n)
	}
}

// sequence writes a place on a stream.
func (w *writer) sequence(name string, n uint64) {
	w.b = append(w.b, name...)
	w.b = append(strconv.AppendUint(w.b, n, 10), ',')
}

func (w *writer) float(name string, f float64) {
	w.b = append(w.b, name...)
	switch abs := math.Abs(f); {
	case abs == 0 || 1e-6 <= abs && abs < 1e21:
		w.b = strconv.AppendFloat(w.b, f, 'f', -1, 64)
	case abs <= math.MaxFloat64: // with an exponent, as the library writes it
		w.b = append(w.b, jsontext.Float(f).String()...)
	default:
		w.fail(fmt.Errorf("number that is not finite: %v", f))
	}
	w.b = append(w.b, ',')
}

func (w *writer) optFlag(name string, yes *bool) {
	if yes != nil {
		w.b = append(w.b, name...)
		w.b = append(strconv.AppendBool(w.b, *yes), ',')
	}
}

// optCounts writes a map with its keys sorted.
func (w *writer) optCounts(name string, counts map[string]int) {
	if counts == nil {
		return
	}
	var room [16]string // most have no more
	keys := slices.AppendSeq(room[:0], maps.Keys(counts))
	slices.Sort(keys)
	w.b = append(w.b, name...)
	w.begin('{')
	for _, key := range keys {
		w.quote(key)
		w.b[len(w.b)-1] = ':'
		w.b = append(strconv.AppendInt(w.b, int64(counts[key]), 10), ',')
	}
	w.end('}')
}

func (w *writer) fail(err error) {
	if w.err == nil {
		w.err = fmt.Errorf("%w, before byte %d", err, len(w.b))
	}
}
