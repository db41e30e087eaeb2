package lanes

import (
	"testing"
	"time"
)

func TestDateAgreesWithTime(t *testing.T) {
	t.Parallel()
	for d := DateIn(1969, 12, 25); d <= DateIn(2040, 1, 5); d++ {
		want := time.Date(1970, 1, 1+int(d), 0, 0, 0, 0, time.UTC)
		if got := d.Weekday(); got != want.Weekday() {
			t.Fatalf("%s: got %s, want %s", d, got, want.Weekday())
		}
		if got := d.String(); got != want.Format(time.DateOnly) {
			t.Fatalf("got %s, want %s", got, want.Format(time.DateOnly))
		}
		if d < 0 {
			continue
		}
		if got, err := ParseDate(d.String()); err != nil || got != d {
			t.Fatalf("ParseDate(%s): got %s, %v", d, got, err)
		}
	}
}

func TestParseDatesRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		text   string
		offset int
		msg    string
	}{
		{"", 0, `"" is not a date`},
		{"2026-8-4", 0, `"2026-8-4" is not a date`},
		{"2026-02-29", 0, "there is no day 2026-02-29"},
		{"2026-13-01", 0, "there is no day 2026-13-01"},
		{"24.12.2026", 0, `"24.12.2026" is not a date`},
		{"1969-12-31", 0, "the year of 1969-12-31 is not between 1970 and 2199"},
		{"2026-12-24 ", 11, ""}, // a blank at the end is nothing
		{"2026-12-24.2026-12-26", 10, `expected ".."`},
		{"2026-12-24..2026-12-32", 12, "there is no day 2026-12-32"},
		{"2026-12-24..2026-12-23", 12, "2026-12-23 is before 2026-12-24"},
		{"2026-12-24..2026-12-26,2027-01-01", 22, `expected the end, found ","`},
		{"2026-12-24T00:00", 10, `expected the end, found "T00:00"`},
	} {
		_, err := ParseDates(tc.text)
		if tc.msg == "" {
			if err != nil {
				t.Errorf("%q: got %v, want no error", tc.text, err)
			}
			continue
		}
		refused(t, err, tc.offset, tc.msg)
	}
}

func TestDateSet(t *testing.T) {
	t.Parallel()
	set := dateSet(t, "2026-12-06", "2026-12-24..2026-12-26", "2026-02-01", "2028-02-29")
	want := map[string]bool{
		"2026-02-01": true, "2026-12-06": true, "2026-12-24": true, "2026-12-25": true, "2026-12-26": true, "2028-02-29": true,
	}
	for d := date(t, "2025-12-01"); d < date(t, "2029-06-01"); d++ {
		if got := set.Has(d); got != want[d.String()] {
			t.Errorf("Has(%s): got %v", d, got)
		}
	}
	if (DateSet{}).Has(0) {
		t.Error("the empty set has 1970-01-01")
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	for c := Clock(0); c <= EndOfDay; c++ {
		if got, err := ParseClock(c.String()); err != nil || got != c {
			t.Fatalf("ParseClock(%s): got %s, %v", c, got, err)
		}
	}
	for _, tc := range []struct {
		text   string
		offset int
		msg    string
	}{
		{"", 0, "expected a time such as 08:00, found the end"},
		{"8:00", 0, `"8:00" is not a time of day`},
		{"äöäöäöäöäöäöäöäöäöäöäöäö", 0, `expected a time such as 08:00, found "äöäöäöäöäöäöäöäö…"`},
		{"0800", 0, `"0800" is not a time of day`},
		{"08:0", 0, `"08:0" is not a time of day`},
		{"08:60", 0, "there is no minute 60"},
		{"24:01", 0, "there is no time 24:01"},
		{"25:00", 0, "there is no time 25:00"},
		{"08:00:00", 5, `expected the end, found ":00"`},
		{"21:00 Uhr", 6, `expected the end, found "Uhr"`},
		{"８:00", 0, `expected a time such as 08:00, found "８:00"`},
	} {
		_, err := ParseClock(tc.text)
		refused(t, err, tc.offset, tc.msg)
	}
}
