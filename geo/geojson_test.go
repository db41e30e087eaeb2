package geo

import (
	"strings"
	"testing"
)

const districts = `{"type":"FeatureCollection","features":[
 {"type":"Feature","id":"harbour","properties":{"postcode":"00100","kind":"port"},"geometry":
  {"type":"Polygon","coordinates":[[[24.90,60.15],[24.95,60.15],[24.95,60.17],[24.90,60.17],[24.90,60.15]],
                                   [[24.92,60.155],[24.93,60.155],[24.93,60.165],[24.92,60.165],[24.92,60.155]]]}},
 {"type":"Feature","id":7,"properties":{"name":"islands","postcode":"00200","kind":"port"},"geometry":
  {"type":"MultiPolygon","coordinates":[[[[24.98,60.14,3],[24.99,60.14,3],[24.99,60.15,3],[24.98,60.14,3]]],
                                        [[[25.00,60.14],[25.02,60.14],[25.02,60.15],[25.00,60.14]]]]}},
 {"type":"Feature","properties":{"name":"mast"},"geometry":{"type":"Point","coordinates":[24.9,60.1]}},
 {"type":"Feature","properties":{"name":"nowhere"},"geometry":null}]}`

func TestPolygonsSelects(t *testing.T) {
	t.Parallel()
	set := func(selector string) Set {
		s, err := Polygons(strings.NewReader(districts), selector, 9, Center)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	harbour, islands := set("harbour"), set("islands")
	for selector, want := range map[string]Set{
		"7": islands, "postcode=00100": harbour, "postcode=00200": islands, "kind=port": Union(harbour, islands),
	} {
		if got := set(selector); !got.Equal(want) {
			t.Errorf("features %q: got %d cells, want %d", selector, got.Count(), want.Count())
		}
	}
	for p, want := range map[Point]bool{
		{60.152, 24.91}: true, {60.160, 24.925}: false, {60.168, 24.945}: true, {60.18, 24.91}: false,
	} {
		if got := harbour.Contains(mustCell(t, p, 9)); got != want {
			t.Errorf("harbour holds %v: got %v, want %v", p, got, want)
		}
	}
}

func TestPolygonsErrors(t *testing.T) {
	t.Parallel()
	ring := func(positions string) string {
		return `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[` + positions + `]]}}`
	}
	for _, test := range []struct {
		text, selector string
		mode           Containment
		want           string
	}{
		{districts, "habour", Center, `no feature has the id or name "habour": did you mean "harbour"?`},
		{districts, "zzz", Center, "there is 7, harbour, islands, mast, nowhere"},
		{districts, "00100", Center, `but one has it as its property "postcode": write "postcode=00100"`},
		{districts, "postcode=00300", Center, `no feature has "00300" as its property "postcode": did you mean "00100"?`},
		{districts, "postkode=00100", Center, `no feature has a property "postkode": did you mean "postcode"?`},
		{districts, "mast", Center, "feature 3 (mast): its geometry is a Point"},
		{districts, "nowhere", Center, "feature 4 (nowhere): it has no geometry"},
		{`{"type":"FeatureCollection","features":[]}`, "", Center, "the FeatureCollection is empty"},
		{ring("[24,60],[25,60],[25,61]"), "", Center, "ring 1: it has 3 positions"},
		{ring("[24,60],[25,60],[25,61],[24,61]"), "", Center, "it is not closed: the last position is [24, 61], repeat the first one, [24, 60]"},
		{ring("[60,124],[61,124],[61,125],[60,124]"), "", Center, "GeoJSON wants longitude first"},
		{ring("[385000,6672000],[385001,6672000],[385001,6672001],[385000,6672000]"), "", Center, "convert it to WGS 84 (EPSG:4326)"},
		{ring("[179,-17],[-179,-17],[-179,-16],[179,-17]"), "", Center, "cut a polygon that crosses the antimeridian there"},
		{ring("[24,60],[24.0001,60],[24.0001,60.0001],[24,60]"), "", Center,
			"no cell at resolution 9 with containment center: use containment overlapping or a finer resolution"},
		{ring("[24,60],[25,60],[25],[24,60]"), "", Center, "this one has 1 numbers"},
		{`{"type":"Polygon","coordinates":[]}`, "", Center, "has no rings"},
		{`{"type":"GeometryCollection","geometries":[]}`, "", Center, "its geometry is a GeometryCollection"},
		{`{"type":"Polygon","coordinates":"?"}`, "", Center, "read coordinates of Polygon"},
		{`{"kind":"x"}`, "", Center, `there is no member "type"`},
		{`type: x`, "", Center, "read GeoJSON"},
		{districts, "harbour", "centre", `containment "centre" is none of center, full, overlapping`},
	} {
		_, err := Polygons(strings.NewReader(test.text), test.selector, 9, test.mode)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("polygons %q of %.60s: got %v, want %q", test.selector, test.text, err, test.want)
		}
	}
}

func TestTinyPolygonOverlaps(t *testing.T) {
	t.Parallel()
	const tiny = `{"type":"Polygon","coordinates":[[[24,60],[24.0001,60],[24.0001,60.0001],[24,60]]]}`
	s, err := Polygons(strings.NewReader(tiny), "", 9, Overlapping)
	if err != nil {
		t.Fatal(err)
	}
	if c := mustCell(t, Point{60, 24}, 9); !s.Contains(c) || s.Count() > 2 {
		t.Errorf("got %v, want %v and hardly more", s, c)
	}
}
