package lanes

import "time"

// Hours says at which times of which days a site is open: a small part of the
// OpenStreetMap opening_hours syntax, see [ParseHours]. The zero value is
// never open. Hours does not change.
type Hours struct {
	text  string
	rules []rule
}

// String returns the hours as they were written.
func (h Hours) String() string { return h.text }

// rule opens (or, without spans, closes) the days it matches.
type rule struct {
	days     Weekdays
	holidays bool // PH
	dates    []yearDays
	spans    []clockSpan
}

// yearDays is a run of days that comes back every year, both ends included.
// It passes New Year where to is before from.
type yearDays struct{ from, to yearDay }

// yearDay is a day of the year, ordered: 32*month + day.
type yearDay int16

func yearDayOf(month time.Month, day int) yearDay { return yearDay(int(month)*32 + day) }

func (y yearDays) has(d yearDay) bool {
	if y.from <= y.to {
		return y.from <= d && d <= y.to
	}
	return d >= y.from || d <= y.to
}

// on returns the times at which d is open, in order. The last rule that
// matches decides.
func (h Hours) on(d Date, holiday bool) []clockSpan {
	for i := len(h.rules) - 1; i >= 0; i-- {
		if h.rules[i].matches(d, holiday) {
			return h.rules[i].spans
		}
	}
	return nil
}

func (r *rule) matches(d Date, holiday bool) bool {
	if r.days.Has(d.Weekday()) || r.holidays && holiday {
		return true
	}
	if len(r.dates) == 0 {
		return false
	}
	_, month, day := d.time().Date()
	return r.hasDate(yearDayOf(month, day))
}

// hasDate reports whether one of the rule's dates is d.
func (r *rule) hasDate(d yearDay) bool {
	for _, y := range r.dates {
		if y.has(d) {
			return true
		}
	}
	return false
}
