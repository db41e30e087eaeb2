package config

import (
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/lanes"
)

// Days that the streams keep messages. A decision has to outlive the order's
// last chance to come again (OrdersDays) and whatever was promised after it.
const (
	OrdersDays   = 14
	DispatchDays = 35
)

// checkHorizon reports levels whose promise, with the dwell of the lockers
// behind it, outlives the journal.
func (l *loader) checkHorizon(levels []entry) {
	const most = DispatchDays - OrdersDays
	for i, e := range levels {
		promised := l.longestDays(l.config.Levels[i].Promise)
		dwell, locker := l.longestDwell(e.name)
		if promised+dwell < most {
			continue
		}
		what := fmt.Sprintf("a promise of up to %d days", promised)
		if dwell > 0 {
			what += fmt.Sprintf(", with a dwell of %d in locker %q,", dwell, locker)
		}
		l.promises[e.name].fail(CodeHorizon, fmt.Sprintf("promise and dwell together must stay under %d days, holidays included", most),
			"%s outlives the journal: it keeps decisions for %d days, and orders may come again for %d", what, DispatchDays, OrdersDays)
	}
}

// longestDays is how many days a promise can take, at most as many as matter.
func (l *loader) longestDays(p lanes.Promise) int {
	switch p.Kind {
	case lanes.SameDay:
		return 1
	case lanes.Elapsed:
		return int((p.Within + day - 1) / day)
	case lanes.WorkingDays:
		longest := worstDays(lanes.Date(0), lanes.Date(7), &lanes.Calendar{}, p.Days)
		for _, runs := range l.holidayRuns {
			calendar := &lanes.Calendar{Holidays: lanes.NewDateSet(runs...)}
			for _, run := range runs {
				longest = max(longest, worstDays(run.From.Add(-DispatchDays), run.To, calendar, p.Days))
			}
		}
		return longest
	}
	return 0
}

// worstDays is the most days that so many working days take when they begin
// after one of the days from..to; it stops counting at DispatchDays.
func worstDays(from, to lanes.Date, calendar *lanes.Calendar, working int) int {
	longest := 0
	for start := from; start <= to && longest < DispatchDays; start++ {
		left, d := working, start
		for left > 0 && d < start.Add(DispatchDays) {
			if d++; calendar.WorkingDay(d) {
				left--
			}
		}
		longest = max(longest, int(d-start)+1)
	}
	return longest
}

// longestDwell is the longest stay in a locker that a lane of the level fills.
func (l *loader) longestDwell(level string) (days int, locker string) {
	dwell := map[string]int{}
	for _, b := range l.config.Lockers {
		dwell[b.ID] = b.DwellDays
	}
	for _, site := range l.config.Sites {
		for _, lane := range site.Lanes {
			if !slices.Contains(lane.Levels, level) {
				continue
			}
			for _, id := range lane.Lockers {
				if dwell[id] > days {
					days, locker = dwell[id], id
				}
			}
		}
	}
	return days, locker
}
