package ledger

import "fmt"

// fields reads the values of a script's reply one by one, and remembers
// whether one was missing or not what it should be.
type fields struct {
	values []any
	next   int
	bad    bool
}

func (f *fields) value() any {
	if f.next >= len(f.values) {
		f.bad = true
		return nil
	}
	f.next++
	return f.values[f.next-1]
}

func (f *fields) number() int64 {
	n, ok := f.value().(int64)
	f.bad = f.bad || !ok
	return n
}

func (f *fields) text() string {
	s, ok := f.value().(string)
	f.bad = f.bad || !ok
	return s
}

func (f *fields) err() error {
	if f.bad {
		return fmt.Errorf("read reply %v: not of the expected shape", f.values)
	}
	return nil
}
