package pace

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
)

// growth is how a cost grows: one curve or several over the same x.
type growth struct {
	slug    string // of its file
	name    string
	x, unit string
	says    string // what else is to be seen
	lines   []line
}

type point struct{ x, y float64 }

// size is up to where growth is followed.
type size int

const (
	tiny  size = iota // only that it can be measured
	small             // the first steps, which are quick
	large
)

// steps are the sizes to measure at, each about ten times the one before.
func (s size) steps(trial int, more ...int) []int {
	switch s {
	case tiny:
		return []int{trial}
	case small:
		return more[:min(len(more)-1, 3)]
	}
	return more
}

// passes of each measurement; the median counts.
func (s size) passes() int {
	if s == tiny {
		return 1
	}
	return 5
}

func growths(t *testing.T, s scale, tapes map[string]*tape, save func([]growth)) {
	var all []growth
	for _, part := range []struct {
		name    string
		measure func() []growth
	}{
		{"growth/planning", func() []growth { return planning(t, s.size) }},
		{"growth/network", func() []growth { return networks(t, s.size) }},
		{"growth/reload", func() []growth { return reloads(t, s.size) }},
		{"growth/lookup", func() []growth { return lookup(t, s.size) }},
		{"growth/waiting", func() []growth { return waiting(t, s.size) }},
		{"growth/journal", func() []growth { return journals(t, s.size) }},
		{"growth/replay", func() []growth { return replays(t, s.size) }},
		{"growth/nodes", func() []growth { return replicas(t, s, tapes) }},
	} {
		if !s.wants(part.name) {
			continue
		}
		start := time.Now()
		found := part.measure()
		for _, g := range found {
			t.Logf("%s: %s", g.name, g.seen())
		}
		t.Logf("%s: %v, load %s", part.name, time.Since(start).Round(time.Millisecond), machineLoad())
		all = append(all, found...)
		save(all)
	}
}

// dimensions say what a unit measures, and how much of the smaller unit it is.
var dimensions = map[string]struct {
	of, small string
	times     float64
}{
	"ns": {of: "time"}, "us": {of: "time"}, "ms": {"time", "us", 1e3}, "s": {"time", "us", 1e6},
	"MB": {"memory", "bytes", 1e6}, "orders per second": {of: "orders per second"},
}

// seen says how every curve grows from its first point to its last.
func (g growth) seen() string {
	var all []string
	for _, l := range g.lines {
		if len(l.points) < 2 {
			continue
		}
		first, last := l.points[0], l.points[len(l.points)-1]
		of, more, grown := dimensions[g.unit].of, last.x/first.x, last.y/first.y
		text := fmt.Sprintf("%s times the %s, %s times the %s", short(more), g.x, short(grown), of)
		if l.each != "" {
			text += fmt.Sprintf(", which is %.2f times as much for each", grown/more)
		}
		if l.name != "" {
			text = l.name + ": " + text
		}
		all = append(all, text)
	}
	if g.says != "" {
		all = append(all, g.says)
	}
	return strings.Join(all, "; ")
}

// timed is how many microseconds each of some things takes, each measured
// several times in turn.
func (s size) timed(sizes []int, things []func()) []point {
	const atLeast = 20 * time.Millisecond
	all := make([][]float64, len(things))
	for range s.passes() {
		for i, do := range things {
			calls, start := 0, time.Now()
			for time.Since(start) < atLeast {
				for range 50 {
					do()
				}
				calls += 50
			}
			all[i] = append(all[i], micros(time.Since(start))/float64(calls))
		}
	}
	points := make([]point, len(things))
	for i := range points {
		points[i] = point{float64(sizes[i]), median(all[i])}
	}
	return points
}

// typical is the median of several measurements, or of as many as fit into a
// second if they take long.
func (s size) typical(measure func() float64) float64 {
	var all []float64
	for start := time.Now(); len(all) == 0 || len(all) < s.passes() && time.Since(start) < time.Second; {
		all = append(all, measure())
	}
	return median(all)
}

func millis(do func()) float64 {
	start := time.Now()
	do()
	return micros(time.Since(start)) / 1e3
}

// heap is how many bytes are in use after a collection.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what a pool let go of with the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
