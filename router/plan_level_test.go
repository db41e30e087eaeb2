package router

import (
	"testing"

	"github.com/nearlane/nearlane/event"
)

func TestFallback(t *testing.T) {
	level := func(id string) func(*event.Order) { return func(o *event.Order) { o.ServiceLevel = id } }
	forbid := func(o *event.Order) { no := false; o.Constraints.AllowServiceLevelFallback = &no }
	planAll(t, town, []planCase{
		{name: "behind the options of the level asked for", placed: "2026-08-04 16:00",
			want: []string{"hub/bike Tue 04 18:00", "hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "forbidden, with an option", placed: "2026-08-04 16:00", order: forbid,
			want: []string{"hub/bike Tue 04 18:00"}},
		{name: "forbidden, without one", placed: "2026-08-04 18:00", order: forbid,
			reasons: []string{"past_cutoff"}},
		{name: "allowed in so many words", placed: "2026-08-04 18:00", order: func(o *event.Order) { yes := true; o.Constraints.AllowServiceLevelFallback = &yes },
			want: []string{"hub/post Wed 05 17:30"}},
		{name: "never upwards", placed: "2026-08-04 16:00", order: level("national"),
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "whatever the reason: outside", placed: "2026-08-04 09:00", order: func(o *event.Order) { o.ShipTo.Geo = &event.Geo{Latitude: 65, Longitude: 25.5} },
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "whatever the reason: too big for the bike", placed: "2026-08-04 09:00", order: func(o *event.Order) { o.Lines[0].DimensionsMm = []int64{700, 10, 10} },
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "through a level that no lane serves", edit: []string{"fallback: national}", "fallback: next_day}\n  next_day: {promise: {workingDays: 1, by: \"21:00\"}, fallback: national}"}, placed: "2026-08-04 18:00",
			want: []string{"hub/post Wed 05 17:30"}},
		{name: "a lane of two levels", edit: []string{"serviceLevels: [same_day]", "serviceLevels: [same_day, national]"}, placed: "2026-08-06 17:30",
			want: []string{"hub/bike Fri 07 10:00", "hub/bike Fri 07 16:00", "hub/bike Fri 07 18:00", "hub/bike Sat 08 10:00", "hub/bike Sat 08 16:00",
				"hub/bike Mon 10 10:00", "hub/bike Mon 10 16:00", "hub/bike Mon 10 18:00", "hub/bike Tue 11 10:00", "hub/bike Tue 11 16:00", "hub/bike Tue 11 18:00", "hub/post Fri 07 17:30"}},
		{name: "a lane of two levels, at the first", edit: []string{"serviceLevels: [same_day]", "serviceLevels: [same_day, national]"}, placed: "2026-08-04 16:00", order: forbid,
			want: []string{"hub/bike Tue 04 18:00"}},
		{name: "unknown level", placed: "2026-08-04 09:00", order: level("drone"), reasons: []string{"service_level_unknown"}},
		{name: "no level, and no default", edit: []string{"defaults: {serviceLevel: same_day}\n", ""}, placed: "2026-08-04 09:00", reasons: []string{"service_level_unknown"}},
	})
}

func TestFallbackTellsWhy(t *testing.T) {
	t.Parallel()
	n := network(t, edited(t, town, "fallback: national}", "fallback: next_day}\n  next_day: {promise: {workingDays: 1, by: \"21:00\"}, fallback: national}"))
	for _, c := range []struct {
		name, placed string
		edit         func(*event.Order)
		want         []string
	}{
		{"full, before the ledger has said so", "2026-08-04 16:00", nil, []string{"full", "other_service_level"}},
		{"past the cut-off", "2026-08-04 18:00", nil, []string{"past_cutoff", "other_service_level"}},
		{"nearest reason", "2026-08-04 09:00", func(o *event.Order) { o.Lines[0].WeightGrams = 15_001 }, []string{"too_heavy", "other_service_level"}},
		{"the level asked for", "2026-08-04 16:00", func(o *event.Order) { o.ServiceLevel = "national" }, nil},
	} {
		o := mugOrder(at(c.placed))
		if c.edit != nil {
			c.edit(o)
		}
		all := drain(plan(n, o, o.PlacedAt))
		last := all[len(all)-1].Body
		equal(t, c.name+": levels", last.ServiceLevel, "national")
		equal(t, c.name+": fallbacks", last.Fallback, c.want)
		if first := all[0].Body; first.ServiceLevel == "same_day" {
			equal(t, c.name+": fallbacks of the first option", first.Fallback, nil)
		}
	}
}

func TestExcludedSites(t *testing.T) {
	planAll(t, town, []planCase{
		{name: "the only one", placed: "2026-08-04 09:00", order: func(o *event.Order) { o.Constraints.ExcludedSites = []string{"other", "hub"} },
			reasons: []string{"excluded"}},
		{name: "another", edit: bikeOnly, placed: "2026-08-04 16:00", order: func(o *event.Order) { o.Constraints.ExcludedSites = []string{"other"} },
			want: []string{"hub/bike Tue 04 18:00"}},
	})
}

// Options of different regions never stand in one call: capacity of one region
// is one hash slot.
func TestTakeIsCutWhereTheRegionChanges(t *testing.T) {
	t.Parallel()
	lane := func(hour string) string {
		return `{bike: {courier: bike, serviceLevels: [same_day], catchment: {countries: [FI]}, blocks: ["Mo-Su ` + hour + `"], capacity: {parcels: 1}}}`
	}
	site := func(region, hour string) string {
		return `{kind: micro_hub, region: ` + region + `, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", stocks: ["*"], lanes: ` + lane(hour) + "}\n"
	}
	n := network(t, `network: two
currency: EUR
defaults: {serviceLevel: same_day}
regions: {east: {timezone: Europe/Helsinki}, west: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {bike: {}}
sites:
  a: `+site("east", "10:00-11:00")+`  b: `+site("west", "11:00-12:00")+`  c: `+site("west", "12:00-13:00")+`  d: `+site("east", "13:00-14:00"))
	p := plan(n, mugOrder(at("2026-08-04 09:00")), at("2026-08-04 09:00"))
	for _, want := range []struct {
		region  string
		options []string
	}{
		{"east", []string{"a/bike Tue 04 10:00"}},
		{"west", []string{"b/bike Tue 04 11:00", "c/bike Tue 04 12:00"}},
		{"east", []string{"d/bike Tue 04 13:00"}},
		{"", nil},
		{"", nil},
	} {
		options, region := p.Take(8)
		equal(t, "options", briefs(options), want.options)
		equal(t, "region", region, want.region)
		for _, o := range options {
			equal(t, "region of the body", o.Body.Region, want.region)
		}
	}

	p = plan(n, mugOrder(at("2026-08-04 09:00")), at("2026-08-04 09:00"))
	p.Take(1)
	options, _ := p.Take(1)
	equal(t, "the second call of one", briefs(options), []string{"b/bike Tue 04 11:00"})
}
