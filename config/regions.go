package config

import (
	"time"

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
		l.config.Holidays = append(l.config.Holidays, HolidayList{ID: e.name, Days: l.holidayRuns[e.name]})
	}
	return entries
}

func (l *loader) regions(v value, holidays []entry) []entry {
	if v.absent() {
		return nil
	}
	entries := v.byID("{helsinki: {timezone: Europe/Helsinki}}", "")
	renamed := renamed{kind: "region"}
	for _, e := range entries {
		m := e.mapping("{timezone: Europe/Helsinki, holidays: fi}")
		was := renamed.read(m, e.name, identifier)
		zone, _ := read(m.need("timezone", "timezone: Europe/Helsinki"), timezone)
		id, _ := read(m.get("holidays"), l.reference(kindHolidays, names(holidays)))
		m.done()
		l.config.Regions = append(l.config.Regions, Region{ID: e.name, Was: was, Zone: zone, List: id, Holidays: lanes.NewDateSet(l.holidayRuns[id]...)})
	}
	renamed.check()
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

// first is the first of some names, or a stand-in.
func first(names []string, otherwise string) string {
	if len(names) == 0 {
		return otherwise
	}
	return names[0]
}
