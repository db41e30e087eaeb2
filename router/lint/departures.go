package lint

import (
	"fmt"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// Days that are looked at.
const (
	soonDays  = 14  // within which a lane should leave
	weeksDays = 28  // in which everything that can happen has happened,
	yearDays  = 371 // but for hours that change with the season
)

// entry is one block or collection of a lane, and what was seen of it.
type entry struct {
	path   string
	text   string
	days   lanes.Weekdays
	start  lanes.Clock
	leaves lanes.Weekdays // days on which it was seen to leave
	caught []bool         // by level of the lane: an order can catch it
}

func entriesOf(n *config.Lane, path string) []entry {
	var list []entry
	for i, b := range n.Blocks {
		list = append(list, entry{path: fmt.Sprintf("%s.blocks[%d]", path, i), text: b.String(), days: b.Days, start: b.Start})
	}
	for i, c := range n.Collections {
		list = append(list, entry{path: fmt.Sprintf("%s.collections[%d]", path, i), text: c.String(), days: c.Days, start: c.At})
	}
	for i := range list {
		list[i].caught = make([]bool, len(n.Levels))
	}
	return list
}

// departures follows a lane through the days to come.
func (l *linter) departures(s *config.Site, n *config.Lane, path string, shut bool) {
	entries := entriesOf(n, path)
	var ways []way
	for _, id := range n.Levels {
		ways = append(ways, way{site: s, lane: n, level: l.level(id), work: leastWork(s)})
	}
	today := l.today(s.Calendar.Zone)
	first := today.Add(yearDays)
	for d := today; d < today.Add(yearDays) && !settled(entries, d >= today.Add(weeksDays)); d++ {
		leaves := n.Timetable.On(d)
		for i := range leaves {
			watch(entries, ways, &leaves[i])
			first = min(first, d)
		}
	}
	if first == today.Add(yearDays) {
		for _, id := range n.Levels {
			l.never[laneLevel{n, id}] = true // the config has said so
		}
		return
	}
	if first >= today.Add(soonDays) && !shut {
		l.report(path, NoDeparture, "add a block or collection, or delete the lane",
			"lane %q does not leave in the next %d days; the first time is %v", n.ID, soonDays, first)
	}
	l.weekdays(entries)
	l.inTime(n, path, entries)
}

// watch notes that an entry leaves, and who can catch it.
func watch(entries []entry, ways []way, leave *lanes.Departure) {
	weekday := leave.Date.Weekday()
	for i := range entries {
		e := &entries[i]
		if e.start != leave.Wall || !e.days.Has(weekday) {
			continue
		}
		e.leaves |= 1 << weekday
		for k := range ways {
			e.caught[k] = e.caught[k] || ways[k].caught(leave)
		}
	}
}

// settled reports whether nothing is left to be seen; after some weeks, who
// catches what is taken as known.
func settled(entries []entry, known bool) bool {
	for i := range entries {
		e := &entries[i]
		if e.leaves != e.days {
			return false
		}
		for _, caught := range e.caught {
			if !caught && !known {
				return false
			}
		}
	}
	return true
}

// weekdays reports entries that leave on some of their days only. Of those
// that never leave the config has spoken.
func (l *linter) weekdays(entries []entry) {
	for _, e := range entries {
		if missing := e.days &^ e.leaves; missing != 0 && e.leaves != 0 {
			l.report(e.path, ClosedWeekday, fmt.Sprintf("write it for %v alone, or extend the hours", e.leaves),
				"%q never leaves on %v: the site is not open at its start", e.text, missing)
		}
	}
}

// inTime reports levels that the lane never keeps, and entries that nobody can
// use.
func (l *linter) inTime(n *config.Lane, path string, entries []entry) {
	kept := 0
	for k, id := range n.Levels {
		if anyCaught(entries, k) {
			kept++
			continue
		}
		l.never[laneLevel{n, id}] = true
		l.report(fmt.Sprintf("%s.serviceLevels[%d]", path, k), NeverInTime, "take the level off the lane, or let it leave and arrive earlier",
			"no order of %s can go this way: whenever it is placed, it is not ready for a departure that arrives %s",
			id, promised(l.level(id).Promise))
	}
	for _, e := range entries {
		if kept > 0 && e.leaves != 0 && !anyOf(e.caught) {
			l.report(e.path, UselessDeparture, "move it, or delete it",
				"no order can catch %q and be in time for %s", e.text, strings.Join(n.Levels, " or "))
		}
	}
}

func anyCaught(entries []entry, level int) bool {
	for _, e := range entries {
		if e.caught[level] {
			return true
		}
	}
	return false
}

func anyOf(list []bool) bool {
	for _, one := range list {
		if one {
			return true
		}
	}
	return false
}

// promised is a promise in words, behind "arrives".
func promised(p lanes.Promise) string {
	by := ""
	if p.By > 0 {
		by = " by " + p.By.String()
	}
	switch p.Kind {
	case lanes.SameDay:
		return "the same day" + by
	case lanes.Elapsed:
		return "within " + lanes.FormatDuration(p.Within)
	}
	return fmt.Sprintf("within %d working days%s", p.Days, by)
}
