package geo

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/uber/h3-go/v4"
)

// Sets of cells from anywhere in a family, with pentagons, against a map.
func TestSetAgainstMap(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(2, 2))
	for range 300 {
		root := baseCell([]int{4, 0, 14, 60, 117}[r.IntN(5)])
		const res = 4
		var cells []Cell
		want := map[Cell]bool{}
		for range 1 + r.IntN(120) {
			c := randomDescendant(r, root, 1+r.IntN(res))
			cells = append(cells, c)
			for d := range everyDescendant(c, res) {
				want[d] = true
			}
		}
		s, err := NewSet(res, cells...)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(s.All())); diff != "" {
			t.Fatalf("cells (-want +got):\n%s", diff)
		}
		if got := s.Count(); got != uint64(len(want)) {
			t.Errorf("count: got %d, want %d", got, len(want))
		}
		for d := range everyDescendant(root, res) {
			if got := s.Contains(d); got != want[d] {
				t.Fatalf("contains %v: got %v, want %v", d, got, want[d])
			}
		}
		checkCompact(t, s)
	}
}

// checkCompact compares with the library's compaction, and checks that a set
// made of its own cells is the same set.
func checkCompact(t *testing.T, s Set) {
	t.Helper()
	if s.Empty() { // the library panics on no cells
		return
	}
	var all []h3.Cell
	var again []Cell
	for c := range s.All() {
		all, again = append(all, h3.Cell(c)), append(again, c)
	}
	want, err := h3.CompactCells(all)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	var got []h3.Cell
	for _, c := range s.Compact() {
		got = append(got, h3.Cell(c))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("compact cells (-want +got):\n%s", diff)
	}
	if same, err := NewSet(s.Resolution(), again...); err != nil || !same.Equal(s) {
		t.Fatalf("a set of the same cells differs: %v, %v", same, err)
	}
}

func TestUnion(t *testing.T) {
	t.Parallel()
	parent := mustCell(t, Point{60.17, 24.94}, 5)
	var halves [2][]Cell
	for d := range childDigits {
		halves[d%2] = append(halves[d%2], parent.child(d))
	}
	a, _ := NewSet(6, halves[0]...)
	b, _ := NewSet(6, halves[1]...)
	want, _ := NewSet(6, parent)
	if got := Union(a, b, a); !got.Equal(want) {
		t.Errorf("union: got %v, want %v", got, want)
	}
	if got := Union(); !got.Empty() {
		t.Errorf("union of nothing: got %v, want the empty set", got)
	}
}

func TestContainsOtherResolutions(t *testing.T) {
	t.Parallel()
	parent := mustCell(t, Point{60.17, 24.94}, 5)
	s, _ := NewSet(6, parent)
	for _, test := range []struct {
		cell Cell
		want bool
	}{
		{parent, true}, {parent.child(3), true}, {parent.child(3).child(0).child(6), true},
		{parent.Parent(4), false}, {0, false},
	} {
		if got := s.Contains(test.cell); got != test.want {
			t.Errorf("contains %v: got %v, want %v", test.cell, got, test.want)
		}
	}
}

func TestCellSetErrors(t *testing.T) {
	t.Parallel()
	fine := mustCell(t, Point{60.17, 24.94}, 10)
	for _, test := range []struct {
		texts []string
		res   int
		want  string
	}{
		{nil, 9, "the list of cells is empty"},
		{[]string{fine.Parent(9).String(), "nonsense"}, 9, `cell 2 of 2: "nonsense"`},
		{[]string{fine.String()}, 9, "list its parent " + fine.Parent(9).String() + ", or set the grid's resolution to 10"},
		{[]string{fine.String()}, 16, "resolution 16"},
	} {
		if _, err := CellSet(test.texts, test.res); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("set of %v: got %v, want %q", test.texts, err, test.want)
		}
	}
}

func randomDescendant(r *rand.Rand, c Cell, res int) Cell {
	for c.Resolution() < res {
		d := r.IntN(childDigits)
		if d == 1 && c.pentagon() {
			d = 0
		}
		c = c.child(d)
	}
	return c
}

func everyDescendant(c Cell, res int) func(func(Cell) bool) {
	return func(yield func(Cell) bool) { descendants(c, res, yield) }
}
