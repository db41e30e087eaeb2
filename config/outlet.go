package config

import (
	"slices"
	"time"

	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// outlet reads the lanes of one site.
type outlet struct {
	*loader
	site                 *Site
	regionKnown, atKnown bool // else what depends on them is not judged
	hoursKnown           bool
	catchmentAt          value
	catchment            geo.Area // of lanes that have none of their own
}

func (o *outlet) lanes(v, site value) []Lane {
	var entries []entry
	if !v.absent() {
		entries = v.byID("{bike: {courier: ID, serviceLevels: [...], blocks: [...], capacity: {parcels: 25}}}", "")
	}
	if len(entries) == 0 && (v.absent() || v.isMapping()) {
		site.warn(CodeUnused, "give it a lane, or delete it", "site %q has no lane: nothing leaves it", o.site.ID)
	}
	var lanes []Lane
	renamed := renamed{kind: "lane"}
	for _, e := range entries {
		lanes = append(lanes, o.lane(e, &renamed))
	}
	renamed.check()
	return lanes
}

func (o *outlet) lane(e entry, renamed *renamed) Lane {
	m := e.mapping("{courier: ID, serviceLevels: [...], blocks: [...], capacity: {parcels: 25}}")
	n := Lane{ID: e.name, Was: renamed.read(m, e.name, identifier)}
	n.Courier, _ = read(m.need("courier", "who fetches from here: courier: ID"), o.reference(kindCourier, o.courierIDs()))
	levels := m.need("serviceLevels", "which promises this lane keeps: serviceLevels: [same_day]")
	if !levels.absent() {
		n.Levels = distinct(levels.some("[same_day]"), o.reference(kindLevel, o.levelIDs()))
	}
	n.Area = o.laneArea(m)
	o.departures(m, &n)
	n.ClosesBefore, _ = read(m.get("closesBefore"), duration)
	o.capacity(m.need("capacity", "per block or collection: capacity: {parcels: 25}"), &n)
	n.CostPerParcel = o.cost(m.get("cost"), "perParcel")
	n.Lockers = o.fills(m.get("lockers"))
	m.done()
	return n
}

// departures reads blocks or collections, and what goes with them.
func (o *outlet) departures(m *mapping, n *Lane) {
	blocks, collections, transit := m.get("blocks"), m.get("collections"), m.get("transit")
	switch {
	case !m.isMapping():
	case blocks.absent() && collections.absent():
		m.failAtKey(CodeConflict, `blocks: ["Mo-Sa 10:00-12:00"] for a courier, collections: ["Mo-Fr 17:30"] for a carrier`,
			"a lane has blocks or collections; this one has neither")
	case !blocks.absent() && !collections.absent():
		collections.failAtKey(CodeConflict, "make two lanes of it, or delete one of the two", "a lane has blocks or collections; this one has both")
	case !blocks.absent():
		n.Kind = Blocks
		items := blocks.some(`["Mo-Sa 10:00-12:00"]`)
		list, at := readList(items, block, "two blocks of a day cannot begin at the same time: change one, or raise the capacity")
		n.Blocks, n.Timetable = list, lanes.NewBlocks(o.site.Calendar, list)
		for i := range list {
			o.checkDeparts(at[i], lanes.NewBlocks(o.site.Calendar, list[i:i+1]))
		}
		if !transit.absent() {
			transit.failAtKey(CodeConflict, "delete it: a block delivers by its end", "transit goes with collections alone")
		}
	default:
		n.Kind = Collections
		items := collections.some(`["Mo-Fr 17:30"]`)
		list, at := readList(items, collection, "two collections cannot leave at the same time: change one, or raise the capacity")
		n.Collections, n.Timetable = list, lanes.NewCollections(o.site.Calendar, list)
		for i := range list {
			o.checkDeparts(at[i], lanes.NewCollections(o.site.Calendar, list[i:i+1]))
		}
		n.Transit = o.transit(m.need("transit", "how long the carrier takes: transit: {workingDays: [1, 2]}"))
	}
}

// checkDeparts warns about a block or collection that the site's hours never
// admit, on any day of twelve years: by then, each date has been on each day of
// the week.
func (o *outlet) checkDeparts(v value, t *lanes.Timetable) {
	if !o.hoursKnown {
		return
	}
	for d := lanes.DateIn(2028, time.January, 1); d < lanes.DateIn(2040, time.January, 1); d++ {
		if len(t.On(d)) > 0 {
			return
		}
	}
	v.warn(CodeUnused, "extend the hours, or delete the entry", "site %q is never open then: nothing leaves", o.site.ID)
}

// transit reads {workingDays: [1, 2], by: "17:00"}.
func (o *outlet) transit(v value) lanes.Transit {
	if v.absent() {
		return lanes.Transit{}
	}
	const hint = "[1, 2]: the least and the most"
	m := v.mapping("{workingDays: [1, 2]}")
	var t lanes.Transit
	t.By, _ = read(m.get("by"), clock)
	list := m.need("workingDays", "workingDays: [1, 2]")
	m.done()
	if list.absent() {
		return t
	}
	items := list.list(hint)
	span := readAll(items, whole("a number of working days", 0, 60))
	switch {
	case len(span) < len(items) || items == nil:
	case len(items) != 2:
		list.fail(CodeValue, hint, "working days are two numbers, not %d", len(items))
	case span[0] > span[1]:
		items[1].fail(CodeRange, hint, "the most, %d, is less than the least, %d", span[1], span[0])
	default:
		t.Min, t.Max = int(span[0]), int(span[1])
	}
	return t
}

// capacity reads what one block or collection takes.
func (o *outlet) capacity(v value, n *Lane) {
	if v.absent() {
		return
	}
	const hint = "{parcels: 25}, {grams: 120000} or both, per block or collection"
	m := v.mapping(hint)
	parcels, weight := m.get("parcels"), m.get("grams")
	m.done()
	n.Parcels, _ = read(parcels, whole("a number of parcels", 1, maxCount))
	n.Grams, _ = read(weight, grams)
	if m.isMapping() && parcels.absent() && weight.absent() {
		v.fail(CodeMissing, hint, "a capacity limits parcels, grams or both; this one neither")
	}
}

// fills reads the banks that a lane fills.
func (o *outlet) fills(v value) []string {
	if v.absent() {
		return nil
	}
	items := v.list("[sornainen]")
	filled := distinct(items, o.reference(kindLocker, o.lockerIDs))
	for _, item := range items {
		id, _ := item.text("", "")
		at, known := slices.BinarySearch(o.lockerIDs, id)
		if !known || !o.regionKnown {
			continue
		}
		if region := o.config.Lockers[at].Region; region != "" && region != o.site.Region {
			item.fail(CodeRegion, "fill lockers of the site's own region: what is reserved together must lie in one",
				"the locker %q lies in region %q, site %q in %q", id, region, o.site.ID, o.site.Region)
		}
	}
	return filled
}

func (l *loader) courierIDs() []string {
	ids := make([]string, len(l.config.Couriers))
	for i, c := range l.config.Couriers {
		ids[i] = c.ID
	}
	return ids
}
