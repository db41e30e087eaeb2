package router

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/lanes"
)

// sleepless is the town open around the clock, with a lane that leaves at night.
var sleepless = []string{
	`hours: "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"`, `hours: "24/7"`,
	`cutoff: ["Mo-Fr 17:00", "Sa 14:00"]`, `cutoff: ["Su 03:30"]`,
	`blocks: ["Mo-Sa 10:00-12:00", "Mo-Sa 16:00-18:00", "Mo-Fr 18:00-20:30"]`,
	`blocks: ["Su 02:30-03:30", "Su 03:00-04:00", "Su 03:30-04:30", "Su 04:00-05:00"]`,
	`collections: ["Mo-Fr 17:30"]`, `collections: ["Su 03:15", "Su 17:30"]`,
}

// dayText is a day in short: its length, then every time that is not as usual.
func dayText(d SiteDay) []string {
	list := []string{fmt.Sprintf("%s %g hours", d.Date, d.End.Sub(d.Start).Hours())}
	if c := d.Change; c != nil {
		list = append(list, fmt.Sprintf("clocks %v at %s", c.Shift, c.At.Format("15:04 MST")))
	}
	for _, c := range d.Cutoffs {
		list = append(list, strings.TrimSpace(fmt.Sprintf("cut-off %s %s", c.At.Format("15:04 MST"), c.Clock)))
	}
	for _, dep := range d.Departures {
		line := fmt.Sprintf("%s %s: %s-%s %s", dep.Lane, dep.Configured, dep.Start.Format("15:04 MST"), dep.End.Format("15:04 MST"), dep.Clock)
		if dep.Shut {
			line += "shut"
		}
		list = append(list, strings.TrimSpace(line))
	}
	return list
}

func TestCalendarOnDaysOfClockChange(t *testing.T) {
	t.Parallel()
	n := network(t, edited(t, town, sleepless...))
	for name, tt := range map[string]struct {
		day  lanes.Date
		want []string
	}{
		"spring": {lanes.DateIn(2027, time.March, 28), []string{
			"2027-03-28 23 hours",
			"clocks 1h0m0s at 04:00 EEST",
			"cut-off 04:00 EEST shifted",
			"bike 02:30: 02:30 EET-04:00 EEST",
			"bike 03:00: 04:00 EEST-04:00 EEST shiftedshut",
			"bike 03:30: 04:00 EEST-04:30 EEST shifted",
			"bike 04:00: 04:00 EEST-05:00 EEST",
			"post 03:15: 04:00 EEST-04:00 EEST shifted",
			"post 17:30: 17:30 EEST-17:30 EEST",
		}},
		"autumn": {lanes.DateIn(2026, time.October, 25), []string{
			"2026-10-25 25 hours",
			"clocks -1h0m0s at 03:00 EET",
			"cut-off 03:30 EEST ambiguous",
			"bike 02:30: 02:30 EEST-03:30 EEST",
			"bike 03:00: 03:00 EEST-04:00 EET ambiguous",
			"bike 03:30: 03:30 EEST-04:30 EET ambiguous",
			"bike 04:00: 04:00 EET-05:00 EET",
			"post 03:15: 03:15 EEST-03:15 EEST ambiguous",
			"post 17:30: 17:30 EET-17:30 EET",
		}},
		"another Sunday": {lanes.DateIn(2026, time.November, 1), []string{
			"2026-11-01 24 hours",
			"cut-off 03:30 EET",
			"bike 02:30: 02:30 EET-03:30 EET",
			"bike 03:00: 03:00 EET-04:00 EET",
			"bike 03:30: 03:30 EET-04:30 EET",
			"bike 04:00: 04:00 EET-05:00 EET",
			"post 03:15: 03:15 EET-03:15 EET",
			"post 17:30: 17:30 EET-17:30 EET",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			days := n.Calendar("", tt.day, 1)
			if len(days) != 1 {
				t.Fatalf("got %d days, want 1", len(days))
			}
			if diff := cmp.Diff(tt.want, dayText(days[0])); diff != "" {
				t.Errorf("day (-want +got):\n%s", diff)
			}
		})
	}
}

// Where the clocks change at midnight, the change belongs to the day that
// begins with it.
func TestCalendarWhereMidnightIsSkipped(t *testing.T) {
	t.Parallel()
	n := network(t, edited(t, town, "Europe/Helsinki", "Asia/Beirut"))
	days := n.Calendar("hub", lanes.DateIn(2026, time.March, 27), 4)
	var got []string
	for _, d := range days {
		if d.Change != nil {
			got = append(got, dayText(d)[:2]...)
		}
	}
	if diff := cmp.Diff([]string{"2026-03-29 23 hours", "clocks 1h0m0s at 01:00 EEST"}, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	var got []string
	for _, d := range n.Calendar("hub", lanes.DateIn(2026, time.August, 12), 9) {
		line := fmt.Sprintf("%s %s holiday %t closed %t, open", d.Site, d.Date, d.Holiday, d.Closed)
		for _, o := range d.Open {
			line += " " + o.Start.Format("15:04-") + o.End.Format("15:04")
		}
		for _, c := range d.Cutoffs {
			if line += ", no " + c.Level; !c.At.IsZero() {
				line = strings.TrimSuffix(line, ", no "+c.Level) + ", " + c.Level + c.At.Format(" 15:04")
			}
		}
		shut := 0
		for _, dep := range d.Departures {
			if dep.Shut {
				shut++
			}
		}
		got = append(got, fmt.Sprintf("%s, %d leave, %d shut", line, len(d.Departures)-shut, shut))
	}
	want := []string{
		"hub 2026-08-12 holiday false closed false, open 08:00-20:00, same_day 17:00, 4 leave, 0 shut",
		"hub 2026-08-13 holiday true closed false, open, same_day 17:00, 0 leave, 4 shut",
		"hub 2026-08-14 holiday false closed false, open 08:00-20:00, same_day 17:00, 4 leave, 0 shut",
		"hub 2026-08-15 holiday false closed false, open 09:00-18:00, same_day 14:00, 2 leave, 0 shut",
		"hub 2026-08-16 holiday false closed false, open, no same_day, 0 leave, 0 shut",
		"hub 2026-08-17 holiday false closed false, open 08:00-20:00, same_day 17:00, 4 leave, 0 shut",
		"hub 2026-08-18 holiday false closed false, open 08:00-20:00, same_day 17:00, 4 leave, 0 shut",
		"hub 2026-08-19 holiday false closed true, open, same_day 17:00, 0 leave, 4 shut",
		"hub 2026-08-20 holiday false closed false, open 08:00-20:00, same_day 17:00, 4 leave, 0 shut",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("days (-want +got):\n%s", diff)
	}
	if days := n.Calendar("elsewhere", lanes.DateIn(2026, time.August, 12), 9); days != nil {
		t.Errorf("got %d days of a site that there is not", len(days))
	}
}
