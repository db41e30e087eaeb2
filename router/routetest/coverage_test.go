package routetest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
)

func TestCoverage(t *testing.T) {
	t.Parallel()
	c, n := town(t)
	coverage := NewCoverage(c)
	if got := coverage.Percent(); got != 0 {
		t.Errorf("got %v before any test, want 0", got)
	}
	for _, r := range load(t, c, "passing.yaml").Run(c, n) {
		coverage.Add(&r)
	}
	if diff := cmp.Diff([]Item{{Kind: KindLevel, ID: "slow", At: config.Position{File: "testdata/network.yaml", Line: 11, Column: 3}}}, coverage.Missed()); diff != "" {
		t.Errorf("missed (-want +got):\n%s", diff)
	}
	reached, all := coverage.Reached("")
	if want := 3 + 3 + 2 + 1 + 1 + 4; all != want || reached != want-1 {
		t.Errorf("got %d of %d, want %d of %d", reached, all, want-1, want)
	}
}

// A fallback is reached by a dispatch at a level behind it, and with it every
// one on the way; a catchment by any order whose place it holds.
func TestCoverageOfOneCase(t *testing.T) {
	t.Parallel()
	c, n := town(t)
	for name, want := range map[string][]string{
		"two levels further": {"catchment hub/bike", "catchment hub/post", "catchment works/bike", "lane hub/post",
			"fallback next_day to national", "fallback same_day to next_day", "service level national"},
		"nothing left, so it waits": {"catchment hub/bike", "catchment hub/post", "catchment works/bike"},
		"far away": {"catchment hub/post", "lane hub/post",
			"fallback next_day to national", "fallback same_day to next_day", "service level national"},
		"what is made, and how much of it there is": {"catchment hub/bike", "catchment hub/post", "catchment works/bike",
			"lane works/bike", "production cell works/lathe", "service level same_day"},
		"a locker": {"catchment hub/bike", "catchment hub/post", "catchment works/bike",
			"lane hub/bike", "locker corner", "service level same_day"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			coverage := NewCoverage(c)
			for _, r := range load(t, c, "passing.yaml").Run(c, n) {
				if r.Case.Name == name {
					coverage.Add(&r)
				}
			}
			var got []string
			for _, item := range coverage.Items {
				if item.Cases == 1 {
					got = append(got, item.Kind+" "+item.ID)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("reached (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTaken(t *testing.T) {
	t.Parallel()
	const slot = "lane/hub/bike:2026-08-04T10:00:parcels"
	for beginning, want := range map[string]int64{
		"lane/hub":                         everything,
		"lane/hub/bike":                    everything,
		"lane/hub/bike:2026-08-04":         everything,
		"lane/hub/bike:2026-08-04T10:00":   everything,
		slot:                               everything,
		"lane/hub/bi":                      0,
		"lane/hu":                          0,
		"lane/hub/bike:2026-08-05":         0,
		"lane/hub/bike:2026-08-04T1":       0,
		"make/hub/bike":                    0,
		"lane/hub/bike:2026-08-04T10:00:p": 0,
	} {
		if got := (Taken{Full: []string{beginning}}).of(slot); got != want {
			t.Errorf("full %s: got %d, want %d", beginning, got, want)
		}
	}
	if got := (Taken{Units: map[string]int64{slot: 7}}).of(slot); got != 7 {
		t.Errorf("got %d, want 7", got)
	}
}
