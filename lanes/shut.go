package lanes

// Shut is the calendar with further days on which the site is closed.
func (c *Calendar) Shut(days ...Dates) *Calendar {
	return &Calendar{Zone: c.Zone, Holidays: c.Holidays, Hours: c.Hours, Closed: c.Closed.with(days)}
}

// At is the timetable at a site with another calendar.
func (t *Timetable) At(cal *Calendar) *Timetable {
	return &Timetable{cal: cal, spans: t.spans, leaves: t.leaves}
}

// with is the set and the days of the runs.
func (s DateSet) with(runs []Dates) DateSet {
	all := append([]Dates(nil), runs...)
	for i := range len(s.bits) * 64 {
		if d := s.first + Date(i); s.Has(d) {
			all = append(all, Dates{d, d})
		}
	}
	return NewDateSet(all...)
}
