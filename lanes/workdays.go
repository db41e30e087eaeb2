package lanes

import "time"

// WorkingDay reports whether d is a weekday from Monday to Friday and no
// holiday. Whether the site is closed or has hours on d does not matter:
// carriers drive on.
func (c *Calendar) WorkingDay(d Date) bool {
	switch d.Weekday() {
	case time.Saturday, time.Sunday:
		return false
	}
	return !c.Holidays.Has(d)
}

// AddWorkingDays returns the nth working day after d, d itself not counted;
// for n of zero or less it is d.
func (c *Calendar) AddWorkingDays(d Date, n int) Date {
	for n > 0 {
		d++
		if c.WorkingDay(d) {
			n--
		}
	}
	return d
}
