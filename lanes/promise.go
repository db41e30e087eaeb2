package lanes

import "time"

// PromiseKind says how a promise is counted.
type PromiseKind uint8

const (
	SameDay     PromiseKind = iota + 1 // By on the day the order was placed
	Elapsed                            // Within of real time after it was placed
	WorkingDays                        // By on the Days-th working day after that day
)

// Promise is what a service level promises the shopper.
type Promise struct {
	Kind   PromiseKind
	By     Clock         // SameDay, WorkingDays; 0: the end of the day
	Within time.Duration // Elapsed
	Days   int           // WorkingDays
}

// Deadline returns the instant by which an order placed at that instant has
// to arrive, counted in the zone and the holidays of the site of cal. The day
// it was placed on is placedAt's local day there.
func (p Promise) Deadline(placedAt int64, cal *Calendar) int64 {
	switch p.Kind {
	case SameDay:
		return cal.At(cal.DateOf(placedAt), p.By.orEndOfDay())
	case Elapsed:
		return placedAt + int64(p.Within/time.Second)
	case WorkingDays:
		return cal.At(cal.AddWorkingDays(cal.DateOf(placedAt), p.Days), p.By.orEndOfDay())
	}
	panic("lanes: promise of no kind")
}

// Transit is how long a carrier needs, in working days after the local day of
// the departure; the last one counts for the promise.
type Transit struct {
	Min, Max int
	By       Clock // time of arrival; 0: that of the service level
}

// Arrival returns when goods that left at that instant arrive, at the
// earliest and at the latest: from the beginning of the first day of arrival
// to the transit's By on the last one, else by (of the service level), else
// the end of that day. Where that is not after the departure, they arrive on
// the next working day.
func (tr Transit) Arrival(departure int64, cal *Calendar, by Clock) Span {
	if tr.By != 0 {
		by = tr.By
	}
	left := cal.DateOf(departure)
	last := cal.AddWorkingDays(left, tr.Max)
	end := cal.At(last, by.orEndOfDay())
	if end <= departure {
		end = cal.At(cal.AddWorkingDays(last, 1), by.orEndOfDay())
	}
	first := cal.AddWorkingDays(left, min(tr.Min, tr.Max))
	return Span{Start: max(departure, cal.At(first, 0)), End: end}
}

// orEndOfDay reads a time that was not given as the end of the day.
func (c Clock) orEndOfDay() Clock {
	if c == 0 {
		return EndOfDay
	}
	return c
}
