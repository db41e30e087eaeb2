package lanes

import (
	"fmt"
	"time"
)

// maxDuration is the longest duration that can be written.
const maxDuration = 366 * 24 * time.Hour

// durationUnits are the units that people write, from large to small.
var durationUnits = [...]struct {
	name string
	unit time.Duration
}{
	{"d", 24 * time.Hour},
	{"h", time.Hour},
	{"m", time.Minute},
	{"s", time.Second},
}

// ParseDuration reads "20m", "2h", "1h30m" or "2d" (48 hours): whole numbers,
// units from large to small, at most 366 days together.
func ParseDuration(text string) (time.Duration, error) {
	s := &scanner{text: text}
	var total time.Duration
	next := 0 // the largest unit that may come
	for {
		at := s.at
		digits := s.digits()
		if digits == "" {
			return 0, s.unexpected("a duration such as 20m, 2h or 2d")
		}
		if s.peek() == '.' {
			return 0, s.fail(s.at, "write 1h30m for 1.5h", "durations are whole numbers")
		}
		unit, after, err := s.unit(next)
		if err != nil {
			return 0, err
		}
		if len(digits) > 9 || time.Duration(small(digits)) > (maxDuration-total)/unit {
			return 0, s.fail(at, "", "%q is longer than 366 days", text)
		}
		total += time.Duration(small(digits)) * unit
		if s.done() {
			return total, nil
		}
		next = after
	}
}

// unit reads a unit that is not larger than the one at place next, and
// returns the place after it.
func (s *scanner) unit(next int) (time.Duration, int, error) {
	at := s.at
	word := s.word()
	for i, u := range durationUnits {
		if u.name != word {
			continue
		}
		if i < next {
			return 0, 0, s.fail(at, "write units from large to small, each once: 1d2h30m", "%q comes too late", word)
		}
		return u.unit, i + 1, nil
	}
	s.at = at
	if word == "" {
		return 0, 0, s.fail(at, "add d, h, m or s", "a duration needs a unit")
	}
	return 0, 0, s.fail(at, "units are d, h, m and s", "%q is not a unit", word)
}

// FormatDuration writes what [ParseDuration] reads, whole seconds of it.
func FormatDuration(d time.Duration) string {
	if d < time.Second {
		return "0s"
	}
	var text string
	for _, u := range durationUnits {
		if n := d / u.unit; n > 0 {
			text += fmt.Sprintf("%d%s", n, u.name)
			d -= n * u.unit
		}
	}
	return text
}
