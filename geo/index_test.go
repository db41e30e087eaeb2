package geo

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Random areas of every kind against looking through each of them.
func TestIndexAgainstBruteForce(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(6, 6))
	for range 20 {
		areas := make([]Area, 1+r.IntN(60))
		for i := range areas {
			areas[i] = randomArea(t, r)
			if r.IntN(3) == 0 {
				minus := randomArea(t, r)
				areas[i].Minus = &minus
			}
			if i > 0 && r.IntN(4) == 0 { // as lanes that share a catchment do
				areas[i] = areas[r.IntN(i)]
			}
		}
		x := NewIndex(areas)
		for range 300 {
			cell, country, code := randomPlace(t, r)
			got := x.Lookup([]Hit{{Area: -1}}, cell, country, code)
			want := []Hit{{Area: -1}}
			for i := range areas {
				if a := &areas[i]; a.covers(cell, country, code) {
					want = append(want, Hit{Area: int32(i), Minus: !a.Contains(cell, country, code)})
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Fatalf("areas of %v %q %q (-want +got):\n%s", cell, country, code, diff)
			}
		}
	}
}

func randomArea(t *testing.T, r *rand.Rand) Area {
	var a Area
	if r.IntN(4) > 0 {
		var err error
		if a.Cells, err = Within(cityPoint(r), 0.4+4*r.Float64(), 9); err != nil {
			t.Fatal(err)
		}
	}
	if r.IntN(3) == 0 {
		a.Countries = []string{[]string{"FI", "GB", "SE"}[r.IntN(3)], "DE"}
	}
	for range r.IntN(3) {
		text := fmt.Sprint(r.IntN(100))
		country := "FI"
		if r.IntN(2) == 0 {
			country, text = "GB", fmt.Sprintf("N%d", r.IntN(15))
		}
		p, err := ParsePrefix(country, text)
		if err != nil {
			t.Fatal(err)
		}
		a.Postcodes = append(a.Postcodes, p)
	}
	return a
}

func randomPlace(t *testing.T, r *rand.Rand) (cell Cell, country, code string) {
	if r.IntN(4) > 0 {
		cell = mustCell(t, cityPoint(r), 9+r.IntN(2))
	}
	switch r.IntN(4) {
	case 0:
		country, code = "fi", fmt.Sprintf("%02d %03d", r.IntN(100), r.IntN(1000))
	case 1:
		country, code = "GB", fmt.Sprintf("n%d %dab", r.IntN(15), r.IntN(10))
	case 2:
		country = "DE"
	}
	return cell, country, code
}

func cityPoint(r *rand.Rand) Point {
	return Point{Lat: 60.13 + 0.12*r.Float64(), Lng: 24.8 + 0.3*r.Float64()}
}

func TestIndexOfNothing(t *testing.T) {
	t.Parallel()
	x := NewIndex(nil)
	if got := x.Lookup(nil, mustCell(t, Point{60.17, 24.94}, 9), "FI", "00100"); len(got) > 0 {
		t.Errorf("got %v, want nothing", got)
	}
	if got := x.Lookup(nil, ^Cell(0), "??", "\xff"); len(got) > 0 {
		t.Errorf("got %v, want nothing", got)
	}
}

// A cell coarser than the areas is in those that it is wholly in.
func TestLookupOfCoarseCell(t *testing.T) {
	t.Parallel()
	c := mustCell(t, Point{60.17, 24.94}, 7)
	all, _ := NewSet(9, c)
	some, _ := NewSet(9, c.child(0), c.child(3))
	x := NewIndex([]Area{{Cells: some}, {Cells: all}})
	if diff := cmp.Diff([]Hit{{Area: 1}}, x.Lookup(nil, c, "", "")); diff != "" {
		t.Errorf("areas of %v (-want +got):\n%s", c, diff)
	}
}

func TestLookupDoesNotAllocate(t *testing.T) {
	set, err := Within(Point{60.17, 24.94}, 5, 9)
	if err != nil {
		t.Fatal(err)
	}
	x := NewIndex([]Area{
		{Cells: set}, {Countries: []string{"GB"}}, {Postcodes: []Prefix{{"GB", "N1"}, {"GB", "N1 2"}}},
	})
	dst := make([]Hit, 0, 8)
	cell := mustCell(t, Point{60.17, 24.94}, 9)
	var got []Hit
	if n := testing.AllocsPerRun(100, func() { got = x.Lookup(dst, cell, "gb", "n1 2ab") }); n != 0 {
		t.Errorf("allocations: got %v, want 0", n)
	}
	if diff := cmp.Diff([]Hit{{Area: 0}, {Area: 1}, {Area: 2}}, got); diff != "" {
		t.Errorf("areas (-want +got):\n%s", diff)
	}
}
