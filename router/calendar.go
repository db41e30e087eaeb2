package router

import (
	"cmp"
	"slices"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// SiteDay is what a site does on one local day by the config.
type SiteDay struct {
	Site, Region string
	Date         lanes.Date
	Zone         *time.Location
	Start, End   time.Time    // local midnights; 23 or 25 hours apart where the clocks change
	Change       *ClockChange // nil: the clocks do not change
	Holiday      bool         // of the region
	Closed       bool         // by the site's own list of closed days
	Open         []LocalSpan
	Cutoffs      []DayCutoff // of the levels that the site's lanes serve, by id
	Departures   []DayDeparture
}

// LocalSpan is a span of time, local.
type LocalSpan struct{ Start, End time.Time }

// ClockChange is when the wall clock is put forward or back.
type ClockChange struct {
	At    time.Time     // the first instant of the new time
	Shift time.Duration // what the wall gains: an hour in spring, minus an hour in autumn
}

// DayCutoff is until when orders count for the day.
type DayCutoff struct {
	Level      string
	At         time.Time   // zero: the level has cut-offs, and none on this day
	Configured lanes.Clock // as the config has it
	Clock      Wall
}

// DayDeparture is a block or collection of the day.
type DayDeparture struct {
	Lane       string
	Collection bool // leaves once: its end is its start
	Start, End time.Time
	Configured lanes.Clock // the start as the config has it
	Clock      Wall
	Shut       bool // the site is not open then: it does not take place
}

// Wall says what a change of the clocks does to a configured time.
type Wall string

const (
	Plain     Wall = ""          // nothing
	Shifted   Wall = "shifted"   // the wall skips it: the first instant after the gap counts
	Ambiguous Wall = "ambiguous" // the wall shows it twice: the first time counts
)

// Calendar lists the days of every site that has a lane, or of one if site is
// not empty: by site, then by day. Days are local.
func (n *Network) Calendar(site string, from lanes.Date, days int) []SiteDay {
	var list []SiteDay
	for i := 0; i < len(n.lanes); {
		s, first := n.lanes[i].site, i
		for i < len(n.lanes) && n.lanes[i].site == s { // lanes are numbered by site
			i++
		}
		if site != "" && site != s.id {
			continue
		}
		for d := from; d < from.Add(days); d++ {
			list = append(list, n.day(s, n.lanes[first:i], d))
		}
	}
	return list
}

// day is one day of a site with these lanes.
func (n *Network) day(s *site, ways []lane, d lanes.Date) SiteDay {
	zone := s.region.cal.Zone
	day := SiteDay{Site: s.id, Region: s.region.id, Date: d, Zone: zone, Holiday: s.cal.Holidays.Has(d), Closed: s.cal.Closed.Has(d)}
	day.Start, day.End = s.region.wholeDay(d)
	day.Change = changeIn(day.Start, day.End)
	for _, o := range s.cal.Open(d) {
		day.Open = append(day.Open, LocalSpan{time.Unix(o.Start, 0).In(zone), time.Unix(o.End, 0).In(zone)})
	}
	var served levelSet
	for i := range ways {
		served |= ways[i].levels
		day.Departures = append(day.Departures, ways[i].on(d)...)
	}
	for _, l := range n.levels {
		if !served.has(l) || len(l.cutoffs) == 0 {
			continue
		}
		cutoff := DayCutoff{Level: l.id}
		if at, ok := l.cutoffs.On(d, s.cal); ok {
			cutoff.At = time.Unix(at, 0).In(zone)
			cutoff.Configured = configured(l.cutoffs, d)
			cutoff.Clock = wallOf(cutoff.At, cutoff.Configured, day.Change)
		}
		day.Cutoffs = append(day.Cutoffs, cutoff)
	}
	return day
}

// on lists what leaves by the lane on a day, and what would were the site open.
func (ln *lane) on(d lanes.Date) []DayDeparture {
	zone := ln.site.region.cal.Zone
	start, end := ln.site.region.wholeDay(d)
	change := changeIn(start, end)
	var list []DayDeparture
	add := func(departures []lanes.Departure, shut bool) {
		for _, dep := range departures {
			one := DayDeparture{Lane: ln.id, Collection: ln.transit != nil, Configured: dep.Wall, Shut: shut,
				Start: time.Unix(dep.Start, 0).In(zone), End: time.Unix(dep.End, 0).In(zone)}
			one.Clock = wallOf(one.Start, dep.Wall, change)
			list = append(list, one)
		}
	}
	add(ln.timetable.On(d), false)
	add(ln.timetable.Shut(d), true)
	slices.SortStableFunc(list, func(a, b DayDeparture) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Configured, b.Configured))
	})
	return list
}

// configured is the day's cut-off as the config has it.
func configured(cutoffs lanes.Cutoffs, d lanes.Date) lanes.Clock {
	for _, c := range cutoffs {
		if c.Days.Has(d.Weekday()) {
			return c.At
		}
	}
	return 0
}

// changeIn is the change of the clocks in [start, end), if there is one: at
// midnight, it belongs to the day that it begins.
func changeIn(start, end time.Time) *ClockChange {
	_, before := start.Add(-time.Second).Zone()
	at := start
	if _, now := start.Zone(); now == before {
		if _, at = start.ZoneBounds(); at.IsZero() || !at.Before(end) {
			return nil
		}
	}
	_, after := at.Zone()
	_, before = at.Add(-time.Second).Zone()
	if after == before { // only the zone's name changes
		return nil
	}
	return &ClockChange{At: at.In(start.Location()), Shift: time.Duration(after-before) * time.Second}
}

// wallOf compares an instant with the wall time that it was configured as.
func wallOf(at time.Time, clock lanes.Clock, change *ClockChange) Wall {
	switch {
	case change == nil:
		return Plain
	case lanes.Clock(at.Hour()*60+at.Minute()) != clock%lanes.EndOfDay:
		return Shifted
	case change.Shift < 0 && at.Before(change.At) && !at.Before(change.At.Add(change.Shift)):
		return Ambiguous
	}
	return Plain
}

// SiteZone is the time zone of a site that has a lane; UTC of any other.
func (n *Network) SiteZone(site string) *time.Location {
	for i := range n.lanes {
		if s := n.lanes[i].site; s.id == site {
			return s.region.cal.Zone
		}
	}
	return time.UTC
}
