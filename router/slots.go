package router

import (
	"cmp"
	"slices"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// SlotInfo is a slot that a day has by the config, whatever is taken from it.
type SlotInfo struct {
	ID         string
	Slot       lanes.Slot // by the names that people know
	Region     string     // its key
	Sites      []string   // whose orders it serves: several where they fill one locker bank
	Limit      int64      // in Slot.Unit
	Start, End time.Time  // local; of a production cell or a locker, the whole day
	Closed     bool       // staff have closed the site or the lane on that day
}

// Slots lists the slots of one local day in every region: departures of lanes,
// production cells of sites that open, and lockers; those of one place stand
// together, departures by start and the rest as the config has them.
func (n *Network) Slots(day lanes.Date) []SlotInfo {
	var list []SlotInfo
	var last *site
	for i := range n.lanes {
		ln := &n.lanes[i]
		if ln.site != last { // lanes are numbered by site
			last = ln.site
			list = last.makes(list, day)
		}
		list = ln.leaves(list, day)
	}
	for i := range n.banks {
		list = n.compartments(list, int32(i), day)
	}
	return list
}

// leaves appends what the lane's departures of the day count.
func (ln *lane) leaves(list []SlotInfo, day lanes.Date) []SlotInfo {
	zone := ln.site.region.cal.Zone
	closed := len(ln.timetable.On(day)) == 0 // a day is closed as a whole
	for _, dep := range cmp.Or(ln.open, ln).timetable.On(day) {
		info := SlotInfo{Closed: closed, Region: ln.site.region.key, Sites: []string{ln.site.id},
			Start: time.Unix(dep.Start, 0).In(zone), End: time.Unix(dep.End, 0).In(zone)}
		slot := lanes.Slot{Kind: lanes.KindLane, Place: ln.site.id, Name: ln.id, Date: day, Start: dep.Wall}
		for _, limit := range [...]struct {
			unit string
			most int64
		}{{lanes.UnitParcels, ln.parcels}, {lanes.UnitGrams, ln.grams}} {
			if limit.most > 0 {
				slot.Unit = limit.unit
				list = append(list, info.of(slot, ln.site.key, ln.key, limit.most))
			}
		}
	}
	return list
}

// makes appends the site's production cells, if it opens that day.
func (s *site) makes(list []SlotInfo, day lanes.Date) []SlotInfo {
	if len(cmp.Or(s.open, s).cal.Open(day)) == 0 {
		return list
	}
	info := SlotInfo{Closed: len(s.cal.Open(day)) == 0, Region: s.region.key, Sites: []string{s.id}}
	info.Start, info.End = s.region.wholeDay(day)
	for i := range s.cells {
		slot := lanes.Slot{Kind: lanes.KindMake, Place: s.id, Name: s.cells[i].id, Date: day, Unit: lanes.UnitUnits}
		list = append(list, info.of(slot, s.key, s.cells[i].key, s.cells[i].unitsPerDay))
	}
	return list
}

// compartments appends the sizes of a locker bank.
func (n *Network) compartments(list []SlotInfo, number int32, day lanes.Date) []SlotInfo {
	b := &n.banks[number]
	info := SlotInfo{Region: b.region.key}
	for i := range n.lanes {
		id := n.lanes[i].site.id
		if slices.Contains(n.lanes[i].banks, number) && !slices.Contains(info.Sites, id) {
			info.Sites = append(info.Sites, id)
		}
	}
	info.Start, info.End = b.region.wholeDay(day)
	for i := range b.sizes {
		slot := lanes.Slot{Kind: lanes.KindLocker, Place: b.id, Name: b.sizes[i].id, Date: day, Unit: lanes.UnitParcels}
		list = append(list, info.of(slot, b.key, b.sizes[i].key, b.sizes[i].count))
	}
	return list
}

// of is the info with a slot, which is kept under the keys of its place and of
// its name, and with its limit filled in.
func (i SlotInfo) of(slot lanes.Slot, place, name string, limit int64) SlotInfo {
	i.Slot, i.Limit = slot, limit
	slot.Place, slot.Name = place, name
	i.ID = slot.String()
	return i
}

func (r *region) wholeDay(day lanes.Date) (start, end time.Time) {
	return time.Unix(r.cal.At(day, 0), 0).In(r.cal.Zone), time.Unix(r.cal.At(day.Add(1), 0), 0).In(r.cal.Zone)
}

// Zones gives the time zone of every region, by its key.
func (n *Network) Zones() map[string]*time.Location {
	zones := make(map[string]*time.Location, len(n.regions))
	for _, r := range n.regions {
		zones[r.key] = r.cal.Zone
	}
	return zones
}

// SiteIDs lists the sites that have a lane, sorted.
func (n *Network) SiteIDs() []string {
	var ids []string
	for i := range n.lanes {
		if id := n.lanes[i].site.id; len(ids) == 0 || ids[len(ids)-1] != id {
			ids = append(ids, id)
		}
	}
	return ids
}
