package router

import (
	"math"
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// places has a lane of each kind of catchment, and a gazetteer of Finland.
const places = `network: places
currency: EUR
defaults: {serviceLevel: soon}
geocoding: {gazetteers: [{country: FI, file: FI.tsv}]}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {soon: {promise: {elapsed: 48h}}}
couriers: {bike: {}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Su 08:00-20:00"
    stocks: ["mug-*"]
    lanes:
      circle: {courier: bike, serviceLevels: [soon], catchment: {withinKm: 3, minus: [{withinKm: 1}]}, blocks: ["Tu 10:00-12:00"], capacity: {parcels: 9}}
      cell: {courier: bike, serviceLevels: [soon], catchment: {cells: [871126d36ffffff]}, blocks: ["Tu 10:00-12:00"], capacity: {parcels: 9}}
      country: {courier: bike, serviceLevels: [soon], catchment: {countries: [EE, FI, NO], minus: [{postcodes: {FI: ["999"]}}]}, blocks: ["Tu 10:00-12:00"], capacity: {parcels: 9}}
      mixed: {courier: bike, serviceLevels: [soon], catchment: {withinKm: 3, postcodes: {FI: ["021"]}}, blocks: ["Tu 10:00-12:00"], capacity: {parcels: 9}}
      prefix: {courier: bike, serviceLevels: [soon], catchment: {postcodes: {FI: ["00", "0212"], GB: ["N1"]}}, blocks: ["Tu 10:00-12:00"], capacity: {parcels: 9}}
`

const gazetteerFI = "FI\t00100\tHelsinki\t\t\t\t\t\t\t60.18\t24.96\t4\n" +
	"FI\t00120\tHelsinki\t\t\t\t\t\t\t60.162\t24.939\t4\n" +
	"FI\t99800\tIvalo\t\t\t\t\t\t\t68.65\t27.54\t4\n" +
	"FI\t33100\tTampere\t\t\t\t\t\t\t61.498\t23.76\t4\n"

func placesNetwork(t *testing.T, edits ...string) *Network {
	t.Helper()
	near := cellOf(t, 60.1825, 24.9735).Parent(7).String()
	yaml := edited(t, places, "871126d36ffffff", near)
	return networkOf(t, map[string]string{"test.yaml": edited(t, yaml, edits...), "FI.tsv": gazetteerFI})
}

func cellOf(t *testing.T, lat, lng float64) geo.Cell {
	t.Helper()
	c, err := geo.CellAt(geo.Point{Lat: lat, Lng: lng}, 9)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLocate(t *testing.T) {
	t.Parallel()
	n := placesNetwork(t)
	point := func(lat, lng float64) *event.Geo { return &event.Geo{Latitude: lat, Longitude: lng} }
	for _, c := range []struct {
		name string
		to   event.Address
		want Place
	}{
		{"coordinates", event.Address{AddressCountry: "FI", Geo: point(60.17, 24.94)},
			Place{Cell: cellOf(t, 60.17, 24.94), Point: geo.Point{Lat: 60.17, Lng: 24.94}, Country: "FI", Precision: geo.PrecisionPoint, Source: SourceOrder}},
		{"coordinates before the postcode", event.Address{AddressCountry: "FI", PostalCode: "99800", Geo: point(60.17, 24.94)},
			Place{Cell: cellOf(t, 60.17, 24.94), Point: geo.Point{Lat: 60.17, Lng: 24.94}, Country: "FI", Postcode: "99800", Precision: geo.PrecisionPoint, Source: SourceOrder}},
		{"postcode", event.Address{AddressCountry: "FI", PostalCode: "fi-00100"},
			Place{Cell: cellOf(t, 60.18, 24.96), Point: geo.Point{Lat: 60.18, Lng: 24.96}, Country: "FI", Postcode: "fi-00100", Precision: geo.PrecisionPostcode, Source: SourceGazetteer}},
		{"unknown postcode", event.Address{AddressCountry: "FI", PostalCode: "77777"},
			Place{Country: "FI", Postcode: "77777", Precision: geo.PrecisionCountry, Doubt: PostcodeUnknown}},
		{"country without a gazetteer", event.Address{AddressCountry: "NO", PostalCode: "0150"},
			Place{Country: "NO", Postcode: "0150", Precision: geo.PrecisionCountry}},
		{"swapped coordinates", event.Address{AddressCountry: "FI", Geo: point(24.94, 60.17)},
			Place{Cell: cellOf(t, 24.94, 60.17), Point: geo.Point{Lat: 24.94, Lng: 60.17}, Country: "FI", Precision: geo.PrecisionPoint, Source: SourceOrder, Doubt: CoordinatesSwapped}},
		{"far from the country, but not swapped", event.Address{AddressCountry: "FI", Geo: point(40, -3)},
			Place{Cell: cellOf(t, 40, -3), Point: geo.Point{Lat: 40, Lng: -3}, Country: "FI", Precision: geo.PrecisionPoint, Source: SourceOrder}},
		{"nothing is known of a country without a gazetteer", event.Address{AddressCountry: "EE", Geo: point(24.75, 59.44)},
			Place{Cell: cellOf(t, 24.75, 59.44), Point: geo.Point{Lat: 24.75, Lng: 59.44}, Country: "EE", Precision: geo.PrecisionPoint, Source: SourceOrder}},
		{"no place on earth", event.Address{AddressCountry: "EE", Geo: point(math.NaN(), 24)},
			Place{Country: "EE", Precision: geo.PrecisionCountry}},
	} {
		got := n.Locate(&event.Order{ShipTo: c.to})
		got.vec = geo.Vec{}
		if got.Precision == geo.PrecisionCountry {
			got.Point = geo.Point{}
		}
		if got != c.want {
			t.Errorf("%s: got %+v, want %+v", c.name, got, c.want)
		}
	}
	got := n.Locate(&event.Order{ShipTo: event.Address{AddressCountry: "FI", PostalCode: "00199"}})
	if got.Precision != geo.PrecisionPrefix || got.Cell == 0 || got.Doubt != Offered {
		t.Errorf("postcode prefix: got %+v, want a cell of precision %s", got, geo.PrecisionPrefix)
	}
}

func TestCatchments(t *testing.T) {
	t.Parallel()
	n := placesNetwork(t)
	point := func(lat, lng float64, country, postcode string) event.Address {
		return event.Address{AddressCountry: country, PostalCode: postcode, Geo: &event.Geo{Latitude: lat, Longitude: lng}}
	}
	for _, c := range []struct {
		name    string
		to      event.Address
		want    []string // candidates, and counts of the rest
		reasons []string
	}{
		{"in the circle, in the cell", point(60.1825, 24.9735, "FI", ""),
			[]string{"hub/cell soon", "hub/circle soon", "hub/country soon", "hub/mixed soon", "1 outside_catchment"}, nil},
		{"in the minus of the circle", point(60.171, 24.941, "SE", ""),
			[]string{"hub/mixed soon", "4 outside_catchment"}, nil},
		{"in the country", point(65, 25.5, "FI", ""), []string{"hub/country soon", "4 outside_catchment"}, nil},
		{"in the minus of the country", event.Address{AddressCountry: "FI", PostalCode: "99910"},
			[]string{"5 outside_catchment"}, []string{"outside_catchment"}},
		{"in a prefix", point(65, 25.5, "FI", "00560"), []string{"hub/country soon", "hub/prefix soon", "3 outside_catchment"}, nil},
		{"in two prefixes", point(65, 25.5, "FI", "02120"), []string{"hub/country soon", "hub/mixed soon", "hub/prefix soon", "2 outside_catchment"}, nil},
		{"in another country's prefix", point(65, 25.5, "SE", "00560"), []string{"5 outside_catchment"}, []string{"outside_catchment"}},
		{"by a postcode's middle", event.Address{AddressCountry: "FI", PostalCode: "00100"},
			[]string{"hub/cell soon", "hub/circle soon", "hub/country soon", "hub/mixed soon", "hub/prefix soon"}, nil},
		{"only the country known", event.Address{AddressCountry: "NO", PostalCode: "0150"},
			[]string{"hub/country soon", "1 outside_catchment", "3 location_too_coarse"}, nil},
		{"an unknown postcode still has a country", event.Address{AddressCountry: "FI", PostalCode: "77777"},
			[]string{"hub/country soon", "1 outside_catchment", "3 location_too_coarse"}, nil},
		{"an unknown postcode still has a prefix", event.Address{AddressCountry: "FI", PostalCode: "0219X"},
			[]string{"hub/country soon", "hub/mixed soon", "1 outside_catchment", "2 location_too_coarse"}, nil},
		{"a prefix of a country without a gazetteer", event.Address{AddressCountry: "GB", PostalCode: "n1 9gu"},
			[]string{"hub/prefix soon", "1 outside_catchment", "3 location_too_coarse"}, nil},
		{"too coarse", event.Address{AddressCountry: "SE", PostalCode: "111 22"},
			[]string{"2 outside_catchment", "3 location_too_coarse"}, []string{"location_too_coarse"}},
		{"swapped", point(24.94, 60.17, "FI", ""), nil, []string{"coordinates_swapped"}},
		{"swapped, as far as catchments tell", point(24.9735, 60.1825, "SE", ""),
			[]string{"5 outside_catchment"}, []string{"coordinates_swapped", "outside_catchment"}},
		{"swapped would be no better", point(65, 25.5, "SE", ""), []string{"5 outside_catchment"}, []string{"outside_catchment"}},
		{"nowhere near, and no point the other way round", point(48, 151, "SE", ""), []string{"5 outside_catchment"}, []string{"outside_catchment"}},
	} {
		o := mugOrder(at("2026-08-04 09:00"))
		o.ShipTo = c.to
		p := plan(n, o, o.PlacedAt)
		options := drain(p)
		equal(t, c.name+": candidates", told(p, MaxCandidates), c.want)
		if c.reasons == nil {
			if len(options) == 0 {
				t.Errorf("%s: no option", c.name)
			}
			continue
		}
		equal(t, c.name+": options", briefs(options), nil)
		equal(t, c.name+": reasons", p.Reasons(), c.reasons)
	}
}

func TestReasonsBesideAnUnknownPostcode(t *testing.T) {
	t.Parallel()
	o := mugOrder(at("2026-08-04 09:00"))
	o.ShipTo = event.Address{AddressCountry: "FI", PostalCode: "77777"}
	o.Lines = []event.Line{line("hat", 1)}
	p := plan(placesNetwork(t), o, o.PlacedAt)
	equal(t, "options", briefs(drain(p)), nil)
	equal(t, "reasons", p.Reasons(), []string{"no_stock", "postcode_unknown"})
}
