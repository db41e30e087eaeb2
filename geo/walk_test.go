package geo

import (
	"slices"
	"testing"
)

func TestWalkAgreesWithContains(t *testing.T) {
	t.Parallel()
	var sets []Set
	for _, k := range []struct{ lat, lng, km float64 }{{60.18, 24.95, 4}, {60.2, 24.95, 3}, {60.18, 24.95, 1}, {10, 10, 2}} {
		s, err := Within(Point{Lat: k.lat, Lng: k.lng}, k.km, 8)
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, s)
	}
	sets = append(sets, Set{})
	seen := map[Cell]bool{}
	calls := 0
	Walk(sets, func(c Cell, in []int) {
		calls++
		one, err := NewSet(8, c)
		if err != nil {
			t.Fatal(err)
		}
		for leaf := range one.All() {
			if seen[leaf] {
				t.Errorf("%v came twice", leaf)
			}
			seen[leaf] = true
			for i, s := range sets {
				if got, want := slices.Contains(in, i), s.Contains(leaf); got != want {
					t.Errorf("%v in set %d: got %v, want %v", leaf, i, got, want)
				}
			}
		}
	})
	if got, want := len(seen), int(Union(sets...).Count()); got != want {
		t.Errorf("got %d cells, want %d", got, want)
	}
	if calls >= len(seen) {
		t.Errorf("%d calls for %d cells", calls, len(seen))
	}
}

func TestReachHoldsDescendants(t *testing.T) {
	t.Parallel()
	c, err := CellAt(Point{Lat: 60.18, Lng: 24.95}, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, child := range c.Children() {
		for _, grandchild := range child.Children() {
			if d := Distance(c.Center(), grandchild.Center()); d > c.Reach(7) {
				t.Errorf("%v is %.0f m away, beyond %.0f", grandchild, d, c.Reach(7))
			}
		}
	}
}
