package lanes

import "sync/atomic"

// memoDays is how many days a memo holds: more than any promise looks at.
const memoDays = 16

// memo remembers what was worked out for the days last asked for. It is only
// ever given what its owner would work out again, so losing an entry, or two
// goroutines writing the same one, changes nothing. The zero value is empty.
type memo[T any] struct {
	ring [memoDays]atomic.Pointer[remembered[T]]
}

type remembered[T any] struct {
	date  Date
	value T
}

// get returns what is remembered for d, or nil. It must not be changed.
func (m *memo[T]) get(d Date) *T {
	if r := m.ring[uint32(d)%memoDays].Load(); r != nil && r.date == d {
		return &r.value
	}
	return nil
}

// put remembers value for d and returns its lasting address.
func (m *memo[T]) put(d Date, value T) *T {
	r := &remembered[T]{date: d, value: value}
	m.ring[uint32(d)%memoDays].Store(r)
	return &r.value
}
