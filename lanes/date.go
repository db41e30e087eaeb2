package lanes

import "time"

const daySeconds = 24 * 60 * 60

// Date is a civil day: days since 1970-01-01.
type Date int32

// The years that a date may be written in.
const (
	firstYear = 1970
	lastYear  = 2199
)

// DateIn returns the date of a year, month and day; values outside their
// range roll over as in [time.Date].
func DateIn(year int, month time.Month, day int) Date {
	return Date(floorDiv(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix(), daySeconds))
}

// ParseDate reads "2026-08-04", in the years 1970 to 2199.
func ParseDate(text string) (Date, error) {
	s := &scanner{text: text}
	d, err := s.date()
	if err != nil {
		return 0, err
	}
	if err := s.end(); err != nil {
		return 0, err
	}
	return d, nil
}

// date reads one date.
func (s *scanner) date() (Date, error) {
	from := s.at
	if len(s.text)-from < len(time.DateOnly) {
		return 0, s.fail(from, "write it as 2026-08-04", "%q is not a date", s.text[from:])
	}
	token := s.text[from : from+len(time.DateOnly)]
	t, err := time.Parse(time.DateOnly, token)
	switch {
	case err != nil && isShapedAsDate(token):
		return 0, s.fail(from, "", "there is no day %s", token)
	case err != nil:
		return 0, s.fail(from, "write it as 2026-08-04", "%q is not a date", token)
	case t.Year() < firstYear || t.Year() > lastYear:
		return 0, s.fail(from, "", "the year of %s is not between %d and %d", token, firstYear, lastYear)
	}
	s.at += len(token)
	return Date(t.Unix() / daySeconds), nil
}

func isShapedAsDate(token string) bool {
	for i := range len(token) {
		if dash := i == 4 || i == 7; dash != (token[i] == '-') || !dash && !isDigit(token[i]) {
			return false
		}
	}
	return true
}

// String returns "2026-08-04".
func (d Date) String() string { return string(d.append(make([]byte, 0, len(time.DateOnly)))) }

// append writes the date behind b.
func (d Date) append(b []byte) []byte { return d.time().AppendFormat(b, time.DateOnly) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	w := (int64(d) + 4) % 7 // 1970-01-01 was a Thursday
	if w < 0 {
		w += 7
	}
	return time.Weekday(w)
}

// Add returns the date days later.
func (d Date) Add(days int) Date { return d + Date(days) }

// time returns midnight UTC of the date.
func (d Date) time() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
