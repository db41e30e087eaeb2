package config

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// holidays reads the lists of days that regions refer to.
func (l *loader) holidays(v value) []entry {
	if v.absent() {
		return nil
	}
	entries := v.byID("{fi: [2026-12-06, 2026-12-24..2026-12-26]}", "")
	for _, e := range entries {
		l.holidayRuns[e.name] = readAll(e.some("[2026-12-06, 2026-12-24..2026-12-26]"), dates)
	}
	return entries
}

func (l *loader) regions(v value, holidays []entry) []entry {
	if v.absent() {
		return nil
	}
	entries := v.byID("{helsinki: {timezone: Europe/Helsinki}}", "")
	for _, e := range entries {
		m := e.mapping("{timezone: Europe/Helsinki, holidays: fi}")
		zone, _ := read(m.need("timezone", "timezone: Europe/Helsinki"), timezone)
		id, _ := read(m.get("holidays"), l.reference(kindHolidays, names(holidays)))
		m.done()
		l.config.Regions = append(l.config.Regions, Region{ID: e.name, Zone: zone, Holidays: lanes.NewDateSet(l.holidayRuns[id]...)})
	}
	return entries
}

// timezone is an IANA name. Local is none: it is another one on each machine.
var timezone = field[*time.Location]{what: "a time zone", hint: "an IANA name, such as Europe/Helsinki or America/New_York",
	parse: func(text string) (*time.Location, error) {
		zone, err := time.LoadLocation(text)
		if err != nil || text == "" || text == "Local" {
			return nil, &problem{message: "there is no such zone"}
		}
		return zone, nil
	}}

// regionOf reads a reference to a region.
func (l *loader) regionOf(m *mapping) (Region, bool) {
	var ids []string
	for _, r := range l.config.Regions {
		ids = append(ids, r.ID)
	}
	id, ok := read(m.need("region", "region: "+first(ids, "ID")), l.reference(kindRegion, ids))
	if !ok {
		return Region{}, false
	}
	for _, r := range l.config.Regions {
		if r.ID == id {
			return r, true
		}
	}
	return Region{}, false
}

// gazetteers reads where postcodes are.
func (l *loader) gazetteers(v value) {
	if v.absent() {
		return
	}
	const hint = "{gazetteers: [{country: FI, file: gazetteer/FI.tsv}]}"
	m := v.mapping(hint)
	list := m.get("gazetteers")
	m.done()
	if list.absent() {
		return
	}
	for _, item := range list.list("[{country: FI, file: gazetteer/FI.tsv}]") {
		g := item.mapping("{country: FI, file: gazetteer/FI.tsv}")
		where := g.need("country", "country: FI")
		code, known := read(where, country)
		from := g.need("file", "the file in the layout of GeoNames' postal files, plain or .gz")
		name, ok := read(from, text("a file"))
		g.done()
		if known && l.config.Gazetteers[code] != nil {
			where.fail(CodeDuplicate, "put both files into one", "%s has a gazetteer already", code)
			continue
		}
		if known && ok {
			l.gazetteer(from, code, name)
		}
	}
}

func (l *loader) gazetteer(v value, code, name string) {
	data, ok := l.open(v, name)
	if !ok {
		return
	}
	g, err := geo.LoadGazetteer(bytes.NewReader(data), code)
	if err != nil {
		v.fail(CodeFile, "the layout is that of GeoNames' postal files: 12 columns, tabs between them", "%s: %v", name, err)
		return
	}
	l.config.Gazetteers[code] = g
}

// country is an ISO 3166-1 code. NO is one.
var country = field[string]{what: "a country", hint: "an ISO 3166-1 code in capitals, such as FI", parse: func(text string) (string, error) {
	code, err := geo.ParseCountry(text)
	if err != nil {
		return "", err
	}
	if code != text {
		return "", &problem{message: "it is not in capitals", hint: fmt.Sprintf("write %s", code)}
	}
	return code, nil
}}

// at reads coordinates: {lat, lng}.
func (l *loader) at(v value, what, region string) (geo.Point, bool) {
	const hint = "{lat: 60.1842, lng: 24.9497}"
	m := v.mapping(hint)
	latAt, lngAt := m.need("lat", hint), m.need("lng", hint)
	m.done()
	degrees := decimal("degrees", "decimal degrees, such as 60.1842", -180, 180)
	lat, okLat := read(latAt, degrees)
	lng, okLng := read(lngAt, degrees)
	if !okLat || !okLng {
		return geo.Point{}, false
	}
	p := geo.Point{Lat: lat, Lng: lng}
	if err := p.Check(); err != nil {
		latAt.fail(CodeRange, swapHint(p), "this is no place on earth: %v", err)
		return geo.Point{}, false
	}
	l.places = append(l.places, place{value: v, what: what, region: region, at: p, vec: p.Vec()})
	return p, true
}

func swapHint(p geo.Point) string {
	return fmt.Sprintf("are lat and lng swapped? {lat: %g, lng: %g}", p.Lng, p.Lat)
}

// first is the first of some names, or a stand-in.
func first(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	return strings.TrimSpace(names[0])
}
