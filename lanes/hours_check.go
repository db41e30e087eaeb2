package lanes

import "time"

// How particular the days of a rule are.
const (
	byWeekday = iota
	byHoliday
	byDate
)

// particular returns the least and the most particular of the rule's days.
func (r *rule) particular() (least, most int) {
	least, most = byDate, byWeekday
	for kind, present := range [...]bool{r.days != 0, r.holidays, len(r.dates) > 0} {
		if present {
			least, most = min(least, kind), max(most, kind)
		}
	}
	return least, most
}

// checkOrder refuses a general rule behind a particular one, which it would
// undo without anyone noticing: "PH off; Mo-Fr 08:00-20:00" is open on
// holidays.
func (p *hoursParser) checkOrder() error {
	for i := range p.rules {
		_, most := p.rules[i].particular()
		for j := i + 1; j < len(p.rules); j++ {
			if least, _ := p.rules[j].particular(); least < most {
				return p.fail(p.starts[j], "order rules from weekdays to PH to dates",
					"%s would undo the earlier %s, because later rules win", p.ruleText(j), p.ruleText(i))
			}
		}
	}
	return nil
}

// checkReplaced refuses a rule of which later ones leave nothing.
func (p *hoursParser) checkReplaced() error {
	var later rule
	for i := len(p.rules) - 1; i >= 0; i-- {
		r := &p.rules[i]
		if later.replaces(r) {
			return p.fail(p.starts[i], "for two spans on a day write 08:00-12:00,13:00-18:00",
				"%s has no effect: later rules replace it on all its days", p.ruleText(i))
		}
		later.days |= r.days
		later.holidays = later.holidays || r.holidays
		later.dates = append(later.dates, r.dates...)
	}
	return nil
}

// replaces reports whether l matches every day that r does, as far as can be
// told without holidays.
func (l *rule) replaces(r *rule) bool {
	if l.days == EveryDay {
		return true
	}
	if r.days&^l.days != 0 || r.holidays && !l.holidays {
		return false
	}
	for d := yearDayOf(time.January, 1); d <= yearDayOf(time.December, 31); d++ {
		if r.hasDate(d) && !l.hasDate(d) {
			return false
		}
	}
	return true
}
