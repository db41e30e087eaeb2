package lanes

import (
	"strings"
	"time"
)

// Weekdays is a set of days of the week; bit i stands for time.Weekday(i).
type Weekdays uint8

// EveryDay is all seven days.
const EveryDay Weekdays = 1<<7 - 1

// weekdayNames are the names as people write them, in their order in a week.
var weekdayNames = [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// only returns the set that holds nothing but d.
func only(d time.Weekday) Weekdays { return 1 << d }

// Has reports whether d is in the set.
func (w Weekdays) Has(d time.Weekday) bool { return w&(1<<d) != 0 }

// String returns the set as people write it, such as "Mo-We,Sa".
func (w Weekdays) String() string {
	var runs []string
	for i := 0; i < 7; i++ {
		if !w.Has(nthWeekday(i)) {
			continue
		}
		from := i
		for i+1 < 7 && w.Has(nthWeekday(i+1)) {
			i++
		}
		switch i - from {
		case 0:
			runs = append(runs, weekdayNames[from])
		case 1:
			runs = append(runs, weekdayNames[from], weekdayNames[i])
		default:
			runs = append(runs, weekdayNames[from]+"-"+weekdayNames[i])
		}
	}
	return strings.Join(runs, ",")
}

// nthWeekday returns the weekday at place i of a week that begins on Monday.
func nthWeekday(i int) time.Weekday { return time.Weekday((i + 1) % 7) }

// weekdayRun reads "-Fr" after the weekday at place from, if it follows, and
// returns the days from there on. A run may pass Sunday: Fr-Mo.
func (s *scanner) weekdayRun(from int) (Weekdays, error) {
	to := from
	if s.eat('-') {
		at := s.at
		word := s.word()
		var ok bool
		if to, ok = weekdayPlace(word); !ok {
			s.at = at
			return 0, s.notADay(word)
		}
	}
	days := only(nthWeekday(from))
	for i := from; i != to; {
		i = (i + 1) % 7
		days |= only(nthWeekday(i))
	}
	return days, nil
}

func weekdayPlace(word string) (int, bool) {
	for i, name := range weekdayNames {
		if word == name {
			return i, true
		}
	}
	return 0, false
}

// notADay refuses word, which stands at the current place.
func (s *scanner) notADay(word string) error {
	if word == "" {
		return s.unexpected("a weekday such as Mo")
	}
	hint := "weekdays are Mo Tu We Th Fr Sa Su"
	for _, name := range weekdayNames {
		if len(word) >= 2 && strings.EqualFold(word[:2], name) {
			hint = `did you mean "` + name + `"?`
		}
	}
	for _, name := range monthNames {
		if len(word) >= 3 && strings.EqualFold(word[:3], name) {
			hint = `days of the year are written "` + name + ` 24"`
		}
	}
	return s.fail(s.at, hint, "%q is not a weekday", word)
}

// weekdays reads the days before a time, as in "Mo-Fr,Su 10:00"; a time that
// comes at once means every day.
func (s *scanner) weekdays() (Weekdays, error) {
	s.spaces()
	if isDigit(s.peek()) {
		return EveryDay, nil
	}
	var days Weekdays
	for {
		at := s.at
		word := s.word()
		place, ok := weekdayPlace(word)
		if !ok {
			s.at = at
			if word == "PH" {
				return 0, s.fail(at, "holidays follow from the hours of the site", "PH has no place here")
			}
			return 0, s.notADay(word)
		}
		more, err := s.weekdayRun(place)
		if err != nil {
			return 0, err
		}
		days |= more
		if !s.eat(',') {
			break
		}
		s.spaces()
	}
	if !s.spaces() {
		return 0, s.unexpected("a blank and a time")
	}
	return days, nil
}
