package router

import (
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

const (
	gazetteersOfPlaces = "geocoding: {gazetteers: [{country: FI, file: FI.tsv}]}"
	geocoderOfPlaces   = "geocoding: {gazetteers: [{country: FI, file: FI.tsv}], " +
		`http: {kind: photon, url: "http://geo", userAgent: test, countries: [FI, NO]}}`
)

func geocodedNetwork(t *testing.T, edits ...string) *Network {
	t.Helper()
	return placesNetwork(t, append([]string{gazetteersOfPlaces, geocoderOfPlaces}, edits...)...)
}

func atStreet(country, postcode string) *event.Order {
	return &event.Order{ShipTo: event.Address{StreetAddress: "Street 1", PostalCode: postcode, AddressCountry: country}}
}

func TestGeocodes(t *testing.T) {
	t.Parallel()
	n := geocodedNetwork(t)
	if !n.Geocodes(atStreet("FI", "00100")) {
		t.Error("an address in a listed country is not asked for")
	}
	for what, o := range map[string]*event.Order{
		"coordinates":     {ShipTo: event.Address{StreetAddress: "Street 1", PostalCode: "00100", AddressCountry: "FI", Geo: &event.Geo{Latitude: 60, Longitude: 25}}},
		"no street":       {ShipTo: event.Address{PostalCode: "00100", AddressCountry: "FI"}},
		"another country": atStreet("SE", "11120"),
	} {
		if n.Geocodes(o) {
			t.Errorf("%s: it is asked for", what)
		}
	}
	if placesNetwork(t).Geocodes(atStreet("FI", "00100")) {
		t.Error("without a geocoder, an address is asked for")
	}
}

// What a geocoder finds counts if it is better than the postcode and can be
// true.
func TestFound(t *testing.T) {
	t.Parallel()
	n := geocodedNetwork(t)
	helsinki, tampere, nuorgam := geo.Point{Lat: 60.1687, Lng: 24.9312}, geo.Point{Lat: 61.498, Lng: 23.76}, geo.Point{Lat: 70.08, Lng: 27.88}
	for _, c := range []struct {
		name      string
		order     *event.Order
		at        geo.Point
		precision geo.Precision
		want      geo.Precision
		source    Source
	}{
		{"a house", atStreet("FI", "00100"), helsinki, geo.PrecisionAddress, geo.PrecisionAddress, SourceGeocoder},
		{"a street", atStreet("FI", "00100"), helsinki, geo.PrecisionStreet, geo.PrecisionStreet, SourceGeocoder},
		{"a postcode that is known", atStreet("FI", "00100"), helsinki, geo.PrecisionPostcode, geo.PrecisionPostcode, SourceGazetteer},
		{"a postcode of which a prefix is known", atStreet("FI", "00199"), helsinki, geo.PrecisionPostcode, geo.PrecisionPostcode, SourceGeocoder},
		{"a house of an unknown postcode", atStreet("FI", "77777"), helsinki, geo.PrecisionAddress, geo.PrecisionAddress, SourceGeocoder},
		{"another town", atStreet("FI", "00100"), tampere, geo.PrecisionAddress, geo.PrecisionPostcode, SourceGazetteer},
		{"a large postcode in the north", atStreet("FI", "99800"), geo.Point{Lat: 69.3, Lng: 27.3}, geo.PrecisionAddress, geo.PrecisionAddress, SourceGeocoder},
		{"too far in the north", atStreet("FI", "99800"), nuorgam, geo.PrecisionAddress, geo.PrecisionPostcode, SourceGazetteer},
		{"another country", atStreet("FI", "77777"), geo.Point{Lat: 41.9, Lng: 12.5}, geo.PrecisionAddress, geo.PrecisionCountry, ""},
		{"swapped", atStreet("FI", "00100"), helsinki.Swapped(), geo.PrecisionAddress, geo.PrecisionPostcode, SourceGazetteer},
		{"a country without a gazetteer", atStreet("NO", "0150"), geo.Point{Lat: 59.91, Lng: 10.74}, geo.PrecisionPostcode, geo.PrecisionPostcode, SourceGeocoder},
		{"no place on earth", atStreet("NO", "0150"), geo.Point{Lat: 91, Lng: 10.74}, geo.PrecisionAddress, geo.PrecisionCountry, ""},
		{"nothing", atStreet("FI", "00100"), geo.Point{}, "", geo.PrecisionPostcode, SourceGazetteer},
		{"nothing of an unknown postcode", atStreet("FI", "77777"), geo.Point{}, "", geo.PrecisionCountry, ""},
	} {
		got := n.Found(c.order, geo.Place{Point: c.at, Precision: c.precision})
		if got.Precision != c.want || got.Source != c.source {
			t.Errorf("%s: got %s by %q, want %s by %q", c.name, got.Precision, got.Source, c.want, c.source)
		}
		if c.source == SourceGeocoder && (got.Cell != cellOf(t, c.at.Lat, c.at.Lng) || got.Point != got.Cell.Center() || got.Doubt != Offered) {
			t.Errorf("%s: got %+v, want the middle of the cell of %v", c.name, got, c.at)
		}
		if c.source != SourceGeocoder {
			known := n.Locate(c.order)
			known.unsteady = true
			if got != known {
				t.Errorf("%s: got %+v, want %+v", c.name, got, known)
			}
		}
	}
}

// Whoever plans a geocoded order from its decision plans with the same place;
// on another grid with the nearest to it.
func TestRelocate(t *testing.T) {
	t.Parallel()
	n, o := geocodedNetwork(t), atStreet("FI", "00100")
	found := n.Found(o, geo.Place{Point: geo.Point{Lat: 60.1687, Lng: 24.9312}, Precision: geo.PrecisionAddress})
	d := &event.Decision{}
	locatedAs(d, found)
	if got := n.Relocate(o, d); got != found {
		t.Errorf("got %+v, want %+v", got, found)
	}
	for res, want := range map[int]geo.Cell{7: found.Cell.Parent(7), 9: found.Cell} {
		got := n.onGrid(t, res).Relocate(o, d)
		if got.Cell != want || got.Source != SourceGeocoder || got.Precision != geo.PrecisionAddress {
			t.Errorf("resolution %d: got %+v, want cell %s", res, got, want)
		}
	}
	if got := n.onGrid(t, 10).Relocate(o, d); got.Cell.Resolution() != 10 || geo.Distance(got.Point, found.Point) > 70 {
		t.Errorf("resolution 10: got %+v, want a cell in the middle of %s", got, found.Cell)
	}
	known := n.Locate(o)
	for what, d := range map[string]*event.Decision{
		"no decision":                 nil,
		"by the gazetteer":            {Cell: d.Cell, Precision: "postcode", LocatedBy: string(SourceGazetteer)},
		"no cell":                     {Precision: "country", LocatedBy: string(SourceGeocoder)},
		"before there was a geocoder": {Cell: d.Cell, Precision: "postcode"},
	} {
		if got := n.Relocate(o, d); got != known {
			t.Errorf("%s: got %+v, want %+v", what, got, known)
		}
	}
}

// onGrid is the network as if its grid were another.
func (n *Network) onGrid(t *testing.T, resolution int) *Network {
	t.Helper()
	return &Network{resolution: resolution, gazetteers: n.gazetteers}
}

// A place that might be another one next time goes along with the hold.
func TestHoldsNameUnsteadyPlaces(t *testing.T) {
	t.Parallel()
	n := geocodedNetwork(t)
	o := atStreet("FI", "00100")
	if got := n.Locate(o).located(); got != nil {
		t.Errorf("got %+v for an order that nobody was asked about, want nothing", got)
	}
	missed := n.Found(o, geo.Place{}).located()
	if missed == nil || missed.By != string(SourceGazetteer) || missed.Precision != "postcode" || missed.Cell == "" {
		t.Errorf("got %+v for an address that was not found, want its postcode's", missed)
	}
}
