package geocode

import (
	"testing"
	"time"
)

var noon = time.Date(2026, 8, 4, 12, 0, 0, 0, time.UTC)

func TestGateKeepsTheRate(t *testing.T) {
	t.Parallel()
	const ms = time.Millisecond
	for _, c := range []struct {
		rate float64
		at   []time.Duration
		want string // + begins, - does not
	}{
		{1, []time.Duration{0, 0, 999 * ms, 1000 * ms, 1999 * ms, 2000 * ms}, "+--+-+"},
		{3, []time.Duration{0, 0, 500 * ms, 900 * ms, 1000 * ms, 1400 * ms, 1490 * ms, 1500 * ms}, "+++-++-+"},
		{0.5, []time.Duration{0, 1000 * ms, 2000 * ms}, "+-+"},
	} {
		g, got := newGate(c.rate), ""
		for _, after := range c.at {
			if _, why := g.enter(noon.Add(after)); why == "" {
				got += "+"
			} else {
				got += "-"
			}
		}
		if got != c.want {
			t.Errorf("rate %g: got %s, want %s", c.rate, got, c.want)
		}
	}
}

// visitor goes through a gate as requests do.
type visitor struct {
	*testing.T
	gate *gate
	now  time.Time
}

func newVisitor(t *testing.T) *visitor {
	return &visitor{T: t, gate: newGate(1000), now: noon}
}

func (v *visitor) enter() pass {
	v.Helper()
	p, why := v.gate.enter(v.now)
	if why != "" {
		v.Fatalf("at %s: got %q, want to enter", v.now.Format(time.TimeOnly), why)
	}
	return p
}

func (v *visitor) shut() {
	v.Helper()
	if _, why := v.gate.enter(v.now); why != skippedDown {
		v.Fatalf("at %s: got %q, want %q", v.now.Format(time.TimeOnly), why, skippedDown)
	}
}

// fails brings back a pass from a server that does not answer.
func (v *visitor) fails(p pass, asked, want time.Duration) {
	v.Helper()
	if got := v.gate.failed(p, v.now, asked); got != want {
		v.Fatalf("at %s: got shut for %v, want %v", v.now.Format(time.TimeOnly), got, want)
	}
}

func TestGateShutsAndLooks(t *testing.T) {
	t.Parallel()
	v := newVisitor(t)
	late := v.enter()
	v.fails(v.enter(), 0, 0)
	v.fails(v.enter(), 0, 0)
	v.fails(v.enter(), 0, firstPause)
	v.shut()
	v.fails(late, 0, 0) // under way when it shut
	v.now = v.now.Add(firstPause)
	probe := v.enter()
	v.shut() // one at a time
	v.fails(probe, 0, 2*firstPause)
	v.now = v.now.Add(2*firstPause - 1)
	v.shut()
	v.now = v.now.Add(1)
	v.gate.leave(v.enter()) // nothing was learnt: the next may look
	v.enter()
	if !v.gate.well() {
		t.Error("got a gate that was open, want it to have been shut")
	}
	v.fails(v.enter(), 0, 0) // and counts from the start
	if v.gate.well() {
		t.Error("got a gate that was shut, want it open")
	}
}

func TestGateIsShutNoLongerThan(t *testing.T) {
	t.Parallel()
	v := newVisitor(t)
	for range failuresAtOnce {
		v.gate.failed(v.enter(), v.now, 0)
	}
	for range 20 {
		v.now = v.now.Add(longestPause)
		v.gate.failed(v.enter(), v.now, 0)
	}
	v.now = v.now.Add(longestPause)
	v.fails(v.enter(), 0, longestPause)
}

func TestGateDoesAsItIsAsked(t *testing.T) {
	t.Parallel()
	v := newVisitor(t)
	v.fails(v.enter(), 40*time.Second, 40*time.Second) // the first failure
	v.now = v.now.Add(40*time.Second - 1)
	v.shut()
	v.now = v.now.Add(1)
	v.fails(v.enter(), 30*24*time.Hour, longestAsked)
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"":                              0,
		"120":                           2 * time.Minute,
		"-3":                            0,
		"soon":                          0,
		"Tue, 04 Aug 2026 12:01:30 GMT": 90 * time.Second,
		"Tue, 04 Aug 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(text, noon); got != want {
			t.Errorf("%q: got %v, want %v", text, got, want)
		}
	}
}
