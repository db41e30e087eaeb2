package main

import (
	"fmt"
	"io"
	"time"
)

// everySoOften is how often a meter moves.
const everySoOften = 200 * time.Millisecond

// meter shows how far something is: on a terminal as it goes, elsewhere only
// at the end.
type meter struct {
	w       io.Writer
	live    bool
	started time.Time
	shown   time.Time
	n       int
}

func newMeter(w io.Writer) *meter {
	return &meter{w: raw(w), live: terminal(w), started: time.Now()}
}

// count says that n are done so far.
func (m *meter) count(n int) {
	m.n = n
	if now := time.Now(); m.live && now.Sub(m.shown) >= everySoOften {
		m.shown = now
		fmt.Fprintf(m.w, "\r\033[K%d, %s", n, m.rate())
	}
}

// say prints a line above the meter.
func (m *meter) say(format string, args ...any) {
	m.clear()
	fmt.Fprintf(m.w, format+"\n", args...)
}

// done ends the meter with a summary.
func (m *meter) done(summary string) {
	m.clear()
	took := time.Since(m.started)
	rate := ""
	if took >= time.Second { // of less it says nothing
		rate = " (" + m.rate() + ")"
	}
	fmt.Fprintf(m.w, "%s, in %v%s\n", summary, took.Round(10*time.Millisecond), rate)
}

func (m *meter) rate() string {
	return fmt.Sprintf("%.0f/s", float64(m.n)/max(time.Since(m.started).Seconds(), 0.001))
}

func (m *meter) clear() {
	if m.live && !m.shown.IsZero() {
		fmt.Fprint(m.w, "\r\033[K")
	}
}
