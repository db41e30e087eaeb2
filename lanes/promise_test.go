package lanes

import (
	"testing"
	"time"
)

func helsinki(t *testing.T) *Calendar {
	return calendar(t, "Europe/Helsinki", "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off", "2026-12-24..2026-12-26", "2027-01-01")
}

func TestDeadline(t *testing.T) {
	t.Parallel()
	cal := helsinki(t)
	const nine = Clock(21 * 60)
	for _, tc := range []struct {
		name     string
		promise  Promise
		placedAt string
		want     string
	}{
		{"same day", Promise{Kind: SameDay, By: nine}, "2026-08-04T06:00:00Z", "2026-08-04T21:00:00+03:00"},
		{"same day, placed late", Promise{Kind: SameDay, By: nine}, "2026-08-04T19:00:00Z", "2026-08-04T21:00:00+03:00"},
		{"the site's day, not UTC's", Promise{Kind: SameDay, By: nine}, "2026-08-04T21:30:00Z", "2026-08-05T21:00:00+03:00"},
		{"no time of day", Promise{Kind: SameDay}, "2026-08-04T06:00:00Z", "2026-08-05T00:00:00+03:00"},
		{"elapsed is real time", Promise{Kind: Elapsed, Within: 48 * time.Hour}, "2026-03-28T10:00:00Z", "2026-03-30T13:00:00+03:00"},
		{"working days", Promise{Kind: WorkingDays, Days: 2, By: nine}, "2026-08-06T06:00:00Z", "2026-08-10T21:00:00+03:00"},
		{"working days over holidays", Promise{Kind: WorkingDays, Days: 2, By: nine}, "2026-12-23T06:00:00Z", "2026-12-29T21:00:00+02:00"},
		{"a by that is skipped", Promise{Kind: SameDay, By: 3*60 + 30}, "2026-03-29T06:00:00Z", "2026-03-29T04:00:00+03:00"},
	} {
		if got := show(tc.promise.Deadline(instant(t, tc.placedAt), cal), cal.Zone); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

func TestCutoffs(t *testing.T) {
	t.Parallel()
	cal := helsinki(t)
	cutoffs := Cutoffs{must[Cutoff](t)(ParseCutoff("Mo-Fr 17:00")), must[Cutoff](t)(ParseCutoff("Sa 14:00"))}
	for placedAt, want := range map[string]bool{
		"2026-08-04T17:00:00+03:00": false, // a Tuesday, to the second
		"2026-08-04T17:00:01+03:00": true,
		"2026-08-05T00:00:00+03:00": false,
		"2026-08-08T13:59:59+03:00": false, // Saturday
		"2026-08-08T16:00:00+03:00": true,
		"2026-08-09T09:00:00+03:00": true,  // Sunday has none
		"2026-08-09T21:30:00Z":      false, // Monday in Helsinki
	} {
		if got := cutoffs.Missed(instant(t, placedAt), cal); got != want {
			t.Errorf("%s: got %v, want %v", placedAt, got, want)
		}
	}
	if (Cutoffs{}).Missed(instant(t, "2026-08-09T23:00:00Z"), cal) {
		t.Error("missed a cut-off that there is not")
	}
	if _, ok := cutoffs.On(date(t, "2026-08-09"), cal); ok {
		t.Error("Sunday has a cut-off")
	}
}

func TestArrival(t *testing.T) {
	t.Parallel()
	cal := helsinki(t)
	for _, tc := range []struct {
		name       string
		transit    Transit
		departure  string
		by         Clock
		start, end string
	}{
		{"level's time", Transit{Min: 1, Max: 2}, "2026-08-04T17:30:00+03:00", 21 * 60, "2026-08-05T00:00:00+03:00", "2026-08-06T21:00:00+03:00"},
		{"its own time", Transit{Min: 1, Max: 2, By: 12 * 60}, "2026-08-04T17:30:00+03:00", 21 * 60, "2026-08-05T00:00:00+03:00", "2026-08-06T12:00:00+03:00"},
		{"no time", Transit{Min: 1, Max: 2}, "2026-08-04T17:30:00+03:00", 0, "2026-08-05T00:00:00+03:00", "2026-08-07T00:00:00+03:00"},
		{"weekend", Transit{Min: 1, Max: 1}, "2026-08-07T17:30:00+03:00", 21 * 60, "2026-08-10T00:00:00+03:00", "2026-08-10T21:00:00+03:00"},
		{"holidays", Transit{Min: 1, Max: 2}, "2026-12-23T17:30:00+02:00", 21 * 60, "2026-12-28T00:00:00+02:00", "2026-12-29T21:00:00+02:00"},
		{"same day", Transit{}, "2026-08-04T17:30:00+03:00", 21 * 60, "2026-08-04T17:30:00+03:00", "2026-08-04T21:00:00+03:00"},
		{"as it leaves", Transit{By: 17*60 + 30}, "2026-08-04T17:30:00+03:00", 0, "2026-08-04T17:30:00+03:00", "2026-08-05T17:30:00+03:00"},
		{"same day, too late for it", Transit{By: 12 * 60}, "2026-08-04T17:30:00+03:00", 0, "2026-08-04T17:30:00+03:00", "2026-08-05T12:00:00+03:00"},
	} {
		got := tc.transit.Arrival(instant(t, tc.departure), cal, tc.by)
		if start, end := show(got.Start, cal.Zone), show(got.End, cal.Zone); start != tc.start || end != tc.end {
			t.Errorf("%s: got %s to %s, want %s to %s", tc.name, start, end, tc.start, tc.end)
		}
	}
}
