package geo

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/uber/h3-go/v4"
)

// The bounds that the descent relies on, for each cell of the coarse
// resolutions and for samples of the fine ones: a child's centre is a spacing
// of its resolution away at most, and so are a cell's own corners.
func TestSpacingBoundsCells(t *testing.T) {
	t.Parallel()
	check := func(c Cell) {
		res, center := c.Resolution(), c.Center().Vec()
		for d := range everyDescendant(c, res+1) {
			if got, limit := center.angle(d.Center().Vec()), spacing(res+1); got > limit+1e-14 {
				t.Errorf("%v is %g from its parent %v, more than a spacing of %g", d, got, c, limit)
			}
		}
		for _, p := range c.Boundary() {
			if got, limit := center.angle(p.Vec()), spacing(res); got > limit {
				t.Errorf("a corner of %v is %g from its centre, more than a spacing of %g", c, got, limit)
			}
		}
	}
	for b := range baseCells {
		for res := range 4 {
			for c := range everyDescendant(baseCell(b), res) {
				check(c)
			}
		}
	}
	r := rand.New(rand.NewPCG(3, 3))
	for range 10_000 {
		check(randomDescendant(r, baseCell(r.IntN(baseCells)), 4+r.IntN(11)))
	}
}

// Circles of all sizes anywhere, the poles and the antimeridian too, against
// every cell on earth.
func TestWithinAgainstBruteForce(t *testing.T) {
	t.Parallel()
	const res = 3
	var cells []Cell
	var centers []Vec
	for b := range baseCells {
		for c := range everyDescendant(baseCell(b), res) {
			cells, centers = append(cells, c), append(centers, c.Center().Vec())
		}
	}
	r := rand.New(rand.NewPCG(4, 4))
	for i := range 60 {
		at := randomPoint(r)
		switch i % 6 {
		case 0:
			at.Lat = 90
		case 1:
			at.Lng = 180
		}
		km := 200 * math.Pow(100, r.Float64())
		if i == 0 {
			km = halfway
		}
		got, err := Within(at, km, res)
		if err != nil {
			t.Fatal(err)
		}
		var want []Cell
		for j, c := range cells {
			if at.Vec().Distance(centers[j]) <= km*1000 {
				want = append(want, c)
			}
		}
		if diff := cmp.Diff(want, slices.Collect(got.All())); diff != "" {
			t.Fatalf("within %g km of %v (-want +got):\n%s", km, at, diff)
		}
		checkCompact(t, got)
	}
}

// At the resolution of a real network, against a disk of neighbours.
func TestWithinCity(t *testing.T) {
	t.Parallel()
	at := Point{Lat: 60.1842, Lng: 24.9497}
	for _, km := range []float64{0.5, 3, 5} {
		got, err := Within(at, km, 9)
		if err != nil {
			t.Fatal(err)
		}
		disk, err := h3.GridDisk(h3.Cell(mustCell(t, at, 9)), 40)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range disk {
			want := Distance(at, Cell(c).Center()) <= km*1000
			if got := got.Contains(Cell(c)); got != want {
				t.Errorf("%v within %g km: got %v, want %v", Cell(c), km, got, want)
			}
		}
	}
}

func TestWithinErrors(t *testing.T) {
	t.Parallel()
	at := Point{Lat: 60.1842, Lng: 24.9497}
	for _, test := range []struct {
		at   Point
		km   float64
		res  int
		want string
	}{
		{at, 0, 9, "want more than 0"},
		{at, -1, 9, "want more than 0"},
		{at, math.NaN(), 9, "want more than 0"},
		{at, 30_000, 9, "is this one metres?"},
		{at, 0.01, 9, "no cell of resolution 9 has its centre within 0.01 km"},
		{at, 1, -1, "resolution -1"},
		{Point{Lat: 91}, 1, 9, "latitude 91"},
	} {
		if _, err := Within(test.at, test.km, test.res); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("within %g km of %v: got %v, want %q", test.km, test.at, err, test.want)
		}
	}
}
