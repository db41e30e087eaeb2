package geo

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	kallio := Point{Lat: 60.1842, Lng: 24.9497}
	cell, err := CellAt(kallio, 9)
	if err != nil {
		t.Fatal(err)
	}
	coarse, err := NewSet(9, cell.Parent(7))
	if err != nil {
		t.Fatal(err)
	}
	own, err := NewSet(9, cell)
	if err != nil {
		t.Fatal(err)
	}
	fi, long := Prefix{"FI", "005"}, Prefix{"FI", "00530"}
	for _, tc := range []struct {
		name      string
		area      Area
		by, minus Match
	}{
		{"a parent", Area{Cells: coarse}, Match{Cell: cell.Parent(7)}, Match{}},
		{"the cell itself", Area{Cells: own}, Match{Cell: cell}, Match{}},
		{"a country", Area{Countries: []string{"SE", "FI"}}, Match{Country: "FI"}, Match{}},
		{"the longest prefix", Area{Postcodes: []Prefix{fi, long, {"FI", "00"}}}, Match{Postcode: long}, Match{}},
		{"several", Area{Cells: own, Countries: []string{"FI"}}, Match{Cell: cell, Country: "FI"}, Match{}},
		{"taken out", Area{Cells: coarse, Minus: &Area{Cells: own}}, Match{Cell: cell.Parent(7)}, Match{Cell: cell}},
		{"nothing", Area{Countries: []string{"SE"}, Postcodes: []Prefix{{"SE", "00"}}}, Match{}, Match{}},
	} {
		by, minus := tc.area.Match(cell, "FI", "00530")
		if diff := cmp.Diff([]Match{tc.by, tc.minus}, []Match{by, minus}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// A match is found where Contains finds the place, and nowhere else.
func TestMatchAgreesWithContains(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(4, 1))
	circle := func(km float64) Set {
		s, err := Within(Point{Lat: 60 + random.Float64(), Lng: 24 + random.Float64()}, km, 7)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	area := Area{Cells: Union(circle(30), circle(20)), Postcodes: []Prefix{{"FI", "05"}}, Minus: &Area{Cells: circle(15)}}
	inside := 0
	for range 2000 {
		cell, err := CellAt(Point{Lat: 60 + random.Float64(), Lng: 24 + random.Float64()}, 7)
		if err != nil {
			t.Fatal(err)
		}
		postcode := []string{"00100", "05100"}[random.IntN(2)]
		by, minus := area.Match(cell, "FI", postcode)
		got, want := by.Found() && !minus.Found(), area.Contains(cell, "FI", postcode)
		if got != want {
			t.Fatalf("%v %s: got %v, want %v", cell, postcode, got, want)
		}
		if got {
			inside++
		}
	}
	if inside < 200 || inside > 1800 {
		t.Errorf("%d of 2000 places are inside: this tests little", inside)
	}
}
