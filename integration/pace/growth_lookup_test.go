package pace

import (
	"testing"

	"github.com/nearlane/nearlane/geo"
)

// lookup measures the index with one catchment of more and more cells, half of
// the points in it.
func lookup(t *testing.T, s size) []growth {
	town := geo.Point{Lat: 60.17, Lng: 24.94}
	var cells []int
	var finds []func()
	for _, km := range s.steps(6, 6, 57, 575) {
		set, err := geo.Within(town, float64(km), 9)
		if err != nil {
			t.Fatal(err)
		}
		index := geo.NewIndex([]geo.Area{{Cells: set}})
		var at [256]geo.Cell
		for i := range at {
			if at[i], err = geo.CellAt(geo.Point{Lat: town.Lat + float64(km)/111*(float64(i)/64-2), Lng: town.Lng}, 9); err != nil {
				t.Fatal(err)
			}
		}
		dst, i := make([]geo.Hit, 0, 8), 0
		cells = append(cells, int(set.Count()))
		finds = append(finds, func() { index.Lookup(dst, at[i%len(at)], "FI", ""); i++ })
	}
	points := s.timed(cells, finds)
	for i := range points {
		points[i].y *= 1e3
	}
	return []growth{{slug: "lookup", name: "Looking up one point in the index", x: "cells of the catchment", unit: "ns", lines: []line{{points: points}}}}
}
