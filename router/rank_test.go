package router

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/config"
)

// choices is a network in which every criterion prefers another option, with
// enough ties that the later criteria have something to say.
func choices(rank string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `network: choices
currency: EUR
defaults: {serviceLevel: same_day}
rank: [%s]
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {bike: {}}
lockers: {bank: {region: town, at: {lat: 60.172, lng: 24.94}, offer: {withinKm: 9}, dwell: 1d, sizes: [{size: M, count: 9, mm: [400, 400, 600]}, {size: L, count: 9, mm: [400, 400, 600]}]}}
sites:
`, rank)
	for _, s := range []struct {
		id, lat, block, cost, lockers string
	}{
		{"cheap", "60.19", "14:00-16:00", "1.00", ""},
		{"fast", "60.19", "10:00-12:00", "3.00", ""},
		{"far-locker", "60.20", "14:00-16:00", "3.00", "bank"},
		{"near", "60.1701", "14:00-16:00", "3.00", ""},
		{"tie-a", "60.19", "12:00-14:00", "2.00", "bank"},
		{"tie-b", "60.19", "12:00-14:00", "2.00", ""},
		{"tie-c", "60.18", "12:00-14:00", "2.50", "bank"},
		{"tie-d", "60.18", "12:30-14:00", "2.00", "bank"},
	} {
		fmt.Fprintf(&b, `  %s: {kind: micro_hub, region: town, at: {lat: %s, lng: 24.94}, hours: "Mo-Su 08:00-20:00", stocks: ["*"], lanes: {bike: {courier: bike, serviceLevels: [same_day], catchment: {withinKm: 9}, blocks: ["Mo-Su %s"], capacity: {parcels: 9}, cost: {perParcel: %s}, lockers: [%s]}}}
`, s.id, s.lat, s.block, s.cost, s.lockers)
	}
	return b.String()
}

// permutations of a list, in no order that matters.
func permutations(of []string) [][]string {
	if len(of) < 2 {
		return [][]string{of}
	}
	var all [][]string
	for i, first := range of {
		for _, rest := range permutations(slices.Delete(slices.Clone(of), i, i+1)) {
			all = append(all, append([]string{first}, rest...))
		}
	}
	return all
}

// Whatever the order of the criteria, options come sorted by them: checked
// against what the options themselves say.
func TestRank(t *testing.T) {
	best := map[string]string{ // by the first two criteria
		"promise method": "fast/bike Tue 04 10:00", "promise cost": "fast/bike Tue 04 10:00", "promise distance": "fast/bike Tue 04 10:00",
		"method promise": "tie-a/bike Tue 04 12:00 bank/M", "method cost": "tie-a/bike Tue 04 12:00 bank/M", "method distance": "tie-a/bike Tue 04 12:00 bank/M",
		"cost promise": "cheap/bike Tue 04 14:00", "cost method": "cheap/bike Tue 04 14:00", "cost distance": "cheap/bike Tue 04 14:00",
		"distance promise": "near/bike Tue 04 14:00", "distance method": "near/bike Tue 04 14:00", "distance cost": "near/bike Tue 04 14:00",
	}
	for _, rank := range permutations([]string{"promise", "method", "cost", "distance"}) {
		t.Run(strings.Join(rank, " "), func(t *testing.T) {
			t.Parallel()
			o := lockerOrder()
			all := drain(plan(network(t, choices(strings.Join(rank, ", "))), o, o.PlacedAt))
			if len(all) != 16 {
				t.Fatalf("got %d options, want 16", len(all))
			}
			equal(t, "best", brief(all[0]), best[rank[0]+" "+rank[1]])
			for i := 1; i < len(all); i++ {
				a, b := keysOf(rank, all[i-1]), keysOf(rank, all[i])
				if slices.Compare(a, b) > 0 {
					t.Errorf("%s (%v) stands before %s (%v)", brief(all[i-1]), a, brief(all[i]), b)
				}
			}
		})
	}
}

// keysOf reads off an option what it is ranked by; then its site and, for one
// site, the door before the bank and the bank's sizes as the config lists them.
func keysOf(rank []string, o *Option) (keys []int64) {
	b := &o.Body
	for _, key := range rank {
		switch config.RankKey(key) {
		case config.RankPromise:
			keys = append(keys, b.PromiseDate.Unix()/60)
		case config.RankMethod:
			keys = append(keys, int64(slices.Index([]string{"locker", "courier"}, b.Method)))
		case config.RankCost:
			keys = append(keys, b.Cost.Amount)
		case config.RankDistance:
			keys = append(keys, b.DistanceM)
		}
	}
	for i := range 8 { // ids are shorter than the names of sites are long
		letter := int64(0)
		if i < len(b.Site.SiteID) {
			letter = int64(b.Site.SiteID[i])
		}
		keys = append(keys, letter)
	}
	if b.Locker == nil {
		return append(keys, 0)
	}
	return append(keys, int64(1+strings.Index("ML", b.Locker.Size)))
}

// Criteria that the config leaves out decide nothing.
func TestRankOfSome(t *testing.T) {
	t.Parallel()
	o := lockerOrder()
	all := drain(plan(network(t, choices("cost")), o, o.PlacedAt))
	equal(t, "options", briefs(all)[:6], []string{"cheap/bike Tue 04 14:00",
		"tie-a/bike Tue 04 12:00", "tie-a/bike Tue 04 12:00 bank/M", "tie-a/bike Tue 04 12:00 bank/L", "tie-b/bike Tue 04 12:00", "tie-d/bike Tue 04 12:30"})
}

// Ties go by site, by lane, and by slot.
func TestTies(t *testing.T) {
	t.Parallel()
	lanes := `{z: {courier: bike, serviceLevels: [day], catchment: {countries: [FI]}, collections: ["Mo-Su 12:00", "Mo-Su 09:00"], transit: {workingDays: [1, 1]}, capacity: {parcels: 1}},
      a: {courier: bike, serviceLevels: [day], catchment: {countries: [FI]}, collections: ["Mo-Su 10:00", "Mo-Su 09:00"], transit: {workingDays: [1, 1]}, capacity: {parcels: 1}}}`
	site := `{kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", stocks: ["*"], lanes: ` + lanes + "}\n"
	n := network(t, `network: ties
currency: EUR
defaults: {serviceLevel: day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {day: {promise: {workingDays: 1, by: "21:00"}}}
couriers: {bike: {}}
sites:
  s2: `+site+`  s10: `+site+`  s1: `+site)
	o := mugOrder(at("2026-08-04 08:00"))
	var want []string
	for _, site := range []string{"s1", "s10", "s2"} {
		want = append(want, site+"/a Tue 04 09:00", site+"/a Tue 04 10:00", site+"/z Tue 04 09:00", site+"/z Tue 04 12:00")
	}
	equal(t, "options", briefs(drain(plan(n, o, o.PlacedAt))), want)
}
