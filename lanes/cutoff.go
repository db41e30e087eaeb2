package lanes

// Cutoff is the last time at which an order placed on one of Days still
// counts for that day.
type Cutoff struct {
	Days Weekdays
	At   Clock
}

// ParseCutoff reads "Mo-Fr 17:00"; without days it is every day.
func ParseCutoff(text string) (Cutoff, error) {
	days, clock, err := parseMoment(text, "cut-off")
	return Cutoff{Days: days, At: clock}, err
}

// String returns what [ParseCutoff] reads.
func (c Cutoff) String() string { return c.Days.String() + " " + c.At.String() }

// Cutoffs are the cut-offs of a service level, at most one a weekday. Without
// any, the level has none to miss; with some, a day that none of them lists
// is past its cut-off from the start.
type Cutoffs []Cutoff

// On returns the cut-off of the day at the site of cal, if the day has one.
func (cs Cutoffs) On(d Date, cal *Calendar) (int64, bool) {
	weekday := d.Weekday()
	for _, c := range cs {
		if c.Days.Has(weekday) {
			return cal.At(d, c.At), true
		}
	}
	return 0, false
}

// Missed reports whether an order placed at that instant is past the cut-off
// of its local day at the site of cal. At the very cut-off it is in time.
func (cs Cutoffs) Missed(placedAt int64, cal *Calendar) bool {
	if len(cs) == 0 {
		return false
	}
	cutoff, ok := cs.On(cal.DateOf(placedAt), cal)
	return !ok || placedAt > cutoff
}
