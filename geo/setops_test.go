package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// randomSet is a set of cells of resolution 4 somewhere in a family.
func randomSet(t *testing.T, r *rand.Rand, root Cell) Set {
	t.Helper()
	var cells []Cell
	for range 1 + r.IntN(60) {
		cells = append(cells, randomDescendant(r, root, 1+r.IntN(4)))
	}
	s, err := NewSet(4, cells...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWithoutCellByCell(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		root := baseCell([]int{4, 0, 14, 60}[r.IntN(4)])
		s, u := randomSet(t, r, root), randomSet(t, r, root)
		got := s.Without(u)
		var want []Cell
		for c := range s.All() {
			if !u.Contains(c) {
				want = append(want, c)
			}
		}
		if diff := cmp.Diff(want, slices.Collect(got.All())); diff != "" {
			t.Fatalf("cells (-want +got):\n%s", diff)
		}
		checkCompact(t, got)
		if rest := s.Without(s); !rest.Empty() {
			t.Fatalf("a set without itself has %d cells", rest.Count())
		}
	}
}

func TestOverlapsPairByPair(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(6, 6))
	for range 100 {
		root := baseCell([]int{4, 0, 60}[r.IntN(3)])
		sets := []Set{{}, randomSet(t, r, root), randomSet(t, r, root), randomSet(t, r, baseCell(1)), randomSet(t, r, root)}
		got := map[[2]int]uint64{}
		Overlaps(sets, func(a, b int, common Cell) {
			if !sets[a].Contains(common) || !sets[b].Contains(common) {
				t.Fatalf("sets %d and %d: got the cell %v, which one of them lacks", a, b, common)
			}
			got[[2]int{a, b}] += common.Count(4)
		})
		want := map[[2]int]uint64{}
		for a := range sets {
			for b := a + 1; b < len(sets); b++ {
				for c := range sets[a].All() {
					if sets[b].Contains(c) {
						want[[2]int{a, b}]++
					}
				}
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("cells in common (-want +got):\n%s", diff)
		}
	}
}

// Many equal sets are not worth all their pairs.
func TestOverlapsOfManyEqualSets(t *testing.T) {
	t.Parallel()
	s, err := NewSet(9, baseCell(4))
	if err != nil {
		t.Fatal(err)
	}
	sets, calls := make([]Set, 5000), 0
	for i := range sets {
		sets[i] = s
	}
	with := map[int]bool{}
	Overlaps(sets, func(_, b int, _ Cell) { calls++; with[b] = true })
	if calls > len(sets)*maxTogether || len(with) != len(sets)-1 {
		t.Errorf("got %d pairs with %d sets, want at most %d with all but the first", calls, len(with), len(sets)*maxTogether)
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	town, err := Within(Point{Lat: 60.17, Lng: 24.94}, 6, 9)
	if err != nil {
		t.Fatal(err)
	}
	hole := func(lat, lng, km float64) Set {
		s, err := Within(Point{Lat: lat, Lng: lng}, km, 9)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	one, two := hole(60.17, 24.94, 0.2), hole(60.19, 24.97, 0.6)
	edge := hole(60.17, 24.94+0.105, 1) // a bay, not a lake
	rest := town.Without(one).Without(two).Without(edge)
	got := rest.Gaps(200)
	if len(got) != 2 || !Union(got...).Equal(Union(one, two)) {
		t.Errorf("got %d gaps of %d cells, want 2 of %d", len(got), Union(got...).Count(), one.Count()+two.Count())
	}
	if got := rest.Gaps(int(two.Count()) - 1); len(got) != 1 {
		t.Errorf("got %d gaps of fewer cells than the larger one has, want 1", len(got))
	}
	if got := town.Gaps(200); len(got) != 0 {
		t.Errorf("got %d gaps in a whole circle", len(got))
	}
	if got := (Set{}).Gaps(200); len(got) != 0 {
		t.Errorf("got %d gaps in nothing", len(got))
	}
}

func TestNeighbours(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7))
	for range 200 {
		c := randomDescendant(r, baseCell([]int{4, 0, 60}[r.IntN(3)]), 1+r.IntN(6))
		want := 6
		if c.pentagon() {
			want = 5
		}
		around := c.Neighbours()
		if len(around) != want {
			t.Fatalf("%v: got %d neighbours, want %d", c, len(around), want)
		}
		for _, n := range around {
			if !slices.Contains(n.Neighbours(), c) {
				t.Errorf("%v is a neighbour of %v, but not the other way round", n, c)
			}
		}
	}
}

func TestCover(t *testing.T) {
	t.Parallel()
	// A square of 0.1 by 0.2 degrees with a hole, a crumb and a splinter.
	const shapes = `{"type": "FeatureCollection", "features": [
 {"type": "Feature", "id": "square", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [
  [[24.8, 60.1], [25.0, 60.1], [25.0, 60.2], [24.8, 60.2], [24.8, 60.1]],
  [[24.85, 60.12], [24.95, 60.12], [24.95, 60.17], [24.85, 60.17], [24.85, 60.12]]]}},
 {"type": "Feature", "id": "crumbs", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": [
  [[[25.1, 60.1], [25.13, 60.1], [25.13, 60.115], [25.1, 60.115], [25.1, 60.1]]],
  [[[25.2, 60.1], [25.2003, 60.1], [25.2003, 60.1001], [25.2, 60.1]]]]}}]}`
	_, square, err := Cover(strings.NewReader(shapes), "square", 9, Center)
	if err != nil {
		t.Fatal(err)
	}
	// One degree of latitude is 111.195 km on H3's sphere.
	width := 111_195 * math.Cos(60.15*math.Pi/180)
	want := 0.2*width*0.1*111_195 - 0.1*width*0.05*111_195
	if math.Abs(square.Area/want-1) > 0.01 {
		t.Errorf("got an area of %.0f m2, want %.0f", square.Area, want)
	}
	if math.Abs(square.Cells/square.Area-1) > 0.02 || square.Parts != 1 || square.Lost != 0 {
		t.Errorf("got %+v, want cells of the same area", square)
	}
	set, crumbs, err := Cover(strings.NewReader(shapes), "crumbs", 9, Center)
	if err != nil {
		t.Fatal(err)
	}
	if crumbs.Parts != 2 || crumbs.Lost != 1 || crumbs.Count != set.Count() {
		t.Errorf("got %+v, want one of two parts lost", crumbs)
	}
}
