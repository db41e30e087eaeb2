package lint

import (
	"strings"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// shut reports a site that is not open on any of the next days.
func (l *linter) shut(s *config.Site, path string) bool {
	today := l.today(s.Calendar.Zone)
	for d := today; d < today.Add(soonDays); d++ {
		if len(s.Calendar.Open(d)) > 0 {
			return false
		}
	}
	at := path + ".hours"
	if len(s.Closed) > 0 && len((&lanes.Calendar{Zone: s.Calendar.Zone, Holidays: s.Calendar.Holidays, Hours: s.Calendar.Hours}).Open(today)) > 0 {
		at = path + ".closed"
	}
	l.report(at, Shut, "check hours, closed days and holidays, or delete the site",
		"site %q is not open on any of the next %d days", s.ID, soonDays)
	return true
}

// closed reports closed days that are over, and holidays that the hours do not
// know of.
func (l *linter) closed(s *config.Site, path string) {
	over := l.today(s.Calendar.Zone).Add(-config.OrdersDays)
	for i, run := range s.Closed {
		if run.To < over {
			l.report(item(path+".closed", i), PastClosed, "delete it", "%v is over", run)
		}
	}
	hours := s.Calendar.Hours.String()
	if list := l.listOf(s.Region); list != "" && hours != "24/7" && !strings.Contains(hours, "PH") {
		l.report(path+".hours", HolidaysIgnored, `add "; PH off", or the hours of public holidays`,
			"site %q is open on public holidays as on any other day: its hours do not mention PH", s.ID)
	}
}

// listOf is the list of holidays of a region.
func (l *linter) listOf(region string) string {
	for _, r := range l.c.Regions {
		if r.ID == region {
			return r.List
		}
	}
	return ""
}

// cells reports production that is never done in time.
func (l *linter) cells(s *config.Site, path string) {
	least := leastWork(s)
	for _, c := range s.Makes {
		if work := c.Lead + s.Handling.Time; work > least && l.leavesAfter(s, least) && !l.leavesAfter(s, work) {
			l.report(path+".makes."+c.ID+".lead", MadeTooLate, "shorten the lead, or give the site a lane with a longer promise",
				"what %q makes is never ready in time for any lane of the site: %s of lead and %s of handling, in opening hours",
				c.ID, lanes.FormatDuration(c.Lead), lanes.FormatDuration(s.Handling.Time))
		}
	}
}

// leavesAfter reports whether any lane of the site leaves in time for an order
// that takes so much work.
func (l *linter) leavesAfter(s *config.Site, work time.Duration) bool {
	today := l.today(s.Calendar.Zone)
	for i := range s.Lanes {
		n := &s.Lanes[i]
		for _, id := range n.Levels {
			w := way{site: s, lane: n, level: l.level(id), work: work}
			for d := today; d < today.Add(weeksDays); d++ {
				leaves := n.Timetable.On(d)
				for j := range leaves {
					if w.caught(&leaves[j]) {
						return true
					}
				}
			}
		}
	}
	return false
}
