package lint

import (
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// way is a lane as orders of one level see it.
type way struct {
	site  *config.Site
	lane  *config.Lane
	level *config.Level
	work  time.Duration // from order to packed, in opening hours, at the least
}

// leastWork is what the quickest goods of a site take: those in stock if it
// has any.
func leastWork(s *config.Site) time.Duration {
	if len(s.Stocks) > 0 || len(s.Makes) == 0 {
		return s.Handling.Time
	}
	least := s.Makes[0].Lead
	for _, c := range s.Makes {
		least = min(least, c.Lead)
	}
	return least + s.Handling.Time
}

// doors is the instant by which goods have to be ready for a departure.
func (w way) doors(leave *lanes.Departure) int64 {
	return leave.Start - int64(w.lane.ClosesBefore.Seconds())
}

// arrival is when a departure has reached its recipients.
func (w way) arrival(leave *lanes.Departure) int64 {
	if w.lane.Kind == config.Blocks {
		return leave.End
	}
	return w.lane.Transit.Arrival(leave.Start, w.site.Calendar, w.level.Promise.By).End
}

// ready reports whether an order placed then is packed by an instant.
func (w way) ready(placed, by int64) bool {
	at, ok := w.site.Calendar.Advance(placed, w.work)
	return ok && at <= by
}

// keeps reports whether an order placed then is promised no more than the
// departure keeps.
func (w way) keeps(placed int64, leave *lanes.Departure) bool {
	cal := w.site.Calendar
	return !w.level.Cutoffs.Missed(placed, cal) && w.arrival(leave) <= w.level.Promise.Deadline(placed, cal)
}

// serves reports whether an order placed then can leave this way and be in
// time.
func (w way) serves(placed int64) bool {
	cal := w.site.Calendar
	ready, ok := cal.Advance(placed, w.work)
	if !ok || w.level.Cutoffs.Missed(placed, cal) {
		return false
	}
	deadline := w.level.Promise.Deadline(placed, cal)
	for d := cal.DateOf(ready); d <= cal.DateOf(deadline); d++ {
		leaves := w.lane.Timetable.On(d)
		for i := range leaves {
			if w.doors(&leaves[i]) >= ready && w.arrival(&leaves[i]) <= deadline {
				return true
			}
		}
	}
	return false
}

// maxAhead is how long before a departure an order for it may be placed: no
// promise is longer.
const maxAhead = config.DispatchDays

// caught reports whether there is any time at which an order for the departure
// can be placed. The later it is placed, the longer its promise runs; on each
// day, the last moment that leaves time enough is tried, from the last day
// back.
func (w way) caught(leave *lanes.Departure) bool {
	cal := w.site.Calendar
	doors := w.doors(leave)
	if morning := cal.At(leave.Date, 0); w.ready(morning, doors) && w.keeps(morning, leave) {
		return true // as a rule it is that simple
	}
	latest, ok := w.latest(doors)
	if !ok {
		return false
	}
	for d := cal.DateOf(latest); d > leave.Date.Add(-maxAhead); d-- {
		placed := min(latest, cal.At(d+1, 0)-1)
		if cutoff, has := w.level.Cutoffs.On(d, cal); has {
			placed = min(placed, cutoff)
		}
		if placed >= cal.At(d, 0) && w.keeps(placed, leave) {
			return true
		}
	}
	return false
}

// latest is the last instant at which an order can be placed that has to be
// packed by doors.
func (w way) latest(doors int64) (int64, bool) {
	if w.work <= 0 {
		return doors, true
	}
	early, late := doors-maxAhead*24*60*60, doors
	if !w.ready(early, doors) {
		return 0, false
	}
	for late-early > 1 {
		if middle := early + (late-early)/2; w.ready(middle, doors) {
			early = middle
		} else {
			late = middle
		}
	}
	return early, true
}
