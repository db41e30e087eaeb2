package geocode

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/nearlane/nearlane/geo"
)

// kampinkuja is the address that the answers in testdata are about.
var kampinkuja = geo.Address{Street: "Kampinkuja 1", Locality: "Helsinki", Postcode: "00100", Country: "FI"}

var theHouse = geo.Place{Point: geo.Point{Lat: 60.1687219, Lng: 24.9312404}, Precision: geo.PrecisionAddress}

func readAnswer(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBelieve(t *testing.T) {
	t.Parallel()
	street := func(line string) geo.Address { a := kampinkuja; a.Street = line; return a }
	at := func(lat, lng float64, p geo.Precision) geo.Place {
		return geo.Place{Point: geo.Point{Lat: lat, Lng: lng}, Precision: p}
	}
	for _, c := range []struct {
		name    string
		kind    Kind
		file    string
		address geo.Address
		want    geo.Place
		outcome outcome
	}{
		{"a house", Nominatim, "nominatim_house.json", kampinkuja, theHouse, found},
		{"a house, the number first", Nominatim, "nominatim_house.json", street("1 Kampinkuja A 12"), theHouse, found},
		{"another number of the street", Nominatim, "nominatim_house.json", street("Kampinkuja 11"),
			at(60.1687219, 24.9312404, geo.PrecisionStreet), found},
		{"other cities and countries", Nominatim, "nominatim_other_city.json", kampinkuja, geo.Place{}, elsewhere},
		{"the right one among others", Nominatim, "nominatim_mixed.json", kampinkuja, at(60.169, 24.932, geo.PrecisionStreet), found},
		{"a postcode", Nominatim, "nominatim_postcode.json", kampinkuja, at(60.1696, 24.934, geo.PrecisionPostcode), found},
		{"a quarter", Nominatim, "nominatim_city.json", kampinkuja, geo.Place{}, notFound},
		{"nothing", Nominatim, "nominatim_none.json", kampinkuja, geo.Place{}, notFound},
		{"the right one among others", Photon, "photon_house.json", kampinkuja, theHouse, found},
		{"a shop and another number", Photon, "photon_shop.json", kampinkuja, at(60.1689, 24.9318, geo.PrecisionStreet), found},
		{"the other number", Photon, "photon_shop.json", street("Kampinkuja 11 B"), at(60.1691, 24.9322, geo.PrecisionAddress), found},
		{"another country, and none", Photon, "photon_other_country.json", kampinkuja, geo.Place{}, elsewhere},
		{"nothing", Photon, "photon_none.json", kampinkuja, geo.Place{}, notFound},
	} {
		candidates, err := formats[c.kind].decode(readAnswer(t, c.file))
		if err != nil {
			t.Errorf("%s, %s: %v", c.kind, c.name, err)
			continue
		}
		if got, o := believe(c.address, candidates); got != c.want || o != c.outcome {
			t.Errorf("%s, %s: got %v, %s, want %v, %s", c.kind, c.name, got, o, c.want, c.outcome)
		}
	}
}

func TestDecodersRefuse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind Kind
		data string
	}{
		{Nominatim, string(readAnswer(t, "nominatim_error.json"))},
		{Nominatim, "null"}, {Nominatim, ""}, {Nominatim, "<html>"},
		{Nominatim, `[{"lat": "north", "lon": "24"}]`}, {Nominatim, `[{}]`},
		{Photon, "[]"}, {Photon, "null"}, {Photon, `{"type":"Feature"}`},
		{Photon, `{"type":"FeatureCollection","features":[{"geometry":{"type":"Point","coordinates":[24]}}]}`},
		{Photon, `{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[24,60]}}]}`},
	} {
		if got, err := formats[c.kind].decode([]byte(c.data)); err == nil {
			t.Errorf("%s %q: got %v, want an error", c.kind, c.data, got)
		}
	}
}

func TestHouseNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number, street string
		want           bool
	}{
		{"1", "Kampinkuja 1", true},
		{"1", "Kampinkuja 11", false},
		{"11", "Kampinkuja 1", false},
		{"1A", "Kampinkuja 1 a 5", true},
		{"1 B", "Kampinkuja 1A", false},
		{"12", "12-14 High Street", true},
		{"12", "Rue du 8 Mai 1945, 12", true},
		{"", "Kampinkuja 1", false},
		{"٣", "شارع ٣", true},
	} {
		if got := isIn(c.number, c.street); got != c.want {
			t.Errorf("%q in %q: got %v, want %v", c.number, c.street, got, c.want)
		}
	}
}

// FuzzAnswers wants no answer to bring a router down, or to be believed
// without saying that it is in the right country and postcode.
func FuzzAnswers(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.json"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no answers in testdata: %v", err)
	}
	for _, name := range files {
		f.Add(readAnswer(f, filepath.Base(name)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for kind, format := range formats {
			candidates, err := format.decode(data)
			if err != nil && candidates != nil {
				t.Errorf("%s: got %v with the error %v", kind, candidates, err)
			}
			place, o := believe(kampinkuja, candidates)
			if (o == found) != (place != geo.Place{}) {
				t.Fatalf("%s: got %v with outcome %s", kind, place, o)
			}
			if o != found {
				continue
			}
			if err := place.Point.Check(); err != nil {
				t.Errorf("%s: got a place that is none: %v", kind, err)
			}
			if text := encodeValue(place); text == missed {
				t.Errorf("%s: got %v cached as not found", kind, place)
			} else if back, ok := decodeValue(text); !ok || back.Precision != place.Precision {
				t.Errorf("%s: got %v back from %q", kind, back, text)
			}
		}
	})
}
