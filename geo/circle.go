package geo

import (
	"fmt"
	"math"
)

// Within is the set of cells of resolution res whose centre is at most km
// kilometres from a point. A circle too small to hold a centre is an error.
func Within(center Point, km float64, res int) (Set, error) {
	if err := center.Check(); err != nil {
		return Set{}, err
	}
	if err := CheckResolution(res); err != nil {
		return Set{}, err
	}
	if math.IsNaN(km) || math.IsInf(km, 0) || km <= 0 {
		return Set{}, fmt.Errorf("a radius of %g km is no circle: want more than 0", km)
	}
	if km > halfway {
		return Set{}, fmt.Errorf("a radius of %g km is more than halfway round the earth: "+
			"the unit is kilometres, is this one metres?", km)
	}
	set := fill(circle{center: center.Vec(), radius: km * 1000 / earthRadius}, res)
	if set.Empty() {
		return Set{}, fmt.Errorf("no cell of resolution %d has its centre within %g km of %v: "+
			"use a radius of at least %.2g km, or a finer resolution",
			res, km, center, spacing(res)*earthRadius/1000)
	}
	return set, nil
}

// halfway is half the earth's circumference in kilometres, rounded up.
const halfway = 20016

// circle is a cap of the sphere; radius is an angle in radians. It holds the
// cells whose centre it holds.
type circle struct {
	center Vec
	radius float64
}

func (k circle) around(center Point, radius float64) (shape, relation) {
	// A hair's breadth (a few micrometres) is left to holds, so that rounding
	// never decides here.
	const hair = 1e-12
	switch angle := k.center.angle(center.Vec()); {
	case angle > k.radius+radius+hair:
		return k, apart
	case angle+radius+hair < k.radius:
		return k, whole
	}
	return k, mixed
}

func (k circle) holds(_ Cell, center Point) bool {
	return k.center.angle(center.Vec()) <= k.radius
}
