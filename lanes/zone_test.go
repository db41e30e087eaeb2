package lanes

import (
	"testing"
	"time"
)

// wallMinute is what the wall shows at t, as minutes since the beginning of
// 1970 there.
func wallMinute(t int64, zone *time.Location) int64 {
	w := time.Unix(t, 0).In(zone)
	days := time.Date(w.Year(), w.Month(), w.Day(), 0, 0, 0, 0, time.UTC).Unix() / daySeconds
	return days*24*60 + int64(w.Hour()*60+w.Minute())
}

// walk finds At for every minute of a day by walking: the first instant at
// which the wall shows that minute of the day or a later one.
func walk(d Date, zone *time.Location) (at [EndOfDay + 1]int64) {
	t := int64(d)*daySeconds - 15*60*60 // no zone is further ahead
	for i := range at {
		for wallMinute(t, zone) < int64(d)*24*60+int64(i) {
			t += 60
		}
		at[i] = t
	}
	return at
}

// clockChanges returns the days of a year on which the offset of zone changes.
func clockChanges(year int, zone *time.Location) []Date {
	var days []Date
	for d := DateIn(year, time.January, 1); d < DateIn(year+1, time.January, 1); d++ {
		if noon := int64(d)*daySeconds + daySeconds/2; offsetAt(noon, zone) != offsetAt(noon-daySeconds, zone) {
			days = append(days, d-1, d) // noon UTC may be the day before or after
		}
	}
	return days
}

var testZones = []string{
	"Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", // half an hour
	"America/Santiago", // at midnight
	"Africa/Casablanca", "Asia/Kolkata", "Pacific/Kiritimati", "UTC",
}

func TestAtOnDaysOfClockChange(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		zone, day, clock, want string
	}{
		{"Europe/Helsinki", "2026-03-29", "02:59", "2026-03-29T02:59:00+02:00"},
		{"Europe/Helsinki", "2026-03-29", "03:00", "2026-03-29T04:00:00+03:00"}, // skipped
		{"Europe/Helsinki", "2026-03-29", "03:30", "2026-03-29T04:00:00+03:00"},
		{"Europe/Helsinki", "2026-03-29", "10:00", "2026-03-29T10:00:00+03:00"},
		{"Europe/Helsinki", "2026-10-25", "03:30", "2026-10-25T03:30:00+03:00"}, // twice: the first
		{"Europe/Helsinki", "2026-10-25", "04:00", "2026-10-25T04:00:00+02:00"},
		{"America/New_York", "2026-03-08", "02:30", "2026-03-08T03:00:00-04:00"},
		{"America/New_York", "2026-11-01", "01:30", "2026-11-01T01:30:00-04:00"},
		{"America/New_York", "2026-11-01", "02:00", "2026-11-01T02:00:00-05:00"},
		{"Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:30:00+11:00"},
		{"Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45:00+11:00"},
		{"America/Santiago", "2026-09-06", "00:00", "2026-09-06T01:00:00-03:00"}, // the day begins at one
		{"America/Santiago", "2026-04-04", "24:00", "2026-04-05T00:00:00-04:00"}, // 23:30 came twice
		{"Europe/Helsinki", "2028-02-29", "08:00", "2028-02-29T08:00:00+02:00"},
		{"Europe/Helsinki", "2026-12-31", "24:00", "2027-01-01T00:00:00+02:00"},
		{"Europe/Helsinki", "2036-07-01", "08:00", "2036-07-01T08:00:00+03:00"},
		{"Pacific/Apia", "2011-12-30", "10:00", "2011-12-31T00:00:00+14:00"}, // a day that never was
	} {
		loc := zone(t, tc.zone)
		clock := must[Clock](t)(ParseClock(tc.clock))
		if got := show(At(date(t, tc.day), clock, loc), loc); got != tc.want {
			t.Errorf("%s %s %s: got %s, want %s", tc.zone, tc.day, tc.clock, got, tc.want)
		}
	}
}

func TestAtAgreesWithWalking(t *testing.T) {
	t.Parallel()
	for _, name := range testZones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, name)
			days := append(clockChanges(2026, loc), clockChanges(2036, loc)...)
			days = append(days, date(t, "2028-02-29"), date(t, "2026-12-31"))
			for _, d := range days {
				cal := &Calendar{Zone: loc}
				for clock, want := range walk(d, loc) {
					got := At(d, Clock(clock), loc)
					if got != want || cal.At(d, Clock(clock)) != want {
						t.Fatalf("%s %s: got %s, want %s", d, Clock(clock), show(got, loc), show(want, loc))
					}
				}
			}
		})
	}
}

func TestDateOfIsWhatTheWallShows(t *testing.T) {
	t.Parallel()
	for _, name := range testZones {
		loc := zone(t, name)
		cal := &Calendar{Zone: loc}
		for _, d := range append(clockChanges(2027, loc), date(t, "2028-02-29"), date(t, "2036-01-01")) {
			for at := int64(d-1) * daySeconds; at < int64(d+2)*daySeconds; at += 17 * 60 {
				want := time.Unix(at, 0).In(loc).Format(time.DateOnly)
				if got := DateOf(at, loc).String(); got != want {
					t.Fatalf("%s: DateOf(%s): got %s", name, show(at, loc), got)
				}
				if got := cal.DateOf(at).String(); got != want {
					t.Fatalf("%s: Calendar.DateOf(%s): got %s", name, show(at, loc), got)
				}
			}
		}
	}
}

func TestDateOfAnswersForAnyInstant(t *testing.T) {
	t.Parallel()
	cal := calendar(t, "Europe/Helsinki", "24/7")
	for _, at := range []int64{-1 << 63, -1 << 40, -1, 0, 1 << 40, 1<<63 - 1} {
		d := cal.DateOf(at)
		if start, end := cal.At(d, 0), cal.At(d, EndOfDay); start >= end {
			t.Errorf("DateOf(%d): got %s, a day of no length", at, d)
		}
		if _, ok := cal.Advance(at, time.Hour); ok != (at >= minInstant && at <= maxInstant) {
			t.Errorf("Advance(%d): got %v", at, ok)
		}
	}
}
