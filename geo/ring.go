package geo

import (
	"fmt"
	"math"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// position is a place as GeoJSON writes it: longitude, latitude.
type position [2]float64

// UnmarshalJSONFrom reads a position and passes over an altitude.
func (p *position) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var numbers []float64
	if err := json.UnmarshalDecode(d, &numbers); err != nil {
		return err
	}
	if len(numbers) < 2 {
		return fmt.Errorf("a position is [longitude, latitude], this one has %d numbers", len(numbers))
	}
	copy(p[:], numbers)
	return nil
}

// ringEdges checks a ring and returns its sides.
func ringEdges(ring []position) ([]edge, error) {
	if len(ring) < 4 {
		return nil, fmt.Errorf("it has %d positions: a ring has at least four, the last the same as the first", len(ring))
	}
	for i, p := range ring {
		if err := checkPosition(p); err != nil {
			return nil, fmt.Errorf("position %d: %w", i+1, err)
		}
	}
	first, last := ring[0], ring[len(ring)-1]
	if first != last {
		return nil, fmt.Errorf("it is not closed: the last position is [%g, %g], repeat the first one, [%g, %g], behind it",
			last[0], last[1], first[0], first[1])
	}
	edges := make([]edge, 0, len(ring)-1)
	for i, b := range ring[1:] {
		a := ring[i]
		if math.Abs(a[0]-b[0]) > 180 {
			return nil, fmt.Errorf("positions %d and %d, longitude %g and %g, are more than half the globe apart: "+
				"cut a polygon that crosses the antimeridian there, in two (RFC 7946, section 3.1.9)", i+1, i+2, a[0], b[0])
		}
		if a != b {
			edges = append(edges, edge{a, b})
		}
	}
	return edges, nil
}

// checkPosition is Point.Check with what is likely to be wrong in GeoJSON.
func checkPosition(p position) error {
	lng, lat := p[0], p[1]
	switch err := (Point{Lat: lat, Lng: lng}).Check(); {
	case err == nil:
		return nil
	case math.Abs(lng) > 360 || math.Abs(lat) > 360:
		return fmt.Errorf("[%g, %g] are not degrees: the file is in a projected coordinate system, "+
			"convert it to WGS 84 (EPSG:4326)", lng, lat)
	case math.Abs(lat) > 90 && math.Abs(lng) <= 90 && math.Abs(lat) <= 180:
		return fmt.Errorf("[%g, %g] has latitude %g: GeoJSON wants longitude first, is it the other way round here?", lng, lat, lat)
	default:
		return fmt.Errorf("[%g, %g]: %w", lng, lat, err)
	}
}
