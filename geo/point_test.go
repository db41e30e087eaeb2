package geo

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/uber/h3-go/v4"
)

func TestPointCheck(t *testing.T) {
	t.Parallel()
	for _, p := range []Point{{60.17, 24.94}, {-90, -180}, {90, 180}, {0, 0}} {
		if err := p.Check(); err != nil {
			t.Errorf("check %v: got %v, want nil", p, err)
		}
	}
	for _, test := range []struct {
		point Point
		want  string
	}{
		{Point{91, 400}, "latitude 91 is not between -90 and 90"},
		{Point{60, 181}, "longitude 181 is not between -180 and 180"},
		{Point{139.7, 35.7}, "swapped?"},
		{Point{math.NaN(), 0}, "latitude NaN"},
		{Point{0, math.Inf(1)}, "longitude +Inf"},
	} {
		if err := test.point.Check(); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("check %v: got %v, want %q", test.point, err, test.want)
		}
		if _, err := CellAt(test.point, 9); err == nil {
			t.Errorf("cell of %v: got nil, want an error", test.point)
		}
	}
}

func TestDistanceAgreesWithLibrary(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		a := randomPoint(r)
		b := randomPoint(r)
		if r.IntN(2) == 0 { // neighbours
			b = Point{Lat: clampLat(a.Lat + r.Float64()*1e-3), Lng: math.Remainder(a.Lng+r.Float64()*1e-3, 360)}
		}
		want := h3.GreatCircleDistanceM(h3.LatLng(a), h3.LatLng(b))
		got := Distance(a, b)
		if math.Abs(got-want) > 1e-6*want+1e-4 {
			t.Errorf("distance of %v and %v: got %.6f, want %.6f", a, b, got, want)
		}
	}
}

func randomPoint(r *rand.Rand) Point {
	return Point{Lat: degrees(math.Asin(2*r.Float64() - 1)), Lng: 360*r.Float64() - 180}
}

func clampLat(lat float64) float64 { return max(-90, min(90, lat)) }
