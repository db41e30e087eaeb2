package replay_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/router/replay"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	inputs := []replay.Input{placed("a", "08:00"), placed("b", "08:01"), placed("c", "08:02", lamps(1)), placed("d", "08:03", lamps(1)), cancelled("d", "09:00")}
	// The hub's bike leaves later, and nobody makes lamps any more.
	later := strings.NewReplacer("10:00-12:00", "13:00-15:00", "lamp-*", "vase-*").Replace(town)
	c := replay.Compare(replay.Run(network(t, town), inputs, nil), replay.Run(network(t, later), inputs, nil))
	want := &replay.Comparison{Orders: 4, Moved: 1, Later: 2, Flows: []replay.Flow{{From: "works", To: "(unroutable)", Orders: 1}}}
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("comparison (-want +got):\n%s", diff)
	}
}
