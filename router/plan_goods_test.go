package router

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// works makes figures and paint, and holds a few red figures in stock.
const works = `network: works
currency: EUR
defaults: {serviceLevel: soon}
holidays: {fi: [2026-08-13]}
regions: {town: {timezone: Europe/Helsinki, holidays: fi}}
serviceLevels: {soon: {promise: {workingDays: 2, by: "18:00"}}}
couriers: {van: {}}
sites:
  works:
    kind: microfactory
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Fr 08:00-18:00; PH off"
    handling: {time: 30m, costPerOrder: 0.50}
    stocks: [figure-red]
    makes:
      paint: {skus: ["paint-*"], unitsPerDay: 4, lead: 4h, cost: {perUnit: 0.30}}
      resin: {skus: ["figure-*"], unitsPerDay: 10, lead: 2h, cost: {perUnit: 1.80}}
    lanes: {van: {courier: van, serviceLevels: [soon], catchment: {countries: [FI]}, blocks: ["Mo-Fr 12:00-14:00", "Mo-Fr 16:00-18:00"], capacity: {parcels: 9}, cost: {perParcel: 5}}}
`

func of(lines ...event.Line) func(*event.Order) {
	return func(o *event.Order) { o.Lines = lines }
}

func TestProduction(t *testing.T) {
	planAll(t, works, []planCase{
		{name: "a full day moves to the next: options for every day it can start", placed: "2026-08-04 09:30", order: of(line("figure-blue", 3)),
			want: []string{
				"works/van Tue 04 12:00 resin:04", "works/van Tue 04 16:00 resin:04",
				"works/van Wed 05 12:00 resin:04", "works/van Wed 05 12:00 resin:05",
				"works/van Wed 05 16:00 resin:04", "works/van Wed 05 16:00 resin:05",
				"works/van Thu 06 12:00 resin:04", "works/van Thu 06 12:00 resin:05", "works/van Thu 06 12:00 resin:06",
				"works/van Thu 06 16:00 resin:04", "works/van Thu 06 16:00 resin:05", "works/van Thu 06 16:00 resin:06",
			}},
		{name: "lead and handling are over a second late", placed: "2026-08-06 13:30:01", edit: []string{"workingDays: 2", "workingDays: 0"}, order: of(line("figure-blue", 1)),
			reasons: []string{"too_late"}},
		{name: "lead and handling are over in time", placed: "2026-08-06 13:30", edit: []string{"workingDays: 2", "workingDays: 0"}, order: of(line("figure-blue", 1)),
			want: []string{"works/van Thu 06 16:00 resin:06"}},
		{name: "a lead goes on in the morning, on the day it started", placed: "2026-08-04 17:00", edit: []string{"workingDays: 2", "workingDays: 1"}, order: of(line("figure-blue", 1)),
			want: []string{"works/van Wed 05 12:00 resin:04", "works/van Wed 05 12:00 resin:05", "works/van Wed 05 16:00 resin:04", "works/van Wed 05 16:00 resin:05"}},
		{name: "it starts when the site opens", placed: "2026-08-04 19:00", edit: []string{"workingDays: 2", "workingDays: 1"}, order: of(line("figure-blue", 1)),
			want: []string{"works/van Wed 05 12:00 resin:05", "works/van Wed 05 16:00 resin:05"}},
		{name: "not on holidays and weekends", placed: "2026-08-12 19:00", order: of(line("figure-blue", 1)),
			want: []string{"works/van Fri 14 12:00 resin:14", "works/van Fri 14 16:00 resin:14", "works/van Mon 17 12:00 resin:14", "works/van Mon 17 12:00 resin:17", "works/van Mon 17 16:00 resin:14", "works/van Mon 17 16:00 resin:17"}},
		{name: "stock before production", placed: "2026-08-06 15:30", edit: []string{"workingDays: 2", "workingDays: 0"}, order: of(line("figure-red", 50)),
			want: []string{"works/van Thu 06 16:00"}},
		{name: "several cells, each on its day", placed: "2026-08-05 09:00", edit: []string{"workingDays: 2", "workingDays: 1"}, order: of(line("figure-blue", 1), line("paint-red", 1)),
			want: []string{"works/van Wed 05 16:00 resin:05 paint:05",
				"works/van Thu 06 12:00 resin:05 paint:05", "works/van Thu 06 12:00 resin:06 paint:05",
				"works/van Thu 06 16:00 resin:05 paint:05", "works/van Thu 06 16:00 resin:05 paint:06", "works/van Thu 06 16:00 resin:06 paint:05", "works/van Thu 06 16:00 resin:06 paint:06"}},
		{name: "a day's output", placed: "2026-08-06 13:30", edit: []string{"workingDays: 2", "workingDays: 0"}, order: of(line("figure-blue", 6), line("figure-green", 4)),
			want: []string{"works/van Thu 06 16:00 resin:06"}},
		{name: "more than a day's output", placed: "2026-08-04 09:30", order: of(line("figure-blue", 6), line("figure-green", 5)),
			reasons: []string{"over_daily_output"}},
		{name: "what is in stock is not output", placed: "2026-08-06 13:30", edit: []string{"workingDays: 2", "workingDays: 0"}, order: of(line("figure-blue", 6), line("figure-red", 5)),
			want: []string{"works/van Thu 06 16:00 resin:06"}},
		{name: "a lead longer than the promise", placed: "2026-08-04 09:30", edit: []string{"lead: 2h", "lead: 40h"}, order: of(line("figure-blue", 1)),
			reasons: []string{"too_late"}},
		{name: "closed until the promise is over", placed: "2026-08-13 09:00", edit: []string{"workingDays: 2", "workingDays: 0", `"Mo-Fr 12:00-14:00"`, `"Mo-Fr 10:00-12:00"`}, order: of(line("figure-blue", 1)),
			reasons: []string{"closed"}},
		{name: "closed, but too late for the lead anyway", placed: "2026-08-13 14:00", edit: []string{"workingDays: 2", "workingDays: 0"}, order: of(line("figure-blue", 1)),
			reasons: []string{"too_late"}},
		{name: "some of the lines", placed: "2026-08-04 09:30", order: of(line("figure-blue", 1), line("mug", 1)), reasons: []string{"split_needed"}},
		{name: "none of the lines", placed: "2026-08-04 09:30", order: of(line("mug", 1)), reasons: []string{"no_stock"}},
		{name: "a split needed even if allowed", placed: "2026-08-04 09:30", order: func(o *event.Order) {
			yes := true
			o.Constraints.AllowSplit, o.Lines = &yes, []event.Line{line("figure-blue", 1), line("mug", 1)}
		}, reasons: []string{"split_needed"}},
	})
}

func TestClaimsOfProduction(t *testing.T) {
	t.Parallel()
	o := mugOrder(at("2026-08-05 09:00"))
	o.Lines = []event.Line{line("figure-blue", 2), line("paint-red", 1), line("figure-green", 3)}
	options, _ := plan(network(t, works), o, o.PlacedAt).Take(1)
	equal(t, "claims", options[0].Body.Claims, []event.Claim{
		{Slot: "lane/works/van:2026-08-05T16:00:parcels", Units: 1, Limit: 9, Ends: at("2026-08-05 18:00").UTC()},
		{Slot: "make/works/resin:2026-08-05:units", Units: 5, Limit: 10, Ends: at("2026-08-06 00:00").UTC()},
		{Slot: "make/works/paint:2026-08-05:units", Units: 1, Limit: 4, Ends: at("2026-08-06 00:00").UTC()},
	})
	equal(t, "ready", options[0].Body.Pickup.ReadyAt, at("2026-08-05 13:30").UTC())
	equal(t, "cost", options[0].Body.Cost, event.Money{Amount: 50 + 500 + 5*180 + 30, Currency: "EUR"})
}

// Sites of one assortment share what an order needs of it, but not their
// cells.
func TestSharedAssortment(t *testing.T) {
	t.Parallel()
	second := works[strings.Index(works, "  works:\n"):]
	second = edited(t, second, "  works:\n", "  other:\n", "unitsPerDay: 10", "unitsPerDay: 2", "      resin:", "      rosin:")
	n := network(t, works+second)
	o := mugOrder(at("2026-08-06 13:00"))
	o.Lines = []event.Line{line("figure-blue", 3)}
	p := plan(n, o, o.PlacedAt)
	equal(t, "first", brief(drain(p)[0]), "works/van Thu 06 16:00 resin:06")
	equal(t, "candidates", told(p, MaxCandidates), []string{"other/van soon over_daily_output", "works/van soon"})
	if n.lanes[0].site.assortment != n.lanes[1].site.assortment {
		t.Error("got two assortments, want one")
	}
}

// An order that many cells have to make may start on more days than anybody
// can weigh: the best is still found, and the work stays bounded.
func TestManyCells(t *testing.T) {
	t.Parallel()
	var makes strings.Builder
	var lines []event.Line
	for i := range 12 {
		fmt.Fprintf(&makes, "      c%02d: {skus: [part-%d], unitsPerDay: 1, lead: 1h}\n", i, i)
		lines = append(lines, line(fmt.Sprintf("part-%d", i), 1))
	}
	head, tail, _ := strings.Cut(works, "      paint:")
	n := network(t, edited(t, head, "workingDays: 2", "workingDays: 10")+makes.String()+tail[strings.Index(tail, "    lanes:"):])
	o := mugOrder(at("2026-08-04 09:30"))
	o.Lines = lines
	p := plan(n, o, o.PlacedAt)
	options, _ := p.Take(1)
	if len(options) != 1 {
		t.Fatal(p.Reasons())
	}
	equal(t, "departures", options[0].Body.Slot.Start, at("2026-08-04 12:00").UTC())
	if len(p.ready) > maxReadiness {
		t.Errorf("got %d combinations, want at most %d", len(p.ready), maxReadiness)
	}
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want []int }{
		{[]int{300}, []int{256}},
		{[]int{16, 16}, []int{16, 16}},
		{[]int{20, 15}, []int{17, 15}},
		{[]int{9, 9, 9}, []int{6, 6, 7}},
		{[]int{2, 2, 2, 2, 2, 2, 2, 2, 2}, []int{1, 2, 2, 2, 2, 2, 2, 2, 2}},
		{[]int{1, 1}, []int{1, 1}},
	} {
		var ways [][]start
		for _, n := range c.in {
			ways = append(ways, make([]start, n))
		}
		shorten(ways)
		var got []int
		for _, starts := range ways {
			got = append(got, len(starts))
		}
		equal(t, fmt.Sprint(c.in), got, c.want)
	}
}

// A site that is open for an hour a year never finishes what takes three.
func TestNeverReady(t *testing.T) {
	planAll(t, works, []planCase{
		{name: "neither handled", edit: []string{`"Mo-Fr 08:00-18:00; PH off"`, `"Dec 24 08:00-09:00"`, "time: 30m", "time: 30h"}, placed: "2026-08-04 09:30",
			order: of(line("figure-red", 1)), reasons: []string{"closed"}},
		{name: "nor made", edit: []string{`"Mo-Fr 08:00-18:00; PH off"`, `"Dec 24 08:00-09:00"`}, placed: "2026-08-04 09:30",
			order: of(line("figure-blue", 1)), reasons: []string{"closed"}},
		{name: "made, never handled", edit: []string{`"Mo-Fr 08:00-18:00; PH off"`, `"Aug 04 08:00-13:00"`, "time: 30m", "time: 30h"}, placed: "2026-08-04 09:30",
			order: of(line("figure-blue", 1)), reasons: []string{"closed"}},
	})
}

func TestCostStopsAtTheLargest(t *testing.T) {
	t.Parallel()
	o := mugOrder(at("2026-08-06 13:30"))
	o.Lines = nil
	for range 100 {
		o.Lines = append(o.Lines, line("figure-blue", event.MaxQuantity), line("paint-red", event.MaxQuantity))
	}
	const most = "92233720000.00" // hardly any less than what config takes
	n := network(t, edited(t, works, "unitsPerDay: 10", "unitsPerDay: 1000000000", "unitsPerDay: 4", "unitsPerDay: 1000000000",
		"perUnit: 1.80", "perUnit: "+most, "perUnit: 0.30", "perUnit: "+most, "costPerOrder: 0.50", "costPerOrder: "+most, "perParcel: 5", "perParcel: "+most))
	for _, option := range drain(plan(n, o, o.PlacedAt)) {
		if got := option.Body.Cost.Amount; got < maxCost {
			t.Fatalf("got a cost of %d, want at least %d", got, int64(maxCost))
		}
	}
	for _, c := range []struct{ total, units, each, want int64 }{
		{1, 2, 3, 7}, {5, 0, 9, 5}, {5, 9, 0, 5},
		{0, math.MaxInt64, 1, maxCost}, {maxCost, 1, 1, maxCost}, {maxCost - 1, 1, 1, maxCost}, {0, 1 << 40, 1 << 40, maxCost},
	} {
		if got := spend(c.total, c.units, c.each); got != c.want {
			t.Errorf("spend(%d, %d, %d): got %d, want %d", c.total, c.units, c.each, got, c.want)
		}
	}
}

// A line of a sku that both a stock and a cell cover is taken from stock; a
// pattern covers whatever it stands for.
func TestCover(t *testing.T) {
	t.Parallel()
	pattern := func(text string) lanes.Pattern {
		p, err := lanes.ParsePattern(text)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	a := &assortment{stocks: []lanes.Pattern{pattern("mug-*")}, makes: [][]lanes.Pattern{{pattern("fig-*")}, {pattern("*")}}}
	got := a.cover([]event.Line{line("mug-a", 1), line("fig-a", 2), line("hat", 3), line("fig-b", 4)})
	if len(got.made) != 2 || got.made[0] != (made{0, 6}) || got.made[1] != (made{1, 3}) || got.reason != Offered {
		t.Errorf("got %+v, want six units of the first cell and three of the second", got)
	}
}
