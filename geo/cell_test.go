package geo

import (
	"slices"
	"strings"
	"testing"

	"github.com/uber/h3-go/v4"
)

func TestCellBitsAgreeWithLibrary(t *testing.T) {
	t.Parallel()
	for b := range baseCells {
		for c := range fromH3(t, baseCell(b), 2) {
			children, err := h3.Cell(c).ImmediateChildren()
			if err != nil {
				t.Fatal(err)
			}
			var got []h3.Cell
			for d := range childDigits {
				if d == 1 && c.pentagon() {
					continue
				}
				got = append(got, h3.Cell(c.child(d)))
			}
			slices.Sort(got)
			slices.Sort(children)
			if !slices.Equal(got, children) {
				t.Errorf("children of %v: got %v, want %v", c, got, children)
			}
			if got, want := c.pentagon(), h3.Cell(c).IsPentagon(); got != want {
				t.Errorf("%v is a pentagon: got %v, want %v", c, got, want)
			}
			grandchildren, err := h3.Cell(c).Children(c.Resolution() + 2)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := c.Count(c.Resolution()+2), uint64(len(grandchildren)); got != want {
				t.Errorf("cells in %v: got %d, want %d", c, got, want)
			}
		}
	}
}

// fromH3 yields c and its descendants down to a resolution, as the library
// knows them.
func fromH3(t *testing.T, c Cell, res int) func(func(Cell) bool) {
	t.Helper()
	return func(yield func(Cell) bool) {
		for r := c.Resolution(); r <= res; r++ {
			cells, err := h3.Cell(c).Children(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, child := range cells {
				if !yield(Cell(child)) {
					return
				}
			}
		}
	}
}

func TestParent(t *testing.T) {
	t.Parallel()
	c := mustCell(t, Point{Lat: 60.17, Lng: 24.94}, 9)
	if got := c.Parent(9); got != c {
		t.Errorf("parent at its own resolution: got %v, want %v", got, c)
	}
	for _, res := range []int{-1, 10, 15, 16} {
		if got := c.Parent(res); got != 0 {
			t.Errorf("parent at resolution %d: got %v, want none", res, got)
		}
	}
}

func FuzzParent(f *testing.F) {
	f.Add(60.17, 24.94, uint8(9), uint8(5))
	f.Add(-89.9, 179.99, uint8(15), uint8(0))
	f.Add(64.7, 10.536, uint8(12), uint8(1)) // near a pentagon
	f.Fuzz(func(t *testing.T, lat, lng float64, res, coarser uint8) {
		p := Point{Lat: lat, Lng: lng}
		r := int(res % 16)
		c, err := CellAt(p, r)
		if p.Check() != nil {
			if err == nil {
				t.Fatalf("cell of %v: got %v, want an error", p, c)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		to := int(coarser) % (r + 1)
		want, err := h3.Cell(c).Parent(to)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Parent(to); got != Cell(want) {
			t.Errorf("parent of %v at %d: got %v, want %v", c, to, got, Cell(want))
		}
		if got := c.Resolution(); got != r {
			t.Errorf("resolution of %v: got %d, want %d", c, got, r)
		}
		if parsed, err := ParseCell(c.String()); err != nil || parsed != c {
			t.Errorf("parse %v: got %v, %v", c, parsed, err)
		}
	})
}

func TestParseCell(t *testing.T) {
	t.Parallel()
	if c, err := ParseCell("891126D3373FFFF"); err == nil && c.String() != "891126d3373ffff" {
		t.Errorf("got %v, want the lower-case form", c)
	}
	for text, want := range map[string]string{
		"":                  "15 hexadecimal digits",
		"zzz":               "15 hexadecimal digits",
		"8":                 "not a valid H3 cell",
		"ffffffffffffffff":  "not a valid H3 cell",
		"118bbffffffffffff": "15 hexadecimal digits",
	} {
		if c, err := ParseCell(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("parse %q: got %v, %v; want an error with %q", text, c, err, want)
		}
	}
}

func mustCell(t testing.TB, p Point, res int) Cell {
	t.Helper()
	c, err := CellAt(p, res)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
