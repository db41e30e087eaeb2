package geocode

import (
	"math"
	"sync"
	"time"
)

// How a geocoder that fails is treated.
const (
	failuresAtOnce = 3 // in a row, before it is left alone
	firstPause     = 5 * time.Second
	longestPause   = 5 * time.Minute
	longestAsked   = time.Hour // that a geocoder may ask for itself
)

// gate says whether a request may begin. It lets through at most so many in
// any second, counted over the second that ends now and not by the clock's, and
// shuts when the server fails. Once the pause is over, one request goes out to
// see; the others wait for what becomes of it by not waiting at all.
type gate struct {
	mu     sync.Mutex
	begun  []time.Time // the last requests, a ring
	next   int         // the oldest of them
	window time.Duration

	failures int // in a row
	shut     bool
	until    time.Time // then one may go to see
	probing  bool
	pause    time.Duration
}

// pass is what a request goes through the gate with, and brings back.
type pass struct{ probe bool }

// newGate is open. A rate below 1 is one request in more than a second.
func newGate(perSecond float64) *gate {
	most := max(1, math.Floor(perSecond))
	return &gate{begun: make([]time.Time, int(most)), window: time.Duration(most / perSecond * float64(time.Second))}
}

// enter lets a request begin, or says why not.
func (g *gate) enter(now time.Time) (p pass, why string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut && (g.probing || now.Before(g.until)) {
		return p, skippedDown
	}
	if oldest := g.begun[g.next]; !oldest.IsZero() && now.Sub(oldest) < g.window {
		return p, skippedRate
	}
	g.begun[g.next] = now
	g.next = (g.next + 1) % len(g.begun)
	g.probing = g.shut
	return pass{probe: g.shut}, ""
}

// leave brings back a pass with which nothing was learnt.
func (g *gate) leave(p pass) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if p.probe {
		g.probing = false
	}
}

// well notes that the server answered. It reports whether the gate was shut.
func (g *gate) well() (opened bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	opened = g.shut
	g.failures, g.shut, g.probing, g.pause = 0, false, false, 0
	return opened
}

// failed notes that the server did not answer, and how long it asked to be
// left alone, if it did. It returns for how long the gate is shut now, or 0 if
// that does not follow from this failure. What was under way when the gate
// shut says nothing new.
func (g *gate) failed(p pass, now time.Time, asked time.Duration) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut && !p.probe {
		return 0
	}
	if g.failures++; g.failures < failuresAtOnce && asked == 0 && !p.probe {
		return 0
	}
	g.pause = min(max(2*g.pause, firstPause), longestPause)
	pause := max(g.pause, min(asked, longestAsked))
	g.shut, g.probing, g.until = true, false, now.Add(pause)
	return pause
}
