package lanes

import "time"

// Span is a half-open span of time, [Start, End), in unix seconds.
type Span struct{ Start, End int64 }

// Calendar says when a site is open. Its exported fields must not change once
// it is in use; then it is safe for concurrent use. A Calendar is used by its
// address and answers for the years 1 to 9999.
type Calendar struct {
	Zone     *time.Location // nil: UTC
	Holidays DateSet        // of the region
	Hours    Hours
	Closed   DateSet // of the site: shut whatever Hours say, yet a working day

	days memo[day]
}

// day is one civil day of a calendar.
type day struct {
	start, end int64 // of the day
	even       bool  // the clocks do not change: a wall time is start and so many minutes
	open       []Span
}

// The instants that a calendar answers for; others are moved to the nearest.
const (
	minInstant = -62135596800 // year 1
	maxInstant = 253402300799 // year 9999
)

// DateOf returns the civil day of the instant t: the day d with
// At(d, 0) <= t < At(d+1, 0).
func (c *Calendar) DateOf(t int64) Date {
	t = min(max(t, minInstant), maxInstant)
	d := Date(floorDiv(t, daySeconds)) // by UTC, at most a day off
	for {
		day := c.day(d)
		switch {
		case t < day.start:
			d--
		case t >= day.end:
			d++
		default:
			return d
		}
	}
}

// At is the function [At] in the calendar's zone.
func (c *Calendar) At(d Date, clock Clock) int64 {
	if day := c.day(d); day.even {
		return day.start + int64(clock)*60
	}
	return At(d, clock, c.Zone)
}

// Open returns the spans in which the site is open on the day, in order and
// apart from each other. The caller must not change them.
func (c *Calendar) Open(d Date) []Span {
	if day := c.days.get(d); day != nil {
		return day.open
	}
	if len(c.wall(d)) == 0 {
		return nil // cheap enough to find out again; long closures need no memory
	}
	return c.day(d).open
}

// OpenAt reports whether the site is open at t.
func (c *Calendar) OpenAt(t int64) bool {
	for _, s := range c.Open(c.DateOf(t)) {
		if s.Start <= t && t < s.End {
			return true
		}
	}
	return false
}

// wall returns the times of day at which the site is open.
func (c *Calendar) wall(d Date) []clockSpan {
	if c.Closed.Has(d) {
		return nil
	}
	return c.Hours.on(d, c.Holidays.Has(d))
}

// day returns the day d, from memory if it is there.
func (c *Calendar) day(d Date) *day {
	if day := c.days.get(d); day != nil {
		return day
	}
	return c.workOut(d)
}

// workOut works the day out and remembers it.
func (c *Calendar) workOut(d Date) *day {
	start, end := At(d, 0, c.Zone), At(d+1, 0, c.Zone)
	return c.days.put(d, day{start: start, end: end, even: c.even(d, start, end), open: c.spans(d)})
}

// spans turns the wall times of the day into spans of time. A clock change
// may leave nothing of one or bring two together.
func (c *Calendar) spans(d Date) []Span {
	wall := c.wall(d)
	if len(wall) == 0 {
		return nil
	}
	spans := make([]Span, 0, len(wall))
	for _, w := range wall {
		s := Span{At(d, w.start, c.Zone), At(d, w.end, c.Zone)}
		switch last := len(spans) - 1; {
		case s.Start == s.End:
		case last >= 0 && spans[last].End == s.Start:
			spans[last].End = s.End
		default:
			spans = append(spans, s)
		}
	}
	return spans
}

// even reports whether one offset holds for all of the day.
func (c *Calendar) even(d Date, start, end int64) bool {
	if c.Zone == nil {
		return true
	}
	offset := offsetAt(start, c.Zone)
	if start+offset != int64(d)*daySeconds || end-start != daySeconds {
		return false
	}
	_, change := time.Unix(start, 0).In(c.Zone).ZoneBounds()
	return change.IsZero() || change.Unix() >= end
}
