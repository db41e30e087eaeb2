package router

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/geo"
)

// crowd is a network of sites around one place, near of them within reach of
// an order there and the rest far away in other towns.
func crowd(tb testing.TB, near, total int) *Network {
	tb.Helper()
	var b strings.Builder
	b.WriteString(`network: crowd
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {cutoff: ["Mo-Su 17:00"], promise: {sameDayBy: "21:00"}}}
couriers: {bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}
sites:
`)
	for i := range total {
		lat, lng := 60.17+float64(i%10)*0.001, 24.94+float64(i/10%10)*0.001
		if i >= near {
			lat, lng = 40+float64(i%100)*0.15, -8+float64(i/100)*0.25
		}
		fmt.Fprintf(&b, `  s%05d: {kind: micro_hub, region: town, at: {lat: %.4f, lng: %.4f}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["mug-*"], lanes: {bike: {courier: bike, serviceLevels: [same_day], catchment: {withinKm: 5}, blocks: ["Mo-Su 12:00-14:00", "Mo-Su 16:00-18:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 25, grams: 120000}, cost: {perParcel: 4.20}}}}
`, i, lat, lng)
	}
	return network(tb, b.String())
}

// BenchmarkPlan and BenchmarkIndexPoint stand side by side: their ratio is
// what planning may cost.
func BenchmarkPlan(b *testing.B) {
	for _, total := range []int{50, 10_000} {
		b.Run(fmt.Sprintf("50-of-%d-sites", total), func(b *testing.B) {
			n, o := crowd(b, 50, total), mugOrder(tuesday)
			place := n.Locate(o)
			b.ReportAllocs()
			for b.Loop() {
				p := n.Plan(Request{Order: o, Place: place, Now: tuesday})
				if options, _ := p.Take(1); len(options) != 1 {
					b.Fatal(p.Reasons())
				}
				p.Release()
			}
		})
	}
}

func BenchmarkIndexPoint(b *testing.B) {
	for b.Loop() {
		if _, err := geo.CellAt(geo.Point{Lat: 60.17, Lng: 24.94}, 9); err != nil {
			b.Fatal(err)
		}
	}
}
