package lanes

import (
	"cmp"
	"slices"
	"time"
)

// Departure is one block or collection of a lane on one day.
type Departure struct {
	Start, End int64 // unix seconds; a collection leaves once: its start is its end
	Date       Date
	Wall       Clock // the start as configured: with Date, the identity of the slot
}

// Timetable says when a lane leaves its site. It is safe for concurrent use
// and is used by its address.
type Timetable struct {
	cal    *Calendar
	spans  []departing
	leaves bool // collections: goods may leave at the moment the site closes

	days memo[departures]
}

// departing is a block or collection as configured.
type departing struct {
	days       Weekdays
	start, end Clock
}

// departures of one day.
type departures struct{ open, shut []Departure }

// NewBlocks returns the timetable of a courier's blocks at the site of cal.
func NewBlocks(cal *Calendar, blocks []Block) *Timetable {
	t := &Timetable{cal: cal}
	for _, b := range blocks {
		t.spans = append(t.spans, departing{b.Days, b.Start, b.End})
	}
	return t
}

// NewCollections returns the timetable of a carrier's collections at the site
// of cal.
func NewCollections(cal *Calendar, collections []Collection) *Timetable {
	t := &Timetable{cal: cal, leaves: true}
	for _, c := range collections {
		t.spans = append(t.spans, departing{c.Days, c.At, c.At})
	}
	return t
}

// On returns the departures of the day, by start. Blocks begin while the site
// is open; a collection comes while it is open or at the moment it closes.
// The caller must not change them.
func (t *Timetable) On(d Date) []Departure { return t.day(d).open }

// Shut returns the departures that the day would have, were the site open: it
// is not at their start, or a clock change leaves nothing of the block. The
// caller must not change them.
func (t *Timetable) Shut(d Date) []Departure { return t.day(d).shut }

func (t *Timetable) day(d Date) *departures {
	if day := t.days.get(d); day != nil {
		return day
	}
	return t.workOut(d)
}

// workOut works the day out and remembers it.
func (t *Timetable) workOut(d Date) *departures {
	var day departures
	weekday := d.Weekday()
	for _, s := range t.spans {
		if !s.days.Has(weekday) {
			continue
		}
		dep := Departure{Start: t.cal.At(d, s.start), End: t.cal.At(d, s.end), Date: d, Wall: s.start}
		if t.staffed(dep) {
			day.open = append(day.open, dep)
		} else {
			day.shut = append(day.shut, dep)
		}
	}
	slices.SortStableFunc(day.open, byStart)
	slices.SortStableFunc(day.shut, byStart)
	return t.days.put(d, day)
}

// staffed reports whether the site is there to hand the goods over.
func (t *Timetable) staffed(dep Departure) bool {
	if !t.leaves && dep.Start == dep.End {
		return false
	}
	for _, s := range t.cal.Open(dep.Date) {
		if s.Start <= dep.Start && (dep.Start < s.End || t.leaves && dep.Start == s.End) {
			return true
		}
	}
	return false
}

// Keeps reports whether the timetable has a departure at a time of a day of the
// week, or none at all on that day: whatever the hours and the calendar say of
// it, what was promised of that departure is not sold at another time.
func (t *Timetable) Keeps(day time.Weekday, start Clock) bool {
	others := false
	for _, s := range t.spans {
		if s.days.Has(day) {
			if s.start == start {
				return true
			}
			others = true
		}
	}
	return !others
}

// Moved lists the times of day of departures, in order, that another timetable
// does not keep.
func (t *Timetable) Moved(to *Timetable) (starts []Clock) {
	for _, s := range t.spans {
		for day := time.Sunday; day <= time.Saturday; day++ {
			if s.days.Has(day) && !to.Keeps(day, s.start) && !slices.Contains(starts, s.start) {
				starts = append(starts, s.start)
			}
		}
	}
	slices.Sort(starts)
	return starts
}

func byStart(a, b Departure) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Wall, b.Wall))
}
