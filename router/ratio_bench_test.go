package router

import (
	"testing"
	"time"

	"github.com/nearlane/nearlane/geo"
)

// BenchmarkPlanRatios measures planning against one H3 index of a point, and a
// large network against a small one with the same candidates, turn by turn in
// one run, so that the ratios hold on a noisy machine.
func BenchmarkPlanRatios(b *testing.B) {
	small, large := crowd(b, 50, 50), crowd(b, 50, 10_000)
	order := mugOrder(tuesday)
	place := small.Locate(order)
	plan := func(n *Network) func() {
		return func() {
			p := n.Plan(Request{Order: order, Place: place, Now: tuesday})
			if options, _ := p.Take(1); len(options) != 1 {
				b.Fatal(p.Reasons())
			}
			p.Release()
		}
	}
	turns := []func(){plan(small), plan(large), func() {
		if _, err := geo.CellAt(geo.Point{Lat: 60.17, Lng: 24.94}, 9); err != nil {
			b.Fatal(err)
		}
	}}
	took := make([]time.Duration, len(turns))
	for b.Loop() {
		for i, turn := range turns {
			start := time.Now()
			for range 100 {
				turn()
			}
			took[i] += time.Since(start)
		}
	}
	b.ReportMetric(float64(took[0])/float64(took[2]), "index/plan")
	b.ReportMetric(float64(took[1])/float64(took[0]), "10000sites/50sites")
	b.ReportMetric(0, "ns/op") // of no meaning here
}

// BenchmarkLookup is the index alone: it must not allocate.
func BenchmarkLookup(b *testing.B) {
	n := crowd(b, 50, 10_000)
	place := n.Locate(mugOrder(tuesday))
	hits := make([]geo.Hit, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		if hits = n.index.Lookup(hits[:0], place.Cell, place.Country, ""); len(hits) != 50 {
			b.Fatalf("got %d lanes, want 50", len(hits))
		}
	}
}
