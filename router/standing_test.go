package router

import (
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

func TestStandingOf(t *testing.T) {
	t.Parallel()
	frees := &event.Frees{Region: "west", Seq: 4}
	claims := []event.Claim{claim("a", 1, 2)}
	d := &event.Decision{Outcome: event.Dispatched, Region: "town", Epoch: "7/h", DispatchID: "d1", Frees: frees, Claims: claims}
	equal(t, "standing", StandingOf(event.Record{Sequence: 9, Decision: d}),
		Standing{Sequence: 9, Outcome: event.Dispatched, Region: "town", Epoch: "7/h", DispatchID: "d1", Frees: frees, Claims: claims})
	equal(t, "standing of no decision", StandingOf(event.Record{Sequence: 9}), Standing{Sequence: 9})
	equal(t, "standing of no record", StandingOf(event.Record{}), Standing{})
}

func TestSettlement(t *testing.T) {
	t.Parallel()
	key := event.Key{Channel: "web shop", Order: "A/1"}
	s := Standing{Sequence: 9, Region: "town", Epoch: "7/h", Claims: []event.Claim{claim("a", 1, 2), claim("b", 3, 4)}}
	ends := tuesday.Add(time.Hour).UTC()
	for _, c := range []struct {
		name   string
		s      Standing
		region string
		want   lanes.Settlement
	}{
		{"its claims where it has them", s, "town", lanes.Settlement{Region: "town", Order: "web%20shop/A%2F1", Seq: 9, Epoch: "7/h",
			Claims: []lanes.Claim{{Slot: "a", Units: 1, Limit: 2, Ends: ends}, {Slot: "b", Units: 3, Limit: 4, Ends: ends}}}},
		{"a release everywhere else", s, "west", lanes.Settlement{Region: "west", Order: "web%20shop/A%2F1", Seq: 9}},
		{"a release without claims", Standing{Sequence: 9, Region: "town", Epoch: "7/h"}, "town", lanes.Settlement{Region: "town", Order: "web%20shop/A%2F1", Seq: 9}},
	} {
		equal(t, c.name, c.s.settlement(key, c.region), c.want)
	}
}

func TestClaimsAfter(t *testing.T) {
	t.Parallel()
	s := Standing{Claims: []event.Claim{{Ends: tuesday}, {Ends: tuesday.Add(time.Hour)}, {Ends: tuesday}}}
	for _, c := range []struct {
		name string
		s    Standing
		at   time.Time
		want bool
	}{
		{"before all", s, tuesday.Add(-time.Hour), true},
		{"one is left", s, tuesday, true},
		{"at the end of the last", s, tuesday.Add(time.Hour), false},
		{"none at all", Standing{}, tuesday, false},
	} {
		if got := c.s.claimsAfter(c.at); got != c.want {
			t.Errorf("%s: got %t, want %t", c.name, got, c.want)
		}
	}
}
