package geo

import (
	"fmt"
	"io"
)

// Polygons is the set of cells of resolution res in polygons of a GeoJSON
// document: a FeatureCollection, a Feature or a bare geometry, of Polygons
// and MultiPolygons. Edges are straight in latitude and longitude.
//
// The selector says which features: "" takes all, "harbour" those with that
// id, or that id or name among their properties, "postcode=00100" those with
// that property. What overlaps is taken once. A selector that finds nothing,
// a polygon that is none, and a result without cells are errors.
func Polygons(r io.Reader, selector string, res int, mode Containment) (Set, error) {
	set, _, err := Cover(r, selector, res, mode)
	return set, err
}

// Cover is Polygons with what became of them.
func Cover(r io.Reader, selector string, res int, mode Containment) (Set, Coverage, error) {
	var coverage Coverage
	if err := CheckResolution(res); err != nil {
		return Set{}, coverage, err
	}
	if err := mode.Check(); err != nil {
		return Set{}, coverage, err
	}
	features, err := selected(r, selector)
	if err != nil {
		return Set{}, coverage, err
	}
	var sets []Set
	for _, f := range features {
		polygons, err := f.geometry.polygons()
		if err != nil {
			return Set{}, coverage, fmt.Errorf("%s: %w", f.title, err)
		}
		for i, p := range polygons {
			set, err := fillPolygon(p, res, mode)
			if err != nil {
				return Set{}, coverage, fmt.Errorf("%s: polygon %d: %w", f.title, i+1, err)
			}
			coverage.add(p, set)
			sets = append(sets, set)
		}
	}
	if all := Union(sets...); !all.Empty() {
		return all, coverage, nil
	}
	return Set{}, coverage, emptyPolygons(res, mode)
}

// selected reads the features that a selector means.
func selected(r io.Reader, selector string) ([]feature, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read GeoJSON: %w", err)
	}
	features, err := readFeatures(data)
	if err != nil {
		return nil, err
	}
	return selectFeatures(features, selector)
}

func emptyPolygons(res int, mode Containment) error {
	advice := "use a finer resolution"
	if mode != Overlapping {
		advice = "use containment overlapping or a finer resolution"
	}
	return fmt.Errorf("the polygon yields no cell at resolution %d with containment %s: %s", res, mode, advice)
}
