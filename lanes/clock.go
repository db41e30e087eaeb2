package lanes

import "fmt"

// Clock is a time of day on the wall: minutes since midnight, 0 to 1440.
type Clock int16

// EndOfDay is 24:00, the midnight at which a day ends.
const EndOfDay Clock = 24 * 60

// ParseClock reads "08:00"; "24:00" is the end of the day.
func ParseClock(text string) (Clock, error) {
	s := &scanner{text: text}
	c, err := s.clock()
	if err != nil {
		return 0, err
	}
	if err := s.end(); err != nil {
		return 0, err
	}
	return c, nil
}

// String returns "08:00".
func (c Clock) String() string { return string(c.append(make([]byte, 0, len("08:00")))) }

// append writes the time behind b.
func (c Clock) append(b []byte) []byte {
	h, m := byte(c/60), byte(c%60)
	return append(b, '0'+h/10, '0'+h%10, ':', '0'+m/10, '0'+m%10)
}

// clock reads one time of day.
func (s *scanner) clock() (Clock, error) {
	from := s.at
	hour := s.digits()
	if hour == "" {
		return 0, s.unexpected("a time such as 08:00")
	}
	if !s.eat(':') {
		s.at = from
		return 0, s.fail(from, "write it as 08:00", "%q is not a time of day", hour)
	}
	minute := s.digits()
	token := s.text[from:s.at]
	switch {
	case len(hour) == 1 && len(minute) == 2:
		return 0, s.fail(from, fmt.Sprintf("write 0%s", token), "%q is not a time of day", token)
	case len(hour) != 2 || len(minute) != 2:
		return 0, s.fail(from, "write it as 08:00", "%q is not a time of day", token)
	}
	h, m := small(hour), small(minute)
	switch {
	case m > 59:
		return 0, s.fail(from, "", "there is no minute %02d", m)
	case h > 24 || h == 24 && m > 0:
		return 0, s.fail(from, "the day ends at 24:00", "there is no time %s", token)
	}
	return Clock(h*60 + m), nil
}

// clockSpan is a half-open span of one day on the wall.
type clockSpan struct{ start, end Clock }

// clockSpan reads "08:00-20:00".
func (s *scanner) clockSpan() (clockSpan, error) {
	from := s.at
	start, err := s.clock()
	if err != nil {
		return clockSpan{}, err
	}
	if start == EndOfDay {
		return clockSpan{}, s.fail(from, "the day begins at 00:00", "nothing begins at 24:00")
	}
	if s.peek() == ' ' {
		return clockSpan{}, s.fail(s.at, "write 08:00-20:00, without blanks", "expected \"-\" and an end")
	}
	if s.peek() == '+' {
		return clockSpan{}, s.fail(s.at, "write the end", "an open end is not supported")
	}
	if !s.eat('-') {
		return clockSpan{}, s.unexpected(`"-" and an end`)
	}
	at := s.at
	end, err := s.clock()
	if err != nil {
		return clockSpan{}, err
	}
	if end == start {
		return clockSpan{}, s.fail(at, "the whole day is 00:00-24:00", "%s-%s is empty", start, end)
	}
	if end < start {
		hint := fmt.Sprintf("a span may not pass midnight: end it at 24:00 and let the next day begin with 00:00-%s", end)
		return clockSpan{}, s.fail(at, hint, "%s is before %s", end, start)
	}
	return clockSpan{start, end}, nil
}

func (c clockSpan) String() string { return c.start.String() + "-" + c.end.String() }
