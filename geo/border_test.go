package geo

import (
	"testing"
)

func TestShapesOfADiskWithAHole(t *testing.T) {
	t.Parallel()
	at := Point{Lat: 60.18, Lng: 24.95}
	disk, err := Within(at, 2, 9)
	if err != nil {
		t.Fatal(err)
	}
	middle, err := CellAt(at, 9)
	if err != nil {
		t.Fatal(err)
	}
	var cells []Cell
	for c := range disk.All() {
		if c != middle {
			cells = append(cells, c)
		}
	}
	ring, err := NewSet(9, cells...)
	if err != nil {
		t.Fatal(err)
	}
	shapes, err := ring.Shapes()
	if err != nil {
		t.Fatal(err)
	}
	if len(shapes) != 1 || len(shapes[0].Holes) != 1 || len(shapes[0].Holes[0]) != 6 {
		t.Fatalf("got %d shapes, the first with %d holes; want one with one hole of six corners", len(shapes), len(shapes[0].Holes))
	}
	for _, p := range shapes[0].Outer {
		if d := Distance(at, p); d < 1500 || d > 2500 {
			t.Errorf("a corner of the outer ring is %.0f m from the middle", d)
		}
	}
	if shapes, err := (Set{}).Shapes(); err != nil || len(shapes) != 0 {
		t.Errorf("the empty set has shapes %v, %v", shapes, err)
	}
}

func TestCoarse(t *testing.T) {
	t.Parallel()
	fine, err := Within(Point{Lat: 60.18, Lng: 24.95}, 5, 9)
	if err != nil {
		t.Fatal(err)
	}
	coarse := fine.Coarse(7)
	want := map[Cell]bool{}
	for c := range fine.All() {
		want[c.Parent(7)] = true
	}
	for c := range coarse.All() {
		if !want[c] {
			t.Errorf("%v is in, and parent of none", c)
		}
		delete(want, c)
	}
	if len(want) > 0 {
		t.Errorf("missing are %v", want)
	}
	if !fine.Coarse(12).Equal(fine) {
		t.Error("a finer resolution changed the set")
	}
}
