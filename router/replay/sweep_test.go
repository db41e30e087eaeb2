package replay_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

func TestParseSweep(t *testing.T) {
	t.Parallel()
	bikes := router.Limit{Kind: lanes.KindLane, Place: "*", Name: "bike", Unit: lanes.UnitParcels}
	for _, tt := range []struct {
		text   string
		limit  router.Limit
		values []int64
	}{
		{"lanes.bike.parcels=10..60", bikes, []int64{10, 18, 26, 34, 42, 50, 58, 60}},
		{"lanes.bike.parcels=1..3", bikes, []int64{1, 2, 3}},
		{"lanes.bike.capacity.parcels=10..30:10", bikes, []int64{10, 20, 30}},
		{"sites.*.lanes.bike.capacity.parcels=5..8:2", bikes, []int64{5, 7, 8}},
		{"sites.hub.lanes.bike.grams = 1000..2000:500", router.Limit{Kind: lanes.KindLane, Place: "hub", Name: "bike", Unit: lanes.UnitGrams}, []int64{1000, 1500, 2000}},
		{"sites.works.makes.lathe.unitsPerDay=1..2", router.Limit{Kind: lanes.KindMake, Place: "works", Name: "lathe", Unit: lanes.UnitUnits}, []int64{1, 2}},
		{"makes.lathe.units=1..2", router.Limit{Kind: lanes.KindMake, Place: "*", Name: "lathe", Unit: lanes.UnitUnits}, []int64{1, 2}},
		{"lockers.*.sizes.S.count=1..2", router.Limit{Kind: lanes.KindLocker, Place: "*", Name: "S", Unit: lanes.UnitParcels}, []int64{1, 2}},
		{"lockers.station.S.count=1..2", router.Limit{Kind: lanes.KindLocker, Place: "station", Name: "S", Unit: lanes.UnitParcels}, []int64{1, 2}},
	} {
		t.Run(tt.text, func(t *testing.T) {
			t.Parallel()
			got, err := replay.ParseSweep(tt.text)
			if err != nil {
				t.Fatal(err)
			}
			if got.Limit != tt.limit {
				t.Errorf("limit: got %+v, want %+v", got.Limit, tt.limit)
			}
			if diff := cmp.Diff(tt.values, got.Values); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
	for text, want := range map[string]string{
		"lanes.bike.parcels":                 "has no range",
		"lanes.bike.parcels=10":              "is no range",
		"lanes.bike.parcels=60..10":          "ends where it begins or before",
		"lanes.bike.parcels=10..10":          "ends where it begins or before",
		"lanes.bike.parcels=0..10":           "is not a whole number from 1",
		"lanes.bike.parcels=1..ten":          "is not a whole number from 1",
		"lanes.bike.parcels=1..10:0":         "is not a whole number from 1",
		"lanes.bike.parcels=1..1000:1":       "at most 60 are tried",
		"lanes.bike.litres=1..2":             "is no limit on capacity",
		"lanes.bike=1..2":                    "is no limit on capacity",
		"sites.hub.lanes..parcels=1..2":      "is no limit on capacity",
		"serviceLevels.same_day.cutoff=1..2": "is no limit on capacity",
	} {
		if _, err := replay.ParseSweep(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want an error with %q", text, err, want)
		}
	}
}

func TestKnee(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		inTime []int
		want   int
	}{
		{"rises, then no more", []int{0, 50, 100, 100, 100, 100}, 2},
		{"less and less", []int{0, 60, 85, 95, 99, 100}, 2},
		{"evenly", []int{0, 20, 40, 60, 80, 100}, -1},
		{"more and more", []int{0, 1, 5, 20, 50, 100}, -1},
		{"nothing", []int{100, 100, 100}, -1},
		{"worse", []int{100, 90, 80}, -1},
		{"two points", []int{0, 100}, -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var points []replay.Point
			for i, n := range tt.inTime {
				points = append(points, replay.Point{Value: int64(10 * (i + 1)), Dispatched: n, InTime: n})
			}
			s := replay.NewSwept("lanes.bike.parcels", 1, points)
			if s.Knee != tt.want {
				t.Errorf("got the knee at %d, want %d", s.Knee, tt.want)
			}
			if got, want := s.Points[1].GainInTime, float64(tt.inTime[1]-tt.inTime[0])/10; got != want {
				t.Errorf("got a gain of %v a unit, want %v", got, want)
			}
		})
	}
}

// More room is never worse, and at some point no better.
func TestSweepOfADay(t *testing.T) {
	t.Parallel()
	n, inputs := network(t, town), day(3, 120)
	before, same := -1, 0
	for _, parcels := range []int64{1, 4, 16, 200, 400} {
		wider, _ := n.WithLimit(router.Limit{Kind: lanes.KindLane, Place: "*", Name: "bike", Unit: lanes.UnitParcels}, parcels)
		point := replay.PointOf(parcels, replay.Run(wider, inputs, nil).Report())
		if point.InTime < before {
			t.Errorf("with %d parcels: %d in time, less than the %d of fewer", parcels, point.InTime, before)
		}
		if point.InTime == before {
			same++
		}
		before = point.InTime
	}
	if same == 0 {
		t.Error("there was no end to what more room brings, want one")
	}
}
