package router

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

// lockers is a hub with a bike that fills three banks, the first 124 m from
// the order, the second 620 m, the third 2.8 km; and a carrier that fills none.
const lockers = `network: lockers
currency: EUR
defaults: {serviceLevel: same_day, deliveryMethods: [courier]}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {bike: {maxParcel: {grams: 15000}}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Fr 08:00-20:00"
    handling: {costPerOrder: 0.60}
    stocks: ["mug-*"]
    lanes:
      bike:
        courier: bike
        serviceLevels: [same_day]
        catchment: {countries: [FI]}
        blocks: ["Mo-Fr 16:00-18:00"]
        capacity: {parcels: 25}
        cost: {perParcel: 4.20}
        lockers: [near, away, mid]
lockers:
  away: {region: town, at: {lat: 60.19, lng: 24.97}, offer: {withinKm: 1}, dwell: 1d, sizes: [{size: S, count: 9, mm: [80, 400, 600]}]}
  mid: {region: town, at: {lat: 60.175, lng: 24.945}, offer: {withinKm: 0.7}, dwell: 1d, costPerParcel: 0.90, sizes: [{size: S, count: 8, mm: [80, 400, 600]}, {size: L, count: 2, mm: [400, 400, 600], maxGrams: 5000}]}
  near: {region: town, at: {lat: 60.171, lng: 24.941}, offer: {withinKm: 1}, dwell: 2d, costPerParcel: 0.90, sizes: [{size: S, count: 7, mm: [80, 400, 600], maxGrams: 2000}, {size: M, count: 3, mm: [200, 400, 600]}]}
`

func lockerOrder(edits ...func(*event.Order)) *event.Order {
	o := mugOrder(at("2026-08-04 09:00"))
	o.DeliveryMethods = []string{"locker", "courier"}
	o.Lines = []event.Line{boxed(1, 350, 300, 70, 400)}
	for _, edit := range edits {
		edit(o)
	}
	return o
}

func onlyLocker(o *event.Order) { o.DeliveryMethods = []string{"locker"} }

func pick(bank string) func(*event.Order) {
	return func(o *event.Order) { o.ShipTo.LockerID = bank }
}

func inCountry(o *event.Order) {
	o.ShipTo.Geo, o.ShipTo.PostalCode = nil, "00100"
}

func TestLockers(t *testing.T) {
	const nearS, nearM = "hub/bike Tue 04 16:00 near/S", "hub/bike Tue 04 16:00 near/M"
	const midS, midL, awayS, door = "hub/bike Tue 04 16:00 mid/S", "hub/bike Tue 04 16:00 mid/L", "hub/bike Tue 04 16:00 away/S", "hub/bike Tue 04 16:00"
	t.Parallel()
	for _, c := range []struct {
		name       string
		edit       []string
		order      []func(*event.Order)
		want       []string
		candidates []string
		reasons    []string
	}{
		{name: "the smallest size, the next size, the next bank, the courier",
			want:       []string{nearS, nearM, midS, midL, door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "the courier if the order prefers him", order: []func(*event.Order){func(o *event.Order) { o.DeliveryMethods = []string{"courier", "locker"} }},
			want:       []string{door, nearS, nearM, midS, midL},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "a method twice is once", order: []func(*event.Order){func(o *event.Order) { o.DeliveryMethods = []string{"locker", "courier", "locker", "courier"} }},
			want:       []string{nearS, nearM, midS, midL, door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "the network's methods", order: []func(*event.Order){func(o *event.Order) { o.DeliveryMethods = nil }},
			want: []string{door}, candidates: []string{"hub/bike same_day"}},
		{name: "only lockers", order: []func(*event.Order){onlyLocker},
			want:       []string{nearS, nearM, midS, midL},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "turned, it fits", order: []func(*event.Order){onlyLocker, of(boxed(1, 350, 600, 80, 400))},
			want:       []string{nearS, nearM, midS, midL},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "too big for the small ones", order: []func(*event.Order){of(boxed(1, 350, 600, 81, 400))},
			want:       []string{nearM, midL, door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "too big for a bank", order: []func(*event.Order){of(boxed(1, 350, 600, 201, 400))},
			want:       []string{midL, door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day too_big", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "too heavy for some sizes", order: []func(*event.Order){of(boxed(1, 6000, 600, 80, 400))},
			want:       []string{nearM, midS, door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "too heavy for what it is not too big for", order: []func(*event.Order){onlyLocker, of(boxed(1, 6000, 600, 201, 400))},
			candidates: []string{"hub/bike same_day locker_too_far", "hub/bike near same_day too_big", "hub/bike away same_day locker_too_far", "hub/bike mid same_day too_heavy"},
			reasons:    []string{"locker_too_far", "too_heavy", "too_big"}},
		{name: "sides not known: only the courier", order: []func(*event.Order){of(boxed(1, 350))},
			want:       []string{door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day dimensions_missing", "hub/bike away same_day locker_too_far", "hub/bike mid same_day dimensions_missing"}},
		{name: "sides not known and only lockers", order: []func(*event.Order){onlyLocker, of(boxed(1, 350))},
			candidates: []string{"hub/bike same_day dimensions_missing", "hub/bike near same_day dimensions_missing", "hub/bike away same_day locker_too_far", "hub/bike mid same_day dimensions_missing"},
			reasons:    []string{"dimensions_missing", "locker_too_far"}},
		{name: "sides not known: the default parcel", edit: []string{"defaults: {", "defaults: {parcel: {mm: [600, 81, 400]}, "}, order: []func(*event.Order){of(boxed(1, 350))},
			want:       []string{nearM, midL, door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "the bank the shopper picked, however far", order: []func(*event.Order){pick("away")},
			want:       []string{awayS, door},
			candidates: []string{"hub/bike same_day", "hub/bike away same_day"}},
		{name: "the bank the shopper picked, from anywhere", order: []func(*event.Order){pick("mid"), inCountry},
			want:       []string{midS, midL, door},
			candidates: []string{"hub/bike same_day", "hub/bike mid same_day"}},
		{name: "the shopper picked a bank that nobody fills", order: []func(*event.Order){pick("moon")},
			want:       []string{door},
			candidates: []string{"hub/bike same_day", "hub/bike moon same_day locker_unknown"}},
		{name: "the shopper picked a bank that nobody fills, and wants no courier", order: []func(*event.Order){pick("moon"), onlyLocker},
			candidates: []string{"hub/bike same_day locker_unknown", "hub/bike moon same_day locker_unknown"},
			reasons:    []string{"locker_unknown"}},
		{name: "no point known", order: []func(*event.Order){inCountry},
			want:       []string{door},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day locker_too_far", "hub/bike away same_day locker_too_far", "hub/bike mid same_day locker_too_far"}},
		{name: "no point known and only lockers", order: []func(*event.Order){inCountry, onlyLocker},
			candidates: []string{"hub/bike same_day locker_too_far", "hub/bike near same_day locker_too_far", "hub/bike away same_day locker_too_far", "hub/bike mid same_day locker_too_far"},
			reasons:    []string{"locker_too_far"}},
		{name: "a bank as far as its offer reaches", edit: []string{"withinKm: 0.7", "withinKm: 0.620"}, order: []func(*event.Order){onlyLocker},
			want:       []string{nearS, nearM, midS, midL},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}},
		{name: "a metre farther", edit: []string{"withinKm: 0.7", "withinKm: 0.619"}, order: []func(*event.Order){onlyLocker},
			want:       []string{nearS, nearM},
			candidates: []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day locker_too_far"}},
		{name: "a lane without lockers", edit: []string{"        lockers: [near, away, mid]\n", ""}, order: []func(*event.Order){onlyLocker},
			candidates: []string{"hub/bike same_day other_delivery_method"}, reasons: []string{"other_delivery_method"}},
		{name: "a lane without lockers, and a bank picked", edit: []string{"        lockers: [near, away, mid]\n", ""}, order: []func(*event.Order){onlyLocker, pick("near")},
			candidates: []string{"hub/bike same_day locker_unknown"}, reasons: []string{"locker_unknown"}},
		{name: "no departure: nor for the lockers", order: []func(*event.Order){onlyLocker, func(o *event.Order) { o.PlacedAt = at("2026-08-03 09:00") }},
			candidates: []string{"hub/bike same_day too_late", "hub/bike near same_day too_late", "hub/bike away same_day locker_too_far", "hub/bike mid same_day too_late"},
			reasons:    []string{"too_late", "locker_too_far"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := plan(network(t, edited(t, lockers, c.edit...)), lockerOrder(c.order...), at("2026-08-04 09:00"))
			equal(t, "options", briefs(drain(p)), c.want)
			equal(t, "candidates", told(p, MaxCandidates), c.candidates)
			if len(c.want) == 0 {
				equal(t, "reasons", p.Reasons(), c.reasons)
			}
		})
	}
}

func TestLockerOption(t *testing.T) {
	t.Parallel()
	options, _ := plan(network(t, lockers), lockerOrder(), at("2026-08-04 09:00")).Take(1)
	b := options[0].Body
	equal(t, "method", b.Method, "locker")
	equal(t, "distance", b.DistanceM, int64(124))
	equal(t, "cost", b.Cost.Amount, int64(60+420+90))
	equal(t, "locker", b.Locker, &event.Locker{BankID: "near", Size: "S",
		From: at("2026-08-04 16:00").UTC(), Until: at("2026-08-07 00:00").UTC()})
	equal(t, "claims", b.Claims, []event.Claim{
		{Slot: "lane/hub/bike:2026-08-04T16:00:parcels", Units: 1, Limit: 25, Ends: at("2026-08-04 18:00").UTC()},
		{Slot: "locker/near/S:2026-08-04:parcels", Units: 1, Limit: 7, Ends: at("2026-08-05 00:00").UTC()},
		{Slot: "locker/near/S:2026-08-05:parcels", Units: 1, Limit: 7, Ends: at("2026-08-06 00:00").UTC()},
		{Slot: "locker/near/S:2026-08-06:parcels", Units: 1, Limit: 7, Ends: at("2026-08-07 00:00").UTC()},
	})
}

// What arrives by midnight takes a compartment on the day that ends then.
func TestLockerAtMidnight(t *testing.T) {
	t.Parallel()
	n := network(t, edited(t, lockers, `"Mo-Fr 16:00-18:00"`, `"Mo-Fr 19:00-24:00"`, `sameDayBy: "21:00"`, `sameDayBy: "24:00"`))
	options, _ := plan(n, lockerOrder(pick("mid")), at("2026-08-04 09:00")).Take(1)
	var slots []string
	for _, c := range options[0].Body.Claims[1:] {
		slots = append(slots, c.Slot)
	}
	equal(t, "slots", slots, []string{"locker/mid/S:2026-08-04:parcels", "locker/mid/S:2026-08-05:parcels"})
}

// A locker stays taken for whole local days, on days of 23 and 25 hours too.
func TestLockerOverClockChange(t *testing.T) {
	t.Parallel()
	n := network(t, edited(t, lockers, "Mo-Fr 08:00-20:00", "Mo-Su 08:00-20:00", "Mo-Fr 16:00", "Mo-Su 16:00"))
	o := lockerOrder(pick("mid"))
	o.PlacedAt = at("2026-10-24 09:00")
	options, _ := plan(n, o, o.PlacedAt).Take(1)
	claims := options[0].Body.Claims
	equal(t, "last claim", claims[len(claims)-1], event.Claim{Slot: "locker/mid/S:2026-10-25:parcels", Units: 1, Limit: 8, Ends: at("2026-10-26 00:00").UTC()})
	equal(t, "length", claims[2].Ends.Sub(claims[1].Ends).Hours(), 25.0)
}

// TestLockerFromTheFirstDay: a carrier that may come a day early finds a
// compartment that day.
func TestLockerFromTheFirstDay(t *testing.T) {
	t.Parallel()
	yaml := edited(t, lockers, `blocks: ["Mo-Fr 16:00-18:00"]`, `collections: ["Mo-Fr 16:00"]
        transit: {workingDays: [1, 2]}`, `sameDayBy: "21:00"`, `workingDays: 3, by: "21:00"`)
	options, _ := plan(network(t, yaml), lockerOrder(), at("2026-08-04 09:00")).Take(1)
	var days []string
	for _, c := range options[0].Body.Claims {
		if strings.HasPrefix(c.Slot, "locker/") {
			days = append(days, strings.Split(c.Slot, ":")[1])
		}
	}
	want := []string{"2026-08-05", "2026-08-06", "2026-08-07", "2026-08-08"} // arrives on the 5th or 6th, dwells two days
	equal(t, "locker days", days, want)
}

// TestPickedLockerIsWanted: the shopper's choice counts before the network's
// default method.
func TestPickedLockerIsWanted(t *testing.T) {
	t.Parallel()
	o := lockerOrder(func(o *event.Order) { o.DeliveryMethods, o.ShipTo.LockerID = nil, "near" })
	options, _ := plan(network(t, lockers), o, at("2026-08-04 09:00")).Take(1)
	if got := options[0].Body.Locker; got == nil || got.BankID != "near" {
		t.Errorf("got locker %+v, want the one picked", got)
	}
}
