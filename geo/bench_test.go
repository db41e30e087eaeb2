package geo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/uber/h3-go/v4"
)

var helsinki = Point{Lat: 60.1842, Lng: 24.9497}

// BenchmarkIndexPoint is the price of finding the cell of a point, beside
// that of the library's call in it.
func BenchmarkIndexPoint(b *testing.B) {
	b.Run("geo", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := CellAt(helsinki, 9); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := h3.LatLngToCell(h3.LatLng(helsinki), 9); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkParent(b *testing.B) {
	c := mustCell(b, helsinki, 9)
	b.Run("geo", func(b *testing.B) {
		for b.Loop() {
			c.Parent(5)
		}
	})
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			h3.Cell(c).Parent(5)
		}
	})
}

// BenchmarkLookup finds points in and around one area of so many cells.
func BenchmarkLookup(b *testing.B) {
	for _, bench := range []struct {
		name string
		km   float64
	}{{"1k", 5.6}, {"100k", 57}, {"10M", 575}} {
		b.Run(bench.name, func(b *testing.B) {
			x, set := circleIndex(b, bench.km)
			r := rand.New(rand.NewPCG(7, 7))
			cells := make([]Cell, 1024)
			for i := range cells {
				// Nearly half of them on the circle, where the tree is deepest.
				cells[i] = mustCell(b, Point{helsinki.Lat + bench.km/111*(2*r.Float64()-1), helsinki.Lng}, 9)
			}
			dst := make([]Hit, 0, 8)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				x.Lookup(dst, cells[i%len(cells)], "", "")
				i++
			}
			b.ReportMetric(float64(set.Count()), "cells")
			b.ReportMetric(float64(len(set.Compact())), "compact")
		})
	}
}

func circleIndex(b *testing.B, km float64) (*Index, Set) {
	b.Helper()
	set, err := Within(helsinki, km, 9)
	if err != nil {
		b.Fatal(err)
	}
	return NewIndex([]Area{{Cells: set}}), set
}

// BenchmarkLookupMany finds the fifty-odd areas of one place among more and
// more areas elsewhere.
func BenchmarkLookupMany(b *testing.B) {
	for _, elsewhere := range []int{0, 1000, 10_000} {
		b.Run(fmt.Sprint(elsewhere), func(b *testing.B) {
			x := NewIndex(manyAreas(b, 50, elsewhere))
			cell := mustCell(b, helsinki, 9)
			dst := make([]Hit, 0, 64)
			b.ReportAllocs()
			for b.Loop() {
				x.Lookup(dst, cell, "FI", "00500")
			}
		})
	}
}

// BenchmarkNewIndex builds the index of ten thousand areas of about a
// thousand cells and reports what it keeps.
func BenchmarkNewIndex(b *testing.B) {
	areas := manyAreas(b, 0, 10_000)
	var before, after runtime.MemStats
	var x *Index
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		x = NewIndex(areas)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	var cells uint64
	for _, a := range areas {
		cells += a.Cells.Count()
	}
	b.ReportMetric(float64(cells), "cells")
	b.ReportMetric(float64(cap(x.cells.nodes)*32+cap(x.lists.postings)*4), "bytes")
}

// manyAreas are some round one place, and others strewn over the country.
func manyAreas(b *testing.B, here, elsewhere int) []Area {
	b.Helper()
	r := rand.New(rand.NewPCG(8, 8))
	areas := make([]Area, here+elsewhere)
	for i := range areas {
		at := helsinki
		if i >= here {
			at = Point{Lat: 61 + 7*r.Float64(), Lng: 22 + 7*r.Float64()}
		}
		set, err := Within(at, 5.6+r.Float64()/10, 9)
		if err != nil {
			b.Fatal(err)
		}
		areas[i].Cells = set
	}
	return areas
}

func BenchmarkWithin(b *testing.B) {
	for _, km := range []float64{5, 50, 1000} {
		b.Run(fmt.Sprint(km), func(b *testing.B) {
			for b.Loop() {
				if _, err := Within(helsinki, km, 9); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkPolygon fills a ring of as many corners, 50 km across.
func BenchmarkPolygon(b *testing.B) {
	for _, corners := range []int{10, 1000, 100_000} {
		b.Run(fmt.Sprint(corners), func(b *testing.B) {
			r := rand.New(rand.NewPCG(9, 9))
			var ring []position
			for i := range corners {
				sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(corners))
				far := 0.22 + 0.001*r.Float64()
				ring = append(ring, position{helsinki.Lng + 2*far*cos, helsinki.Lat + far*sin})
			}
			ring = append(ring, ring[0])
			for b.Loop() {
				if _, err := fillPolygon([][]position{ring}, 9, Center); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDistance(b *testing.B) {
	v, w := helsinki.Vec(), Point{60.2, 24.9}.Vec()
	for b.Loop() {
		v.Distance(w)
	}
}

func BenchmarkNormalizePostcode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NormalizePostcode("GB", "SW1A 1AA")
	}
}
