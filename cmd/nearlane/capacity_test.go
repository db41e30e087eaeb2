package main

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

func networkOf(t *testing.T, file string) *router.Network {
	t.Helper()
	loaded, findings := config.Load(file, config.Options{})
	if loaded == nil {
		t.Fatal(findings.Format())
	}
	n, err := router.Build(loaded)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDaysOf(t *testing.T) {
	t.Parallel()
	n := networkOf(t, "testdata/network.yaml")
	beforeMidnightUTC := time.Date(2026, 8, 3, 22, 0, 0, 0, time.UTC) // 01:00 on the 4th in Helsinki
	for text, want := range map[string]string{
		"today": "2026-08-04", "tomorrow": "2026-08-05", "2026-12-24": "2026-12-24",
	} {
		days, err := daysOf(n, text, beforeMidnightUTC)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := days["helsinki"].String(); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	var usage usageError
	if _, err := daysOf(n, "2026-13-01", beforeMidnightUTC); !errors.As(err, &usage) {
		t.Errorf("no such day: got %v, want a usage error", err)
	}
}

func TestBar(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		used, limit int64
		want        string
	}{
		{0, 100, "··········"},
		{1, 100, "█·········"},
		{50, 100, "█████·····"},
		{99, 100, "█████████·"},
		{100, 100, "██████████ full"},
		{101, 100, "██████████ over"},
		{0, 0, "██████████ full"},
	} {
		if got := (table{}).bar(&filling{Used: test.used, Limit: test.limit}); got != test.want {
			t.Errorf("%d of %d: got %q, want %q", test.used, test.limit, got, test.want)
		}
	}
}

// A slot that only the journal knows belongs to the day of its region.
func TestLapsed(t *testing.T) {
	t.Parallel()
	n := networkOf(t, "testdata/network.yaml")
	day, err := lanes.ParseDate("2026-08-04")
	if err != nil {
		t.Fatal(err)
	}
	refold := router.NewRefold()
	old, other := lanes.LaneSlot("kallio", "boat", day, 600, lanes.UnitParcels), lanes.LaneSlot("kallio", "boat", day+1, 600, lanes.UnitParcels)
	refold.Slots[old] = router.Usage{Units: 3, Limit: 4}
	add(refold, "1", "helsinki", old, other)
	add(refold, "2", "atlantis", lanes.LaneSlot("sunk", "boat", day, 600, lanes.UnitParcels))
	var got []string
	for _, f := range filled(n, map[string]lanes.Date{"helsinki": day}, refold) {
		if !f.Known {
			got = append(got, f.Slot+" "+f.Start.Format(time.RFC3339))
		}
	}
	if diff := cmp.Diff([]string{old + " 2026-08-04T10:00:00+03:00"}, got); diff != "" {
		t.Errorf("lapsed (-want +got):\n%s", diff)
	}
}

// add makes an order claim slots.
func add(f *router.Refold, order, region string, slots ...string) {
	s := router.Standing{Outcome: event.Dispatched, Region: region}
	for _, id := range slots {
		s.Claims = append(s.Claims, event.Claim{Slot: id, Units: 1, Limit: 4, Ends: time.Date(2026, 8, 4, 9, 0, 0, 0, time.UTC)})
	}
	f.Standing[event.Key{Channel: "web", Order: order}] = s
}
