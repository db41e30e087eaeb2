package lanes

import (
	"fmt"
	"strings"
	"time"
)

// ParseHours reads opening hours: rules separated by ";", each of them days
// and the times they are open at, or "off".
//
//	Mo-Fr 08:00-20:00; Sa 09:00-12:00,13:00-18:00; PH off; Dec 24 08:00-14:00
//
// Days are weekdays (Mo-Fr,Su), public holidays (PH) and days that come back
// every year (Dec 24, Dec 24-26, Dec 24-Jan 06); without any, the rule holds
// every day. "24/7" is always open. A later rule replaces an earlier one on
// the days both match, so rules go from the general to the particular:
// weekdays, then PH, then dates; another order is refused, and so is a rule
// that later ones replace on all its days. A span may not pass midnight.
func ParseHours(text string) (Hours, error) {
	p := &hoursParser{scanner: scanner{text: text}}
	if strings.TrimSpace(text) == "" {
		return Hours{}, p.fail(0, `write "24/7" or "off"`, "hours are empty")
	}
	for {
		p.spaces()
		p.starts = append(p.starts, p.at)
		r, err := p.rule()
		if err != nil {
			return Hours{}, err
		}
		p.rules = append(p.rules, r)
		p.spaces()
		p.ends = append(p.ends, p.at)
		if p.done() {
			break
		}
		if !p.eat(';') {
			return Hours{}, p.unsupported()
		}
	}
	if err := p.checkOrder(); err != nil {
		return Hours{}, err
	}
	if err := p.checkReplaced(); err != nil {
		return Hours{}, err
	}
	return Hours{text: text, rules: p.rules}, nil
}

type hoursParser struct {
	scanner
	rules  []rule
	starts []int // offset of each rule
	ends   []int
}

// rule reads one rule.
func (p *hoursParser) rule() (rule, error) {
	if strings.HasPrefix(p.text[p.at:], "24/7") {
		p.at += len("24/7")
		return rule{days: EveryDay, spans: []clockSpan{{0, EndOfDay}}}, nil
	}
	var r rule
	if isDigit(p.peek()) || p.off() {
		r.days = EveryDay
	} else if err := p.days(&r); err != nil {
		return rule{}, err
	}
	if p.off() {
		p.word()
		return r, nil
	}
	var err error
	r.spans, err = p.spans()
	return r, err
}

// off reports whether the next word closes the days.
func (p *hoursParser) off() bool {
	ahead := p.scanner
	word := ahead.word()
	return word == "off" || word == "closed"
}

// days reads the days of a rule and the blank after them.
func (p *hoursParser) days(r *rule) error {
	for {
		if err := p.day(r); err != nil {
			return err
		}
		if !p.eat(',') {
			break
		}
		p.spaces()
	}
	if !p.spaces() {
		if p.done() || p.peek() == ';' {
			return p.fail(p.at, `add times such as 08:00-20:00, or "off"`, "the rule has days but no times")
		}
		return p.unsupported()
	}
	return nil
}

// day reads one entry of a list of days.
func (p *hoursParser) day(r *rule) error {
	at := p.at
	word := p.word()
	if place, ok := weekdayPlace(word); ok {
		days, err := p.weekdayRun(place)
		r.days |= days
		return err
	}
	if word == "PH" {
		r.holidays = true
		return nil
	}
	if month, ok := monthNamed(word); ok {
		dates, err := p.dates(month)
		r.dates = append(r.dates, dates)
		return err
	}
	p.at = at
	if word == "SH" || word == "week" || word == "easter" {
		return p.fail(at, "list the days under the site's closed", "%q is not supported", word)
	}
	if word == "" {
		return p.unsupported()
	}
	return p.notADay(word)
}

// dates reads the rest of "Dec 24", "Dec 24-26" or "Dec 24-Jan 06".
func (p *hoursParser) dates(month time.Month) (yearDays, error) {
	from, err := p.yearDay(month)
	if err != nil {
		return yearDays{}, err
	}
	if !p.eat('-') {
		return yearDays{from, from}, nil
	}
	at := p.at
	if isLetter(p.peek()) {
		word := p.word()
		other, ok := monthNamed(word)
		if !ok {
			return yearDays{}, p.fail(at, "months are Jan Feb Mar and so on", "%q is not a month", word)
		}
		to, err := p.yearDay(other)
		return yearDays{from, to}, err
	}
	to, err := p.dayOf(month)
	if err == nil && to < from {
		err = p.fail(at, "name the month of the end too", "the run ends before it begins")
	}
	return yearDays{from, to}, err
}

// yearDay reads the blank and the day after a month's name.
func (p *hoursParser) yearDay(month time.Month) (yearDay, error) {
	if !p.eat(' ') {
		return 0, p.fail(p.at, `write the days, such as "Jun 01-Jun 30"`, "expected a day of the month")
	}
	return p.dayOf(month)
}

func (p *hoursParser) dayOf(month time.Month) (yearDay, error) {
	at := p.at
	digits := p.digits()
	if digits == "" || len(digits) > 2 {
		p.at = at
		return 0, p.unexpected("a day of the month")
	}
	const leapYear = 2024 // Feb 29 may be named
	day := small(digits)
	if day < 1 || day > time.Date(leapYear, month+1, 0, 0, 0, 0, 0, time.UTC).Day() {
		return 0, p.fail(at, "", "%s has no day %s", month, digits)
	}
	return yearDayOf(month, day), nil
}

// spans reads "08:00-12:00,13:00-18:00".
func (p *hoursParser) spans() ([]clockSpan, error) {
	var spans []clockSpan
	for {
		at := p.at
		if !isDigit(p.peek()) {
			return nil, p.unsupported()
		}
		span, err := p.clockSpan()
		if err != nil {
			return nil, err
		}
		last := len(spans) - 1
		switch {
		case last < 0 || span.start > spans[last].end:
			spans = append(spans, span)
		case span.start == spans[last].end:
			spans[last].end = span.end
		default:
			return nil, p.fail(at, "spans of a day follow each other and do not overlap", "%s begins before %s", span, spans[last].end)
		}
		if !p.eat(',') {
			return spans, nil
		}
		p.spaces()
		if isLetter(p.peek()) {
			return nil, p.fail(p.at, `separate rules with ";"`, "expected a time")
		}
	}
}

// unsupported refuses what stands at the current place.
func (p *hoursParser) unsupported() error {
	var hint string
	rest := p.text[p.at:]
	switch {
	case strings.HasPrefix(rest, "||"):
		hint = `fallback rules are not supported: separate rules with ";"`
	case strings.HasPrefix(rest, "["):
		hint = "the nth weekday of a month is not supported: list the dates under the site's closed"
	case strings.HasPrefix(rest, `"`):
		hint = "comments are not supported"
	case isLetter(p.peek()):
		hint = `the days come first, once: "Mo-Fr 08:00-20:00"; separate rules with ";"`
	case p.done() || rest[0] == ';':
		hint = `write days and times such as "Mo-Fr 08:00-20:00", or "off"`
	}
	err := p.unexpected(`days and times, or ";"`).(*SyntaxError)
	if err.Hint == "" {
		err.Hint = hint
	}
	return err
}

var monthNames = [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}

func monthNamed(word string) (time.Month, bool) {
	for i, name := range monthNames {
		if word == name {
			return time.Month(i + 1), true
		}
	}
	return 0, false
}

// text of a rule, for messages.
func (p *hoursParser) ruleText(i int) string {
	return fmt.Sprintf("%q", strings.TrimSpace(p.text[p.starts[i]:p.ends[i]]))
}
