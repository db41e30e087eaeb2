package config

import (
	"github.com/nearlane/nearlane/lanes"
)

func (l *loader) sites(v value) {
	if v.absent() {
		return
	}
	entries := v.byID("{kallio: {kind: micro_hub, ...}}; examples/helsinki has some to copy", "")
	if len(entries) == 0 && v.isMapping() {
		v.failAtKey(CodeMissing, "examples/helsinki has sites to copy", "a network without a site serves nobody")
	}
	renamed := renamed{kind: "site"}
	for _, e := range entries {
		l.config.Sites = append(l.config.Sites, l.site(e, &renamed))
	}
	renamed.check()
}

func (l *loader) site(e entry, renamed *renamed) Site {
	m := e.mapping("{kind: micro_hub, region: ..., at: ..., hours: ..., stocks: [...], lanes: ...}")
	s := Site{ID: e.name, Was: renamed.read(m, e.name, identifier)}
	kind, kindKnown := read(m.need("kind", "kind: micro_hub, or kind: microfactory"), oneOf("a kind of site", string(MicroHub), string(Microfactory)))
	s.Kind = SiteKind(kind)
	region, regionKnown := l.regionOf(m)
	s.Region = region.ID
	atKnown := false
	if at := m.need("at", "at: {lat: 60.1842, lng: 24.9497}"); !at.absent() {
		s.At, atKnown = l.at(at, "site "+e.name, s.Region)
	}
	var hoursKnown bool
	s.Calendar, s.Closed, hoursKnown = l.calendar(m, region)
	s.Handling = l.handling(m.get("handling"))
	if v := m.get("stocks"); !v.absent() {
		s.Stocks = patterns(v.some(`["mug-*", print-a3]`))
	} else if kindKnown && s.Kind == MicroHub {
		m.need("stocks", `a micro_hub holds stock: stocks: ["*"]`)
	}
	if v := m.get("makes"); !v.absent() {
		s.Makes = l.makes(v)
	} else if kindKnown && s.Kind == Microfactory {
		m.need("makes", `a microfactory makes to order: makes: {resin: {skus: ["figure-*"], unitsPerDay: 120, lead: 2h}}`)
	}
	outlet := &outlet{loader: l, site: &s, regionKnown: regionKnown, atKnown: atKnown, hoursKnown: hoursKnown}
	outlet.catchmentAt = m.get("catchment")
	outlet.catchment = outlet.area(outlet.catchmentAt)
	ways := m.get("lanes")
	m.done()
	s.Lanes = outlet.lanes(ways, e.value)
	return s
}

// calendar reads when a site works.
func (l *loader) calendar(m *mapping, region Region) (cal *lanes.Calendar, closed []lanes.Dates, ok bool) {
	open, ok := read(m.need("hours", `hours: "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"`), hours)
	if v := m.get("closed"); !v.absent() {
		closed = readAll(v.list("[2026-12-23, 2027-01-04..2027-01-08]"), dates)
	}
	return &lanes.Calendar{Zone: region.Zone, Holidays: region.Holidays, Hours: open, Closed: lanes.NewDateSet(closed...)}, closed, ok
}

func (l *loader) handling(v value) Handling {
	if v.absent() {
		return Handling{}
	}
	m := v.mapping("{time: 20m, costPerOrder: 0.60}")
	var h Handling
	h.Time, _ = read(m.get("time"), duration)
	h.CostPerOrder, _ = read(m.get("costPerOrder"), l.amount)
	m.done()
	return h
}

// makes reads the production cells of a site.
func (l *loader) makes(v value) []Cell {
	const hint = `{resin: {skus: ["figure-*"], unitsPerDay: 120, lead: 2h}}`
	entries := v.byID(hint, "")
	if len(entries) == 0 && v.isMapping() {
		v.fail(CodeMissing, hint, "there is no cell in it")
	}
	var cells []Cell
	renamed := renamed{kind: "production cell"}
	for _, e := range entries {
		m := e.mapping(`{skus: ["figure-*"], unitsPerDay: 120, lead: 2h, cost: {perUnit: 1.80}}`)
		c := Cell{ID: e.name, Was: renamed.read(m, e.name, identifier)}
		if skus := m.need("skus", `skus: ["figure-*"]`); !skus.absent() {
			c.SKUs = patterns(skus.some(`["figure-*"]`))
		}
		c.UnitsPerDay, _ = read(m.need("unitsPerDay", "unitsPerDay: 120"), whole("a number of units", 1, maxCount))
		c.Lead, _ = read(m.need("lead", "the time from start to finish, in opening hours: lead: 2h"), duration)
		c.CostPerUnit = l.cost(m.get("cost"), "perUnit")
		m.done()
		cells = append(cells, c)
	}
	renamed.check()
	return cells
}

// cost reads {perUnit: 1.80} and the like. What costs nothing needs none.
func (l *loader) cost(v value, per string) int64 {
	if v.absent() {
		return 0
	}
	m := v.mapping("{" + per + ": 1.80}")
	minor, _ := read(m.need(per, per+": 1.80"), l.amount)
	m.done()
	return minor
}

// patterns reads a list of patterns of skus.
func patterns(items []value) []lanes.Pattern { return readAll(items, pattern) }

// maxCount bounds what is counted: parcels, units, compartments.
const maxCount = 1_000_000_000
