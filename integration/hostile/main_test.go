// Package hostile throws at a running router what a shop, a courier or a
// stranger may send it, each try with a name and with what has to become of it,
// and counts by area what was tried and what held.
//
// `make hostile` tries everything. As a plain test it is a part of the same.
package hostile

import (
	"os"
	"testing"
	"time"
)

const fullEnv = "HOSTILE_FULL" // not empty: all orders of the mix

var now = time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)

func stoppedClock() time.Time { return now }

// TestHostile is all tries at one router, and the mix at the end.
func TestHostile(t *testing.T) {
	mixed := 100
	if os.Getenv(fullEnv) != "" {
		mixed = 2_000
	}
	w := start(t)
	w.plain()
	w.ids()
	w.malformed()
	w.values()
	w.subjects()
	w.headers()
	w.cancellations()
	w.reports()
	w.answers()
	w.configs()
	w.files()
	w.hosts()
	w.terminals()
	lost := w.mix(mixed)
	w.whole()
	t.Log("\n" + w.table())
	t.Logf("%d orders, half under ids that were taken, a quarter corrected and a quarter repeated under the same id: %d acknowledged without decision or refusal", mixed, lost)
	t.Logf("%d publishes of all were answered as duplicates, and sent again without an id", w.duplicates)
	if w.duplicates == 0 {
		t.Error("no id was taken: the server dropped nothing")
	}
	for _, f := range w.failed {
		t.Error(f)
	}
}
