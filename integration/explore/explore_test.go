// Package explore visits the interleavings of two routers, an auditor, crashes
// and wipes of Redis at capacity one, state by state. The scripts are the real
// ones, on the in-process server and called through the real ledger; journal,
// routers and auditor are models of the rules J1 to E6, one shared access per
// step.
//
// An auditor may settle any decision at any time, and void an order until it
// has five decisions. After every step everybody is also followed until
// nothing is left to do: nothing may be lost, and nothing may go on for ever.
//
// With two Redis (E6), a router stands on one of them, may be started anew on the
// other, and reads fence, epochs and memory one after the other; who rebuilds
// elsewhere is not kept from it by who else runs, as often as the budget has it.
// Capacity is judged in the memory that the journal names. One scenario lets
// auditors be at work on the other too; in all of them there is one region.
//
// A config that gives a place another name is taken by each router for itself.
//
// Left out, and covered by other tests: capacity above one, expiries, a tail
// of Redis that is lost unnoticed, waiting orders, healing.
package explore

import (
	"math"
	"os"
	"strconv"
	"testing"
	"time"
)

// bounds of a search: everything, or what a test run has time for.
func bounds(t *testing.T) (depth, states int) {
	t.Helper()
	switch text := os.Getenv("EXPLORE"); text {
	case "":
		return 14, math.MaxInt
	case "all":
		return math.MaxInt, math.MaxInt
	default:
		depth, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("EXPLORE: got %q, want a number of steps or all", text)
		}
		return depth, math.MaxInt
	}
}

func TestExplore(t *testing.T) {
	t.Parallel()
	depth, states := bounds(t)
	for _, s := range scenarios {
		t.Run(s.name, func(t *testing.T) {
			w := newWorld(t, s, mutation{})
			began := time.Now()
			f := w.search(w.start(), depth, states)
			t.Logf("%d states to depth %d, complete: %t, cut: %d; %d states of Redis, %d script calls, %v",
				f.states, f.depth, f.complete, f.cut, len(w.server.memories), len(w.server.known), time.Since(began).Round(time.Millisecond))
			if f.wrong != "" {
				t.Errorf("%s", f)
			}
		})
	}
}
