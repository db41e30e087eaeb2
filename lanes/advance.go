package lanes

import "time"

// lookAhead is how many days a calendar is searched for opening hours.
const lookAhead = 400

// Advance returns the instant at which d of opening time has passed since
// from: the earliest t such that the site is open for d, in whole seconds,
// between from and t. With d of zero or less that is from itself, open or not.
// It reports false if the site is not open for so long within 400 days.
func (c *Calendar) Advance(from int64, d time.Duration) (int64, bool) {
	left := wholeSeconds(d)
	if left <= 0 {
		return from, true
	}
	if from < minInstant || from > maxInstant {
		return 0, false
	}
	date := c.DateOf(from)
	for range lookAhead {
		for _, s := range c.Open(date) {
			room := s.End - max(s.Start, from)
			if room <= 0 {
				continue
			}
			if left <= room {
				return s.End - room + left, true
			}
			left -= room
		}
		date++
	}
	return 0, false
}

// NextOpen returns the first instant at or after t at which the site is open.
// It reports false if there is none within 400 days.
func (c *Calendar) NextOpen(t int64) (int64, bool) {
	if t < minInstant || t > maxInstant {
		return 0, false
	}
	date := c.DateOf(t)
	for range lookAhead {
		for _, s := range c.Open(date) {
			if s.End > t {
				return max(s.Start, t), true
			}
		}
		date++
	}
	return 0, false
}

// wholeSeconds returns d in seconds, rounded up.
func wholeSeconds(d time.Duration) int64 {
	s := int64(d / time.Second)
	if d%time.Second > 0 {
		s++
	}
	return s
}
