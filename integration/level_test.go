package integration

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// levels is a chain of three levels, and one for other countries.
var levels = yaml(`
defaults: {serviceLevel: same_day, deliveryMethods: [courier]}
serviceLevels:
  same_day: {cutoff: ["Mo-Fr 17:00", "Sa 14:00"], promise: {sameDayBy: "21:00"}, fallback: next_day}
  next_day: {promise: {elapsed: 34h}, fallback: national}
  national: {promise: {workingDays: 6, by: "21:00"}, whenFull: reject}
  international: {promise: {workingDays: 7, by: "21:00"}, whenFull: reject}
couriers:
  pyora: {maxParcel: {grams: 15000}}
  posti: {}
  meri: {}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {withinKm: 3}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 16:00-18:00"], capacity: {parcels: 2}}
      slow-bike: {courier: pyora, serviceLevels: [next_day], blocks: ["Mo-Fr 10:00-12:00"], closesBefore: 2h, capacity: {parcels: 1}}
      post: {courier: posti, serviceLevels: [national], catchment: {countries: [FI]}, collections: ["Mo-Fr 17:30"], transit: {workingDays: [1, 2]}, capacity: {parcels: 100}}
      gateway: {courier: meri, serviceLevels: [international], catchment: {countries: [SE, DE]}, collections: ["Mo-Fr 16:00"], transit: {workingDays: [3, 5]}, capacity: {parcels: 100}}
`)

func placedAt(at time.Time) change { return func(o *event.Order) { o.PlacedAt = at } }

func window(start, end time.Time) change {
	return func(o *event.Order) { o.RequestedWindow = &event.Window{Start: start, End: end} }
}

func in(lat, lng float64) change {
	return func(o *event.Order) { o.ShipTo.Geo = &event.Geo{Latitude: lat, Longitude: lng} }
}

// Each order is decided before the next is placed, so that what is full is
// full for all that follow.
func TestServiceLevelsAndFallbacks(t *testing.T) {
	t.Parallel()
	lastFriday := time.Date(2026, 7, 31, 15, 0, 0, 0, time.UTC) // 18:00 there, past the cut-off
	lastSunday := time.Date(2026, 8, 2, 9, 0, 0, 0, time.UTC)   // a day without a cut-off
	steps := []struct {
		order   *event.Order
		lane    string   // empty: unroutable
		level   string   // kept, or asked for
		reasons []string // why levels before were not kept, or the nearest reason
	}{
		{order("asked"), "bike", "same_day", nil},
		{order("named", level("same_day")), "bike", "same_day", nil},
		{order("forbidden-full", noFallback), "", "same_day", []string{"full"}},
		{order("full"), "slow-bike", "next_day", []string{"full"}},
		{order("full-twice"), "post", "national", []string{"full", "full"}},
		{order("past-cutoff", placedAt(lastFriday)), "post", "national", []string{"past_cutoff", "too_late"}},
		{order("no-cutoff-that-day", placedAt(lastSunday)), "post", "national", []string{"past_cutoff", "too_late"}},
		{order("forbidden-past-cutoff", placedAt(lastFriday), noFallback), "", "same_day", []string{"past_cutoff"}},
		{order("lower-level-asked", level("national")), "post", "national", nil},
		{order("out-of-town", in(61.4978, 23.7610)), "post", "national", []string{"other_service_level", "other_service_level"}},
		{order("too-heavy-for-bikes", grams(16000)), "post", "national", []string{"too_heavy", "too_heavy"}},
		{order("forbidden-too-heavy", grams(16000), noFallback), "", "same_day", []string{"too_heavy"}},
		{order("in-a-window", level("national"), window(now.Add(50*time.Hour), now.Add(70*time.Hour))), "", "national", []string{"outside_window"}},
		{order("sweden", abroad("SE", "111 20"), level("international")), "gateway", "international", nil},
		{order("sweden-same-day", abroad("SE", "111 20")), "", "same_day", nil},
		{order("norway", abroad("NO", "0150"), level("international")), "", "international", nil},
		{order("unknown-level", level("by_drone")), "", "by_drone", []string{"service_level_unknown"}},
		{order("excluded", excluding("kallio")), "", "same_day", []string{"excluded"}},
		{order("no-stock", sku("lamp-1")), "", "same_day", []string{"no_stock"}},
		{order("locker-nowhere", methods(event.MethodLocker)), "", "same_day", []string{"other_delivery_method"}},
	}
	w := newWorld(t, setting{network: levels})
	w.start("router")
	for _, step := range steps {
		w.publish(step.order)
		w.drained(durable)
	}
	a := w.check()
	for _, step := range steps {
		d := a.decision(t, step.order.Key())
		lane, kept := "", d.ServiceLevel
		if len(d.Consignments) > 0 {
			lane = d.Consignments[0].Lane
		}
		if lane != step.lane || kept != step.level {
			t.Errorf("order %s: got lane %q at level %s, want %q at %s (%s)", d.OrderID, lane, kept, step.lane, step.level, d.Reasons)
		}
		got := d.Reasons
		if lane == "" {
			got = got[:min(len(got), len(step.reasons))]
		}
		if diff := cmp.Diff(step.reasons, got); diff != "" && (lane != "" || step.reasons != nil) {
			t.Errorf("reasons of order %s, all of them %q (-want +got):\n%s", d.OrderID, d.Reasons, diff)
		}
		if lane == "" && len(d.Reasons) == 0 {
			t.Errorf("order %s: got no reason, want some", d.OrderID)
		}
	}
}
