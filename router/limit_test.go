package router

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes"
)

// lampTown is the town with a second hub that makes lamps and fills lockers.
var lampTown = strings.Replace(town, "sites:\n", `lockers:
  station: {region: town, at: {lat: 60.171, lng: 24.941}, offer: {withinKm: 1}, dwell: 1d, costPerParcel: 0.9,
            sizes: [{size: S, count: 5, mm: [80, 400, 600], maxGrams: 10000}]}
sites:
  works:
    kind: microfactory
    region: town
    at: {lat: 60.17, lng: 24.95}
    hours: "Mo-Fr 08:00-20:00"
    makes: {lathe: {skus: ["lamp-*"], unitsPerDay: 8, lead: 1h}}
    lanes:
      bike: {courier: bike, serviceLevels: [same_day], catchment: {withinKm: 3}, blocks: ["Mo-Fr 15:00-17:00"], capacity: {parcels: 4}, lockers: [station]}
      van: {courier: post, serviceLevels: [same_day], catchment: {withinKm: 3}, blocks: ["Mo-Fr 15:00-17:00"], capacity: {parcels: 4}}
`, 1)

// limits lists the limits of a Tuesday's slots.
func limits(n *Network) map[string]int64 {
	list := map[string]int64{}
	for _, s := range n.Slots(lanes.DateOf(tuesday.Unix(), helsinki)) {
		list[s.ID] = s.Limit
	}
	return list
}

func TestWithLimit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		limit  Limit
		places int
		want   map[string]int64 // what differs
	}{
		{"a lane of one site", Limit{lanes.KindLane, "works", "bike", lanes.UnitParcels}, 1,
			map[string]int64{"lane/works/bike:2026-08-04T15:00:parcels": 77}},
		{"a lane of all sites", Limit{lanes.KindLane, Anywhere, "bike", lanes.UnitParcels}, 2, map[string]int64{
			"lane/works/bike:2026-08-04T15:00:parcels": 77, "lane/hub/bike:2026-08-04T10:00:parcels": 77,
			"lane/hub/bike:2026-08-04T16:00:parcels": 77, "lane/hub/bike:2026-08-04T18:00:parcels": 77}},
		{"a limit that there was not", Limit{lanes.KindLane, "works", "bike", lanes.UnitGrams}, 1,
			map[string]int64{"lane/works/bike:2026-08-04T15:00:grams": 77}},
		{"production", Limit{lanes.KindMake, "works", "lathe", lanes.UnitUnits}, 1,
			map[string]int64{"make/works/lathe:2026-08-04:units": 77}},
		{"compartments", Limit{lanes.KindLocker, Anywhere, "S", lanes.UnitParcels}, 1,
			map[string]int64{"locker/station/S:2026-08-04:parcels": 77}},
		{"no such lane", Limit{lanes.KindLane, Anywhere, "tram", lanes.UnitParcels}, 0, map[string]int64{}},
		{"no such unit", Limit{lanes.KindLane, Anywhere, "bike", lanes.UnitUnits}, 0, map[string]int64{}},
		{"no such place", Limit{lanes.KindMake, "hub", "lathe", lanes.UnitUnits}, 0, map[string]int64{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			n := network(t, lampTown)
			before := limits(n)
			other, places := n.WithLimit(tt.limit, 77)
			if places != tt.places {
				t.Errorf("got %d places, want %d", places, tt.places)
			}
			differ := limits(other)
			for slot, limit := range before {
				if differ[slot] == limit {
					delete(differ, slot)
				}
			}
			if diff := cmp.Diff(tt.want, differ); diff != "" {
				t.Errorf("changed limits (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(before, limits(n)); diff != "" {
				t.Errorf("the network itself changed:\n%s", diff)
			}
		})
	}
}

// Options of the other network claim against its limits.
func TestWithLimitPlans(t *testing.T) {
	t.Parallel()
	n, _ := network(t, lampTown).WithLimit(Limit{lanes.KindMake, "works", "lathe", lanes.UnitUnits}, 3)
	o := mugOrder(tuesday)
	o.Lines[0].SKU, o.Lines[0].Quantity = "lamp-arc", 4
	p := n.Plan(Request{Order: o, Place: n.Locate(o), Now: tuesday})
	if options, _ := p.Take(1); len(options) > 0 {
		t.Errorf("got an option that claims %v, want none: 4 of 3 units", options[0].Body.Claims)
	}
	if got := p.Reasons(); got[0] != OverDailyOutput.String() {
		t.Errorf("got %v, want %s first", got, OverDailyOutput)
	}
}
