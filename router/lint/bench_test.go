package lint

import (
	"fmt"
	"strings"
	"testing"
)

// country is a network of so many sites, each with bikes and the post.
func country(sites int, rank string) string {
	var text strings.Builder
	fmt.Fprintf(&text, `{network: a, currency: EUR, rank: %s, defaults: {parcel: {mm: [300, 200, 150]}},
regions: {r: {timezone: Europe/Helsinki}}, couriers: {c: {}},
serviceLevels: {l: {cutoff: ["Mo-Fr 13:00"], promise: {sameDayBy: "21:00"}, fallback: n}, n: {promise: {workingDays: 2}}}, sites: {
`, rank)
	for i := range sites {
		fmt.Fprintf(&text, `s-%d: {kind: micro_hub, region: r, at: {lat: %f, lng: %f}, hours: "Mo-Fr 08:00-20:00", handling: {time: 20m}, stocks: ["*"], lanes: {
 a: {courier: c, serviceLevels: [l], catchment: {withinKm: 3}, blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00"], capacity: {parcels: 10}, cost: {perParcel: 4}},
 b: {courier: c, serviceLevels: [n], catchment: {countries: [FI]}, collections: ["Mo-Fr 17:30"], transit: {workingDays: [1, 2]}, capacity: {parcels: 10}, cost: {perParcel: 4}}}},
`, i, 60+float64(i%100)*0.025, 22+float64(i/100)*0.05)
	}
	return text.String() + "}}\n"
}

// BenchmarkLint lints 10,000 sites: once as they should be, and once with a
// ranking that tells none of them apart.
func BenchmarkLint(b *testing.B) {
	for _, rank := range []string{"[promise, method, cost, distance]", "[promise, cost]"} {
		b.Run(rank, func(b *testing.B) {
			c := loadText(b, country(10_000, rank))
			for b.Loop() {
				Lint(c, november)
			}
		})
	}
}

// TestManyTies: ten thousand lanes that nothing tells apart are one mistake,
// and some examples of it.
func TestManyTies(t *testing.T) {
	t.Parallel()
	n := map[string]int{}
	for _, f := range Lint(loadText(t, country(400, "[promise, cost]")), november) {
		n[f.Code]++
		if f.Path == "$.rank" && !strings.Contains(f.Message, "more lanes of") {
			t.Errorf("got %q", f.Message)
		}
	}
	if want := 2 * (maxTies + 1); n[Overlap] != want {
		t.Errorf("got %d ties, want %d: some of each level, and how many more", n[Overlap], want)
	}
	if len(Lint(loadText(t, country(400, "[promise, distance]")), november)) != 0 {
		t.Error("got findings of sites that distance tells apart")
	}
}
