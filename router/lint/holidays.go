package lint

import (
	"fmt"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// aheadDays is how long before a list of holidays ends somebody should know.
const aheadDays = 30

// holidays reports lists that end, and days of years gone by.
func (l *linter) holidays() {
	today := l.today(time.UTC)
	year := lanes.DateIn(time.Unix(l.now, 0).UTC().Year(), time.January, 1)
	for _, list := range l.c.Holidays {
		path := "$.holidays." + list.ID
		last, old := lanes.Date(0), []int{}
		for i, run := range list.Days {
			last = max(last, run.To)
			if run.To < year {
				old = append(old, i)
			}
		}
		if last < today.Add(aheadDays) {
			l.report(path, HolidaysEnd, "add the days of the coming year",
				"the holidays %q end with %v: from then on, every day is an ordinary one", list.ID, last)
		}
		if len(old) > 0 {
			l.report(item(path, old[0]), PastHoliday, "delete the days of past years", "%s", pastHolidays(list.Days, old))
		}
	}
}

func pastHolidays(days []lanes.Dates, old []int) string {
	if len(old) == 1 {
		return fmt.Sprintf("%v is of a year gone by", days[old[0]])
	}
	return fmt.Sprintf("%v and %d more are of years gone by", days[old[0]], len(old)-1)
}

// item is the path of an item of a list.
func item(path string, i int) string { return fmt.Sprintf("%s[%d]", path, i) }
