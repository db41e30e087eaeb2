package router_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

const slotted = `network: slotted
currency: EUR
defaults: {serviceLevel: same_day}
holidays: {fi: [2026-12-24..2026-12-26]}
regions:
  helsinki: {timezone: Europe/Helsinki, holidays: fi}
  lisbon: {timezone: Europe/Lisbon}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}
sites:
  alfama:
    kind: micro_hub
    region: lisbon
    at: {lat: 38.713, lng: -9.130}
    hours: "Mo-Su 08:00-20:00"
    handling: {time: 20m, costPerOrder: 0.60}
    stocks: ["mug-*"]
    catchment: {withinKm: 2}
    lanes:
      bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Su 10:00-12:00"], closesBefore: 15m, capacity: {parcels: 5}, cost: {perParcel: 4.20}}
  kallio:
    kind: microfactory
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Sa 08:00-20:00; PH off"
    closed: [2026-08-05]
    handling: {time: 20m, costPerOrder: 0.60}
    makes: {lathe: {skus: ["lamp-*"], unitsPerDay: 8, lead: 3h, cost: {perUnit: 6.50}}}
    catchment: {withinKm: 2}
    lanes:
      bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Fr 16:00-18:00", "Mo-Fr 10:00-12:00"], closesBefore: 15m, capacity: {parcels: 2, grams: 9000}, cost: {perParcel: 4.20}, lockers: [torikatu]}
      tram: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Sa 09:00-11:00"], closesBefore: 15m, capacity: {grams: 4000}, cost: {perParcel: 4.20}, lockers: [torikatu]}
lockers:
  torikatu:
    region: helsinki
    at: {lat: 60.187, lng: 24.960}
    offer: {withinKm: 1.2}
    dwell: 1d
    costPerParcel: 0.90
    sizes: [{size: S, count: 1, mm: [80, 400, 600], maxGrams: 9000}, {size: M, count: 2, mm: [190, 400, 600], maxGrams: 9000}]
`

func TestSlots(t *testing.T) {
	t.Parallel()
	loaded, findings := config.Load("slotted.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return []byte(slotted), nil }})
	if loaded == nil {
		t.Fatal(findings.Format())
	}
	n, err := router.Build(loaded)
	if err != nil {
		t.Fatal(err)
	}
	lockers := []string{
		"locker/torikatu/S:%s:parcels 1 helsinki [kallio] 00:00-00:00",
		"locker/torikatu/M:%s:parcels 2 helsinki [kallio] 00:00-00:00",
	}
	alfama := "lane/alfama/bike:%sT10:00:parcels 5 lisbon [alfama] 10:00-12:00"
	for day, want := range map[string][]string{
		"2026-08-04": append([]string{ // a Tuesday
			alfama,
			"make/kallio/lathe:%s:units 8 helsinki [kallio] 00:00-00:00",
			"lane/kallio/bike:%sT10:00:parcels 2 helsinki [kallio] 10:00-12:00",
			"lane/kallio/bike:%sT10:00:grams 9000 helsinki [kallio] 10:00-12:00",
			"lane/kallio/bike:%sT16:00:parcels 2 helsinki [kallio] 16:00-18:00",
			"lane/kallio/bike:%sT16:00:grams 9000 helsinki [kallio] 16:00-18:00",
			"lane/kallio/tram:%sT09:00:grams 4000 helsinki [kallio] 09:00-11:00",
		}, lockers...),
		"2026-08-05": append([]string{alfama}, lockers...), // kallio is closed
		"2026-08-08": append([]string{ // a Saturday
			alfama,
			"make/kallio/lathe:%s:units 8 helsinki [kallio] 00:00-00:00",
			"lane/kallio/tram:%sT09:00:grams 4000 helsinki [kallio] 09:00-11:00",
		}, lockers...),
		"2026-12-25": append([]string{alfama}, lockers...), // a holiday in one of the regions
	} {
		date, err := lanes.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range n.Slots(date) {
			got = append(got, fmt.Sprintf("%s %d %s %v %s-%s", s.ID, s.Limit, s.Region, s.Sites, s.Start.Format("15:04"), s.End.Format("15:04")))
		}
		for i := range want {
			want[i] = fmt.Sprintf(want[i], day)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", day, diff)
		}
	}
}
