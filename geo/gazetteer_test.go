package geo

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"strings"
	"testing"
)

// lines is a file in the GeoNames postal layout, from "code lat lng" each.
func lines(country string, places ...string) string {
	var b strings.Builder
	for _, place := range places {
		var code string
		var lat, lng float64
		fmt.Sscan(place, &code, &lat, &lng)
		fmt.Fprintf(&b, "%s\t%s\tSomewhere\t\t\t\t\t\t\t%g\t%g\t\n", country, strings.ReplaceAll(code, "_", " "), lat, lng)
	}
	return b.String()
}

func load(t testing.TB, country string, places ...string) *Gazetteer {
	t.Helper()
	g, err := LoadGazetteer(strings.NewReader(lines(country, places...)), country)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestGazetteerLookup(t *testing.T) {
	t.Parallel()
	fi := load(t, "FI", "00100 60.17 24.93", "00120 60.16 24.94", "00500 60.18 24.95", "00500 60.20 24.95", "99990 70.04 27.83", "99130 68.02 24.14")
	gb := load(t, "GB", "N1 51.537 -0.098", "N10 51.595 -0.146", "SW1A 51.504 -0.127", "SW1V 51.490 -0.138", "N20 51.63 -0.17", "BT47_2 54.99 -7.30")
	both := Gazetteers{"FI": fi, "GB": gb}
	for _, test := range []struct {
		country, code string
		want          Precision // "": not found
		at            Point
	}{
		{"FI", "00100", PrecisionPostcode, Point{60.17, 24.93}},
		{"fi", "FI-00 100", PrecisionPostcode, Point{60.17, 24.93}},
		{"FI", "00500", PrecisionPostcode, Point{60.19, 24.95}},   // the middle of two
		{"FI", "00105", PrecisionPrefix, Point{60.17, 24.93}},     // 0010: one code
		{"FI", "00199", PrecisionPrefix, Point{60.165, 24.935}},   // 001: two
		{"FI", "00999", PrecisionPrefix, Point{60.1694, 24.9331}}, // 00: the median of three
		{"FI", "99999", PrecisionPrefix, Point{70.04, 27.83}},
		{"FI", "99500", "", Point{}}, // 99 is all of Lapland
		{"FI", "33100", "", Point{}},
		{"FI", "", "", Point{}},
		{"SE", "00100", "", Point{}},
		{"GB", "N1", PrecisionPostcode, Point{51.537, -0.098}},
		{"GB", "n12ab", PrecisionPrefix, Point{51.537, -0.098}}, // its outward code
		{"GB", "N10 2AB", PrecisionPrefix, Point{51.595, -0.146}},
		{"GB", "N12 8AB", "", Point{}}, // not N1
		{"GB", "N2 8AB", "", Point{}},  // not N20
		{"GB", "SW1A 1AA", PrecisionPrefix, Point{51.504, -0.127}},
		{"GB", "SW1E 5JL", PrecisionPrefix, Point{51.497, -0.1325}},
		{"GB", "SW11 1AA", PrecisionPrefix, Point{51.497, -0.1325}}, // the area SW
		{"GB", "BT47 2", PrecisionPostcode, Point{54.99, -7.30}},
	} {
		got, ok := both.Lookup(test.country, test.code)
		if ok != (test.want != "") || got.Precision != test.want {
			t.Errorf("%s %q: got %v, %v; want %q", test.country, test.code, got, ok, test.want)
		} else if ok && Distance(got.Point, test.at) > 10 {
			t.Errorf("%s %q: got %v, want %v", test.country, test.code, got.Point, test.at)
		}
	}
	if place, _ := fi.Lookup("00500"); math.Abs(place.Radius-1112) > 1 {
		t.Errorf("radius of 00500: got %g, want half of two hundredths of a degree, 1112 m", place.Radius)
	}
	if got := fi.Len(); got != 5 {
		t.Errorf("postcodes: got %d, want 5", got)
	}
}

// One place far off neither moves a postcode nor hides a prefix.
func TestGazetteerOutlier(t *testing.T) {
	t.Parallel()
	g := load(t, "FI", "00100 60.17 24.93", "00102 60.17 24.94", "00101 62.15 27.20", "00500 60.18 24.95", "00500 60.18 24.96", "00500 65.01 25.47")
	for _, code := range []string{"00105", "00500"} {
		place, ok := g.Lookup(code)
		if !ok || Distance(place.Point, Point{60.17, 24.94}) > 5000 || place.Radius > 5000 {
			t.Errorf("%s: got %v, %v; want a place in Helsinki", code, place, ok)
		}
	}
}

// Places on both sides of the antimeridian have their middle there, not in
// Greenwich.
func TestGazetteerAtAntimeridian(t *testing.T) {
	t.Parallel()
	g := load(t, "FJ", "0001 -16.8 179.98", "0001 -16.8 -179.98")
	place, ok := g.Lookup("0001")
	if !ok || Distance(place.Point, Point{-16.8, 180}) > 100 {
		t.Errorf("got %v, want -16.8 180", place)
	}
	for p, want := range map[Point]bool{{-16.5, 179}: true, {-16.5, -179}: true, {-16.5, 177}: false, {-16.5, 0}: false} {
		if got := g.Plausible(p); got != want {
			t.Errorf("%v is plausible: got %v, want %v", p, got, want)
		}
	}
}

func TestSwapped(t *testing.T) {
	t.Parallel()
	all := Gazetteers{"FI": load(t, "FI", "00100 60.17 24.93")}
	for _, test := range []struct {
		country   string
		at        Point
		plausible bool
		swapped   bool
	}{
		{"FI", Point{60.4, 25.1}, true, false},
		{"FI", Point{24.93, 60.17}, false, true},
		{"FI", Point{52.5, 13.4}, false, false},
		{"FI", Point{24.93, 160.17}, false, false},
		{"SE", Point{18.1, 59.3}, true, false}, // no gazetteer, nothing known
	} {
		if got := all.PlausibleIn(test.country, test.at); got != test.plausible {
			t.Errorf("%v is plausible in %s: got %v, want %v", test.at, test.country, got, test.plausible)
		}
		if got := all.Swapped(test.country, test.at); got != test.swapped {
			t.Errorf("%v is swapped in %s: got %v, want %v", test.at, test.country, got, test.swapped)
		}
	}
	if err := all.Add("FI", load(t, "FI", "00100 60.17 24.93")); err == nil {
		t.Error("a second gazetteer of a country: got nil, want an error")
	}
}

func TestLoadGazetteerFormats(t *testing.T) {
	t.Parallel()
	plain := lines("FI", "00100 60.17 24.93")
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write([]byte(plain))
	w.Close()
	for name, text := range map[string]string{
		"gzip": zipped.String(), "byte order mark": "\ufeff" + plain, "CRLF": strings.ReplaceAll(plain, "\n", "\r\n"),
		"no last newline": strings.TrimSuffix(plain, "\n"), "empty lines": "\n" + plain + "\n\n", "other countries": lines("SE", "11122 59.3 18.1") + plain,
	} {
		g, err := LoadGazetteer(strings.NewReader(text), "fi")
		if err != nil || g.Len() != 1 {
			t.Errorf("%s: got %v, %v; want one postcode", name, g, err)
		}
	}
}

func TestLoadGazetteerErrors(t *testing.T) {
	t.Parallel()
	good := lines("FI", "00100 60.17 24.93")
	for _, test := range []struct{ country, text, want string }{
		{"FI", "", "the gazetteer has no postcodes"},
		{"FI", lines("SE", "11122 59.3 18.1") + lines("NO", "0150 59.9 10.7"), "no postcodes of FI, only of NO, SE"},
		{"FI", good + "FI\t00120\n", "line 2: it has 2 tab-separated columns, the GeoNames postal layout has 12"},
		{"FI", good + "\n" + strings.ReplaceAll(good, "60.17", "x"), `line 3: latitude "x" in column 10`},
		{"FI", strings.ReplaceAll(good, "24.93", ""), `line 1: longitude "" in column 11`},
		{"FI", strings.ReplaceAll(good, "60.17", "160.17"), "line 1: latitude 160.17 is not between -90 and 90: are latitude and longitude"},
		{"FI", strings.ReplaceAll(good, "00100", "?"), `line 1: postcode "?"`},
		{"FI", "\x1f\x8bno", "read gzip"},
		{"FI", good + strings.Repeat("x", 1<<17), "line 2: read"},
		{"UK", good, `did you mean "GB"?`},
	} {
		if _, err := LoadGazetteer(strings.NewReader(test.text), test.country); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("load %.40q: got %v, want %q", test.text, err, test.want)
		}
	}
}

func FuzzLoadGazetteer(f *testing.F) {
	f.Add(lines("GB", "N1 51.537 -0.098", "SW1A 51.504 -0.127"), "N1 2AB")
	f.Add(lines("GB", "00100 60.17 24.93"), "")
	f.Add("\x1f\x8b", "x")
	f.Fuzz(func(t *testing.T, text, code string) {
		g, err := LoadGazetteer(strings.NewReader(text), "GB")
		if err != nil {
			return
		}
		if place, ok := g.Lookup(code); ok && place.Point.Check() != nil {
			t.Errorf("place of %q: got %v, want a point on earth", code, place)
		}
		for line := range strings.Lines(text) {
			columns := strings.Split(line, "\t")
			if len(columns) < minColumns || columns[0] != "GB" {
				continue
			}
			if place, ok := g.Lookup(columns[1]); !ok || place.Precision != PrecisionPostcode {
				t.Errorf("postcode %q of the file: got %v, %v", columns[1], place, ok)
			}
		}
	})
}
