package router

import (
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
)

func TestCutoffIsJudgedByWhenTheOrderWasPlaced(t *testing.T) {
	planAll(t, town, []planCase{
		{name: "before it", placed: "2026-08-04 16:59",
			want: []string{"hub/bike Tue 04 18:00", "hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "at it", placed: "2026-08-04 17:00",
			want: []string{"hub/bike Tue 04 18:00", "hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "a second after it", placed: "2026-08-04 17:00:01",
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "placed before, planned after", placed: "2026-08-04 16:59", now: "2026-08-04 17:20",
			want: []string{"hub/bike Tue 04 18:00", "hub/post Wed 05 17:30"}},
		{name: "placed before, planned when nothing is left today", placed: "2026-08-04 16:00", now: "2026-08-04 17:30",
			want: []string{"hub/post Wed 05 17:30"}},
		{name: "the other cut-off of Saturday, before", placed: "2026-08-08 14:00",
			want: []string{"hub/bike Sat 08 16:00", "hub/post Mon 10 17:30"}},
		{name: "the other cut-off of Saturday, after", placed: "2026-08-08 14:01",
			want: []string{"hub/post Mon 10 17:30"}},
		{name: "a day without one", placed: "2026-08-09 09:00",
			want: []string{"hub/post Mon 10 17:30"}},
		{name: "no day has one", edit: []string{`cutoff: ["Mo-Fr 17:00", "Sa 14:00"], `, "", `"Mo-Fr 18:00-20:30"`, `"Mo-Su 18:00-19:00"`, "Sa 09:00-18:00", "Sa-Su 08:00-20:00"},
			placed: "2026-08-09 17:20",
			want:   []string{"hub/bike Sun 09 18:00", "hub/post Mon 10 17:30"}},
		{name: "past it, and no other level", edit: []string{", fallback: national", ""}, placed: "2026-08-04 17:01",
			reasons: []string{"past_cutoff"}},
		{name: "no roll to tomorrow under the same level", edit: []string{", fallback: national", "", `{sameDayBy: "21:00"}`, "{elapsed: 48h}"}, placed: "2026-08-04 17:01",
			reasons: []string{"past_cutoff"}},
	})
}

func TestPromise(t *testing.T) {
	level := func(promise string) []string {
		return append([]string{`{sameDayBy: "21:00"}`, promise}, bikeOnly...)
	}
	planAll(t, town, []planCase{
		{name: "same day", edit: level(`{sameDayBy: "20:30"}`), placed: "2026-08-04 09:00",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "same day, an earlier hour", edit: level(`{sameDayBy: "20:29"}`), placed: "2026-08-04 09:00",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00"}},
		{name: "the day is that of the order, not that of the plan", edit: level(`{sameDayBy: "21:00"}`), placed: "2026-08-04 20:00", now: "2026-08-05 08:00",
			reasons: []string{"too_late"}},
		{name: "elapsed, to the second", edit: level("{elapsed: 3h}"), placed: "2026-08-04 09:00",
			want: []string{"hub/bike Tue 04 10:00"}},
		{name: "elapsed, a minute less", edit: level("{elapsed: 2h59m}"), placed: "2026-08-04 09:00",
			reasons: []string{"too_late"}},
		{name: "elapsed over days", edit: level("{elapsed: 27h}"), placed: "2026-08-04 09:00",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00", "hub/bike Wed 05 10:00"}},
		{name: "elapsed counts from the order", edit: level("{elapsed: 27h}"), placed: "2026-08-04 09:00", now: "2026-08-04 17:00",
			want: []string{"hub/bike Tue 04 18:00", "hub/bike Wed 05 10:00"}},
		{name: "working days", edit: level(`{workingDays: 1, by: "12:00"}`), placed: "2026-08-04 16:30",
			want: []string{"hub/bike Tue 04 18:00", "hub/bike Wed 05 10:00"}},
		{name: "working days over a weekend", edit: level(`{workingDays: 1, by: "12:00"}`), placed: "2026-08-07 19:00",
			want: []string{"hub/bike Sat 08 10:00", "hub/bike Sat 08 16:00", "hub/bike Mon 10 10:00"}},
		{name: "working days over a holiday", edit: level(`{workingDays: 1, by: "12:00"}`), placed: "2026-08-12 19:00",
			want: []string{"hub/bike Fri 14 10:00"}},
	})
}

func TestReady(t *testing.T) {
	planAll(t, edited(t, town, bikeOnly...), []planCase{
		{name: "handled when the block closes", placed: "2026-08-04 09:25",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "a second late", placed: "2026-08-04 09:25:01",
			want: []string{"hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "a block that closes sooner", edit: []string{"closesBefore: 15m", "closesBefore: 16m"}, placed: "2026-08-04 09:25",
			want: []string{"hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "a block that closes as it starts", edit: []string{"        closesBefore: 15m\n", ""}, placed: "2026-08-04 09:40",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "nothing is handled before the site opens", edit: []string{"time: 20m", "time: 1h46m"}, placed: "2026-08-04 05:00",
			want: []string{"hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "all of it from the opening", edit: []string{"time: 20m", "time: 1h45m"}, placed: "2026-08-04 05:00",
			want: []string{"hub/bike Tue 04 10:00", "hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "handling goes on in the morning", edit: []string{"time: 20m", "time: 2h", `{sameDayBy: "21:00"}`, "{elapsed: 17h}"}, placed: "2026-08-04 19:45",
			want: []string{"hub/bike Wed 05 10:00"}},
		{name: "and is not done a second sooner", edit: []string{"time: 20m", "time: 2h", `{sameDayBy: "21:00"}`, "{elapsed: 17h}"}, placed: "2026-08-04 19:45:01",
			reasons: []string{"too_late"}},
	})
}

func TestClosed(t *testing.T) {
	planAll(t, town, []planCase{
		{name: "holiday: the carrier takes it the day after", placed: "2026-08-13 09:00",
			want: []string{"hub/post Fri 14 17:30"}},
		{name: "holiday", edit: bikeOnly, placed: "2026-08-13 09:00",
			reasons: []string{"closed"}},
		{name: "closure", edit: bikeOnly, placed: "2026-08-19 09:00",
			reasons: []string{"closed"}},
		{name: "closure, with nothing to handle", edit: append([]string{"time: 20m, ", ""}, bikeOnly...), placed: "2026-08-19 09:00",
			reasons: []string{"closed"}},
		{name: "holiday, but too late anyway", edit: bikeOnly, placed: "2026-08-13 18:00",
			reasons: []string{"too_late"}},
		{name: "a shut block of the past is no reason", edit: append([]string{`"Mo-Fr 18:00-20:30"`, `"Mo-Sa 07:00-08:00"`}, bikeOnly...), placed: "2026-08-04 17:00",
			reasons: []string{"too_late"}},
		{name: "nor is one after the promise", edit: append([]string{`"Mo-Fr 18:00-20:30"`, `"Mo-Sa 21:00-22:00"`}, bikeOnly...), placed: "2026-08-04 17:00",
			reasons: []string{"too_late"}},
		{name: "one in time is", edit: append([]string{`"Mo-Fr 18:00-20:30"`, `"Mo-Sa 20:00-21:00"`}, bikeOnly...), placed: "2026-08-04 17:00",
			reasons: []string{"closed"}},
	})
}

func TestTransit(t *testing.T) {
	national := func(o *event.Order) { o.ServiceLevel = "national" }
	planAll(t, town, []planCase{
		{name: "the last day counts", edit: []string{"[1, 2]", "[1, 3]"}, placed: "2026-08-04 09:00", order: national,
			want: []string{"hub/post Tue 04 17:30"}},
		{name: "a day more is too late", edit: []string{"[1, 2]", "[1, 4]"}, placed: "2026-08-04 09:00", order: national,
			reasons: []string{"too_late"}},
		{name: "the carrier's own hour", edit: []string{"[1, 2]", `[1, 3], by: "21:01"`}, placed: "2026-08-04 09:00", order: national,
			reasons: []string{"too_late"}},
		{name: "working days pass over weekend and holiday", edit: []string{"workingDays: 3", "workingDays: 5"}, placed: "2026-08-07 18:00", order: national,
			want: []string{"hub/post Mon 10 17:30", "hub/post Tue 11 17:30", "hub/post Wed 12 17:30"}},
		{name: "a collection has to be reached", placed: "2026-08-04 17:10", order: national,
			want: []string{"hub/post Tue 04 17:30", "hub/post Wed 05 17:30"}},
		{name: "a collection missed", placed: "2026-08-04 17:10:01", order: national,
			want: []string{"hub/post Wed 05 17:30"}},
		{name: "a collection as the site closes", edit: []string{`"Mo-Fr 17:30"`, `"Mo-Fr 20:00"`}, placed: "2026-08-04 19:40", order: national,
			want: []string{"hub/post Tue 04 20:00", "hub/post Wed 05 20:00"}},
		{name: "a block does not start as the site closes", edit: append([]string{`"Mo-Fr 18:00-20:30"`, `"Mo-Fr 20:00-20:30"`}, bikeOnly...), placed: "2026-08-04 17:00",
			reasons: []string{"closed"}},
	})
}

func TestArrivalOfACollection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		edit          []string
		after, before string
	}{
		{"by the level", nil, "2026-08-05 00:00", "2026-08-06 21:00"},
		{"by the carrier", []string{"[1, 2]", `[1, 2], by: "16:00"`}, "2026-08-05 00:00", "2026-08-06 16:00"},
		{"by the end of the day", []string{`workingDays: 3, by: "21:00"`, "workingDays: 3"}, "2026-08-05 00:00", "2026-08-07 00:00"},
	} {
		o := mugOrder(at("2026-08-04 09:00"))
		o.ServiceLevel = "national"
		options, _ := plan(network(t, edited(t, town, c.edit...)), o, o.PlacedAt).Take(1)
		if len(options) == 0 {
			t.Fatalf("%s: no option", c.name)
		}
		b := options[0].Body
		equal(t, c.name+": drop-offs", b.Dropoff, event.Dropoff{After: at(c.after).UTC(), Before: at(c.before).UTC()})
		equal(t, c.name+": promise dates", b.PromiseDate, at(c.before).UTC())
		equal(t, c.name+": pick-ups", b.Pickup, event.Pickup{ReadyAt: at("2026-08-04 09:20").UTC(), Deadline: at("2026-08-04 17:30").UTC()})
	}
}

func TestRequestedWindowIsHard(t *testing.T) {
	window := func(start, end string) func(*event.Order) {
		return func(o *event.Order) { o.RequestedWindow = &event.Window{Start: at(start), End: at(end)} }
	}
	planAll(t, edited(t, town, "Mo-Fr 17:00", "Mo-Fr 19:00"), []planCase{
		{name: "exactly a block", placed: "2026-08-04 09:00", order: window("2026-08-04 16:00", "2026-08-04 18:00"),
			want: []string{"hub/bike Tue 04 16:00"}},
		{name: "it begins after the block", placed: "2026-08-04 09:00", order: window("2026-08-04 16:01", "2026-08-04 18:00"),
			reasons: []string{"outside_window"}},
		{name: "it ends before the block", placed: "2026-08-04 09:00", order: window("2026-08-04 16:00", "2026-08-04 17:59"),
			reasons: []string{"outside_window"}},
		{name: "two blocks", placed: "2026-08-04 09:00", order: window("2026-08-04 12:00", "2026-08-04 20:30"),
			want: []string{"hub/bike Tue 04 16:00", "hub/bike Tue 04 18:00"}},
		{name: "only the carrier's days", placed: "2026-08-04 09:00", order: window("2026-08-05 00:00", "2026-08-07 00:00"),
			want: []string{"hub/post Tue 04 17:30"}},
		{name: "a later week", placed: "2026-08-04 09:00", order: window("2026-08-11 10:00", "2026-08-11 12:00"),
			reasons: []string{"outside_window"}},
		{name: "what is too late is not outside it", edit: bikeOnly[:2], placed: "2026-08-04 09:00", order: func(o *event.Order) {
			window("2026-08-04 10:00", "2026-08-04 12:00")(o)
			o.PlacedAt = at("2026-08-03 09:00")
		}, reasons: []string{"too_late"}},
	})
}

// nights is open all day on days on which the clocks change.
const nights = `network: nights
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {bike: {}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Su 00:00-24:00"
    handling: {time: 1h}
    stocks: ["*"]
    lanes: {bike: {courier: bike, serviceLevels: [same_day], catchment: {countries: [FI]}, blocks: ["Su 03:30-05:00"], capacity: {parcels: 1}}}
`

func TestClockChanges(t *testing.T) {
	t.Parallel()
	utc := func(text string) time.Time {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	n := network(t, nights)
	for _, c := range []struct {
		name, placed string
		start, end   string // none: no option
		slot         string
	}{
		{"a start that does not exist is the next that does", "2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "lane/hub/bike:2026-03-29T03:30:parcels"},
		{"handling passes over the gap", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z", "lane/hub/bike:2026-03-29T03:30:parcels"},
		{"ready a second after it", "2026-03-29T00:00:01Z", "", "", ""},
		{"a start that is there twice is the first", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T03:00:00Z", "lane/hub/bike:2026-10-25T03:30:parcels"},
		{"ready for the second only", "2026-10-24T23:30:01Z", "", "", ""},
	} {
		placed := utc(c.placed)
		options, _ := plan(n, mugOrder(placed), placed).Take(2)
		if c.start == "" {
			equal(t, c.name+": options", briefs(options), nil)
			continue
		}
		if len(options) != 1 {
			t.Fatalf("%s: got %d options, want 1", c.name, len(options))
		}
		equal(t, c.name+": spans", options[0].Body.Slot, event.Span{Start: utc(c.start), End: utc(c.end)})
		equal(t, c.name+": slots", options[0].Body.Claims[0].Slot, c.slot)
	}
}
