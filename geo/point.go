package geo

import (
	"fmt"
	"math"
)

// earthRadius is that of the sphere with the earth's surface, in metres. H3
// measures on the same one.
const earthRadius = 6371007.180918475

// Point is a place on WGS 84, in degrees.
type Point struct {
	Lat, Lng float64
}

// String is "60.17 24.94", latitude first.
func (p Point) String() string { return fmt.Sprintf("%g %g", p.Lat, p.Lng) }

// Check refuses what is no place on earth. H3 does not: it gives latitude 91
// a cell.
func (p Point) Check() error {
	switch {
	case math.IsNaN(p.Lat) || math.IsInf(p.Lat, 0):
		return fmt.Errorf("latitude %g is not a number of degrees", p.Lat)
	case math.IsNaN(p.Lng) || math.IsInf(p.Lng, 0):
		return fmt.Errorf("longitude %g is not a number of degrees", p.Lng)
	case math.Abs(p.Lat) > 90 && math.Abs(p.Lat) <= 180 && math.Abs(p.Lng) <= 90:
		return fmt.Errorf("latitude %g is not between -90 and 90: are latitude and longitude (%g) swapped?", p.Lat, p.Lng)
	case math.Abs(p.Lat) > 90:
		return fmt.Errorf("latitude %g is not between -90 and 90", p.Lat)
	case math.Abs(p.Lng) > 180:
		return fmt.Errorf("longitude %g is not between -180 and 180", p.Lng)
	}
	return nil
}

// Swapped is the point with latitude and longitude exchanged, which need not
// be a place on earth.
func (p Point) Swapped() Point { return Point{Lat: p.Lng, Lng: p.Lat} }

// Distance is the great-circle distance in metres.
func Distance(a, b Point) float64 { return a.Vec().Distance(b.Vec()) }

// Vec is a point as a unit vector from the centre of the earth. It costs two
// sines and cosines to make and hardly anything to compare, so keep it with
// whatever is compared often.
type Vec struct {
	X, Y, Z float64
}

// Vec returns p as a unit vector.
func (p Point) Vec() Vec {
	sinLat, cosLat := math.Sincos(radians(p.Lat))
	sinLng, cosLng := math.Sincos(radians(p.Lng))
	return Vec{X: cosLat * cosLng, Y: cosLat * sinLng, Z: sinLat}
}

// Distance is the great-circle distance in metres, by the chord between the
// two points: exact to well under a millimetre for neighbours, where the
// cosine rule would lose everything.
func (v Vec) Distance(w Vec) float64 { return v.angle(w) * earthRadius }

// angle is the great-circle distance in radians.
func (v Vec) angle(w Vec) float64 {
	x, y, z := v.X-w.X, v.Y-w.Y, v.Z-w.Z
	half := math.Sqrt(x*x+y*y+z*z) / 2
	if half < nearHalf {
		// The series of the arcsine: what it leaves out is below 1e-15, and
		// planning asks for the distance of every site.
		h2 := half * half
		return 2 * half * (1 + h2*(1.0/6+h2*(3.0/40)))
	}
	return 2 * math.Asin(min(1, half))
}

// nearHalf is half the chord of about 130 km, in earth radii.
const nearHalf = 0.01

// point is the place that v, of any length but zero, points to.
func (v Vec) point() Point {
	return Point{
		Lat: degrees(math.Atan2(v.Z, math.Hypot(v.X, v.Y))),
		Lng: degrees(math.Atan2(v.Y, v.X)),
	}
}

func radians(deg float64) float64 { return deg * (math.Pi / 180) }
func degrees(rad float64) float64 { return rad * (180 / math.Pi) }
