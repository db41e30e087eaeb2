package demo

import (
	"sync/atomic"
	"time"
)

// clock is the process's clock during the demo. It stands still until it is
// moved, and never goes back: a day passes as fast as its orders do.
type clock struct {
	now  atomic.Int64 // unix nanoseconds
	zone *time.Location
}

func newClock(start time.Time) *clock {
	c := &clock{zone: start.Location()}
	c.now.Store(start.UnixNano())
	return c
}

// Now is safe for concurrent use.
func (c *clock) Now() time.Time { return time.Unix(0, c.now.Load()).In(c.zone) }

// advance moves the clock to t. Only one goroutine may call it.
func (c *clock) advance(t time.Time) {
	if now := t.UnixNano(); now > c.now.Load() {
		c.now.Store(now)
	}
}
