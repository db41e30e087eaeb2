package geo

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

type jsonFeature struct {
	ID         any            `json:"id"`
	Properties map[string]any `json:"properties"`
	Geometry   *geometry      `json:"geometry"`
}

type geometry struct {
	Type        string         `json:"type"`
	Coordinates jsontext.Value `json:"coordinates"`
}

// feature is a feature as far as a set of cells needs it.
type feature struct {
	title    string // for errors
	names    []string
	values   map[string]string // properties that are text or numbers
	geometry *geometry
}

// readFeatures reads a document of any GeoJSON type as features.
func readFeatures(data []byte) ([]feature, error) {
	lax := json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var kind struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &kind, lax); err != nil {
		return nil, fmt.Errorf("read GeoJSON: %w", err)
	}
	switch kind.Type {
	case "FeatureCollection":
		var collection struct {
			Features []jsonFeature `json:"features"`
		}
		if err := json.Unmarshal(data, &collection, lax); err != nil {
			return nil, fmt.Errorf("read FeatureCollection: %w", err)
		}
		features := make([]feature, len(collection.Features))
		for i, f := range collection.Features {
			features[i] = newFeature(f, fmt.Sprintf("feature %d", i+1))
		}
		return features, nil
	case "Feature":
		var f jsonFeature
		if err := json.Unmarshal(data, &f, lax); err != nil {
			return nil, fmt.Errorf("read Feature: %w", err)
		}
		return []feature{newFeature(f, "the feature")}, nil
	case "":
		return nil, errors.New(`not GeoJSON: there is no member "type"`)
	}
	var g geometry
	if err := json.Unmarshal(data, &g, lax); err != nil {
		return nil, fmt.Errorf("read %s: %w", kind.Type, err)
	}
	return []feature{{title: "the geometry", geometry: &g}}, nil
}

func newFeature(f jsonFeature, title string) feature {
	out := feature{title: title, geometry: f.Geometry, values: map[string]string{}}
	for key, value := range f.Properties {
		if text := scalar(value); text != "" {
			out.values[key] = text
		}
	}
	if id := scalar(f.ID); id != "" {
		out.names = append(out.names, id)
	}
	for _, key := range []string{"id", "name"} {
		if name := out.values[key]; name != "" {
			out.names = append(out.names, name)
		}
	}
	if len(out.names) > 0 {
		out.title += fmt.Sprintf(" (%s)", strings.Join(out.names, ", "))
	}
	return out
}

// scalar is the text of a JSON string or number, and "" of anything else.
func scalar(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}

// polygons returns the rings of each polygon of a geometry.
func (g *geometry) polygons() ([][][]position, error) {
	if g == nil {
		return nil, errors.New("it has no geometry")
	}
	var polygons [][][]position
	switch g.Type {
	case "Polygon":
		polygons = make([][][]position, 1)
		if err := json.Unmarshal(g.Coordinates, &polygons[0]); err != nil {
			return nil, fmt.Errorf("read coordinates of Polygon: %w", err)
		}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Coordinates, &polygons); err != nil {
			return nil, fmt.Errorf("read coordinates of MultiPolygon: %w", err)
		}
	default:
		return nil, fmt.Errorf("its geometry is a %s, and only a Polygon or a MultiPolygon has an inside", g.Type)
	}
	return polygons, nil
}
