package lanes

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// model is a site's opening hours in the plainest form, to compare with.
type model struct {
	zone     *time.Location
	week     [7][]clockSpan         // by time.Weekday
	holiday  []clockSpan            // on holidays
	yearly   map[string][]clockSpan // by "Dec 24"
	holidays map[Date]bool
	closed   map[Date]bool
}

func (m *model) on(d Date) []clockSpan {
	if m.closed[d] {
		return nil
	}
	if spans, ok := m.yearly[d.time().Format("Jan 02")]; ok {
		return spans
	}
	if m.holidays[d] {
		return m.holiday
	}
	return m.week[d.Weekday()]
}

// openMinutes walks from one day to another and returns the minutes, as unix
// seconds, at which the site is open.
func (m *model) openMinutes(from, to Date) []int64 {
	var open []int64
	for d := from; d <= to; d++ {
		at := walk(d, m.zone)
		for _, span := range m.on(d) {
			for t := at[span.start]; t < at[span.end]; t += 60 {
				open = append(open, t)
			}
		}
	}
	return open
}

// calendar builds the calendar of the model, its hours through the parser.
func (m *model) calendar(t *testing.T) *Calendar {
	var rules []string
	for i, spans := range m.week {
		rules = append(rules, weekdayNames[(i+6)%7]+" "+spansText(spans))
	}
	rules = append(rules, "PH "+spansText(m.holiday))
	for day, spans := range m.yearly {
		rules = append(rules, day+" "+spansText(spans))
	}
	cal := calendar(t, m.zone.String(), strings.Join(rules, "; "))
	cal.Holidays, cal.Closed = setOf(m.holidays), setOf(m.closed)
	return cal
}

func spansText(spans []clockSpan) string {
	if len(spans) == 0 {
		return "off"
	}
	texts := make([]string, len(spans))
	for i, s := range spans {
		texts[i] = s.String()
	}
	return strings.Join(texts, ",")
}

func setOf(days map[Date]bool) DateSet {
	var runs []Dates
	for d := range days {
		runs = append(runs, Dates{d, d})
	}
	return NewDateSet(runs...)
}

// randomModel is a model whose hours like to lie where clocks change, around
// the given day.
func randomModel(random *rand.Rand, zone *time.Location, around Date) *model {
	spans := func() []clockSpan {
		cuts := make([]Clock, 2*random.IntN(4))
		for i := range cuts {
			cuts[i] = Clock(random.IntN(24*60 + 1))
			if random.IntN(2) == 0 {
				cuts[i] %= 5 * 60
			}
		}
		slices.Sort(cuts)
		var all []clockSpan
		for pair := range slices.Chunk(slices.Compact(cuts), 2) {
			if len(pair) == 2 {
				all = append(all, clockSpan{pair[0], pair[1]})
			}
		}
		return all
	}
	m := &model{zone: zone, yearly: map[string][]clockSpan{}, holidays: map[Date]bool{}, closed: map[Date]bool{}, holiday: spans()}
	for i := range m.week {
		m.week[i] = spans()
	}
	for range 2 {
		m.holidays[around.Add(random.IntN(9)-4)] = true
		m.closed[around.Add(random.IntN(9)-4)] = true
		m.yearly[around.Add(random.IntN(9)-4).time().Format("Jan 02")] = spans()
	}
	return m
}

func TestCalendarAgreesWithWalking(t *testing.T) {
	t.Parallel()
	for _, name := range testZones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc := zone(t, name)
			random := rand.New(rand.NewPCG(3, 4))
			days := append(clockChanges(2026, loc), clockChanges(2036, loc)...)
			for _, around := range append(days, date(t, "2028-02-29"), date(t, "2026-12-31")) {
				m := randomModel(random, loc, around)
				checkAgainstWalking(t, random, m, around)
			}
		})
	}
}

func checkAgainstWalking(t *testing.T, random *rand.Rand, m *model, around Date) {
	t.Helper()
	cal := m.calendar(t)
	from, to := around-4, around+4
	open := m.openMinutes(from, to)

	var got []int64
	for d := from; d <= to; d++ {
		for _, s := range cal.Open(d) {
			for at := s.Start; at < s.End; at += 60 {
				got = append(got, at)
			}
		}
	}
	if !slices.Equal(got, open) {
		t.Fatalf("open minutes around %s, hours %s (-want +got):\n%s", around, cal.Hours, cmp.Diff(open, got))
	}

	for range 40 {
		start := cal.At(from, 0) + int64(random.IntN(8*24*60))*60
		i, _ := slices.BinarySearch(open, start)
		rest := open[i:] // the open minutes from start on
		if len(rest) == 0 {
			continue
		}
		if next, ok := cal.NextOpen(start); !ok || next != rest[0] {
			t.Fatalf("NextOpen(%s): got %s, want %s", show(start, m.zone), show(next, m.zone), show(rest[0], m.zone))
		}
		if got, want := cal.OpenAt(start), rest[0] == start; got != want {
			t.Fatalf("OpenAt(%s): got %v", show(start, m.zone), got)
		}
		n := 1 + random.IntN(len(rest))
		want := rest[n-1] + 60 // the end of the nth open minute
		if got, ok := cal.Advance(start, time.Duration(n)*time.Minute); !ok || got != want {
			t.Fatalf("Advance(%s, %d min), hours %s: got %s, want %s",
				show(start, m.zone), n, cal.Hours, show(got, m.zone), show(want, m.zone))
		}
	}
}

func TestAdvance(t *testing.T) {
	t.Parallel()
	const hours = "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"
	for _, tc := range []struct {
		name, zone, hours, from string
		d                       time.Duration
		want                    string
	}{
		{"within a day", "Europe/Helsinki", hours, "2026-08-04T09:00:00+03:00", 20 * time.Minute, "2026-08-04T09:20:00+03:00"},
		{"to the very end", "Europe/Helsinki", hours, "2026-08-04T19:00:00+03:00", time.Hour, "2026-08-04T20:00:00+03:00"},
		{"over night", "Europe/Helsinki", hours, "2026-08-04T19:50:00+03:00", 20 * time.Minute, "2026-08-05T08:10:00+03:00"},
		{"over Sunday", "Europe/Helsinki", hours, "2026-08-08T17:30:00+03:00", time.Hour, "2026-08-10T08:30:00+03:00"},
		{"nothing, closed", "Europe/Helsinki", hours, "2026-08-04T03:00:00+03:00", 0, "2026-08-04T03:00:00+03:00"},
		{"less than nothing", "Europe/Helsinki", hours, "2026-08-04T03:00:00+03:00", -time.Hour, "2026-08-04T03:00:00+03:00"},
		{"part of a second", "Europe/Helsinki", hours, "2026-08-04T09:00:00+03:00", time.Millisecond, "2026-08-04T09:00:01+03:00"},
		{"over holidays", "Europe/Helsinki", hours, "2026-12-23T19:30:00+02:00", time.Hour, "2026-12-28T08:30:00+02:00"},
		{"the short night", "Europe/Helsinki", "24/7", "2026-03-28T22:00:00+02:00", 8 * time.Hour, "2026-03-29T07:00:00+03:00"},
		{"the long night", "Europe/Helsinki", "24/7", "2026-10-24T22:00:00+03:00", 8 * time.Hour, "2026-10-25T05:00:00+02:00"},
		{"the short night, New York", "America/New_York", "00:00-06:00", "2026-03-08T00:00:00-05:00", 5 * time.Hour, "2026-03-08T06:00:00-04:00"},
		{"half an hour, Lord Howe", "Australia/Lord_Howe", "00:00-06:00", "2026-10-04T00:00:00+10:30", 5*time.Hour + 30*time.Minute, "2026-10-04T06:00:00+11:00"},
		{"leap day", "Europe/Helsinki", "24/7", "2028-02-28T12:00:00+02:00", 24 * time.Hour, "2028-02-29T12:00:00+02:00"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cal := calendar(t, tc.zone, tc.hours, "2026-12-24..2026-12-26")
			got, ok := cal.Advance(instant(t, tc.from), tc.d)
			if s := show(got, cal.Zone); !ok || s != tc.want {
				t.Errorf("got %s (%v), want %s", s, ok, tc.want)
			}
		})
	}
}

func TestAdvanceInPartsIsAdvanceAtOnce(t *testing.T) {
	t.Parallel()
	cal := calendar(t, "America/New_York", "Mo-Fr 00:30-09:00,10:15-24:00; Sa off; PH off", "2026-11-02")
	random := rand.New(rand.NewPCG(5, 6))
	from := instant(t, "2026-10-20T00:00:00Z")
	for range 2000 {
		start := from + random.Int64N(20*daySeconds)
		a, b := time.Duration(random.IntN(200000))*time.Second, time.Duration(random.IntN(200000))*time.Second
		half, ok1 := cal.Advance(start, a)
		parts, ok2 := cal.Advance(half, b)
		once, ok3 := cal.Advance(start, a+b)
		if parts != once || !ok1 || !ok2 || !ok3 {
			t.Fatalf("from %s %s and %s: got %s, want %s", show(start, cal.Zone), a, b, show(parts, cal.Zone), show(once, cal.Zone))
		}
	}
}

func TestNeverOpen(t *testing.T) {
	t.Parallel()
	from := instant(t, "2026-08-04T09:00:00Z")
	once := calendar(t, "UTC", "off; Feb 29 10:00-11:00") // next in 2028
	for name, cal := range map[string]*Calendar{"zero": {}, "off": calendar(t, "UTC", "off"), "once": once} {
		if got, ok := cal.Advance(from, time.Second); ok {
			t.Errorf("%s: Advance: got %d, want none", name, got)
		}
		if got, ok := cal.NextOpen(from); ok {
			t.Errorf("%s: NextOpen: got %d, want none", name, got)
		}
	}
	if got, ok := once.NextOpen(instant(t, "2027-06-01T00:00:00Z")); !ok || show(got, time.UTC) != "2028-02-29T10:00:00Z" {
		t.Errorf("got %s (%v), want the leap day", show(got, once.Zone), ok)
	}
}

func TestLooksAheadFourHundredDays(t *testing.T) {
	t.Parallel()
	from := instant(t, "2026-08-04T00:00:00Z")
	first := DateOf(from, nil)
	cal := calendar(t, "UTC", "24/7")
	cal.Closed = NewDateSet(Dates{first, first.Add(lookAhead - 2)})
	if got, ok := cal.NextOpen(from); !ok || cal.DateOf(got) != first.Add(lookAhead-1) {
		t.Errorf("open on the last day: got %s (%v)", show(got, time.UTC), ok)
	}
	if _, ok := cal.Advance(from, 24*time.Hour); !ok {
		t.Error("Advance does not reach the last day")
	}
	if got, ok := cal.Advance(from, 24*time.Hour+time.Second); ok {
		t.Errorf("Advance passes the last day: got %s", show(got, time.UTC))
	}
	cal = calendar(t, "UTC", "24/7")
	cal.Closed = NewDateSet(Dates{first, first.Add(lookAhead - 1)})
	if got, ok := cal.NextOpen(from); ok {
		t.Errorf("open a day later: got %s, want none", show(got, time.UTC))
	}
}

func TestClockChangeSwallowsAndJoinsSpans(t *testing.T) {
	t.Parallel()
	d := date(t, "2026-03-29") // 03:00 to 04:00 is skipped
	for hours, want := range map[string]int{
		"03:15-03:45":                         0,
		"02:00-03:15,03:45-05:00":             1,
		"02:00-02:30,03:15-03:45,04:30-05:00": 2,
	} {
		cal := calendar(t, "Europe/Helsinki", hours)
		if got := cal.Open(d); len(got) != want {
			t.Errorf("%s: got %v, want %d spans", hours, got, want)
		}
	}
}

func TestYearlyRunsPassNewYear(t *testing.T) {
	t.Parallel()
	cal := calendar(t, "Europe/Helsinki", "24/7; Dec 26-Jan 06 off")
	for day, open := range map[string]bool{
		"2026-12-25": true, "2026-12-26": false, "2026-12-31": false, "2027-01-01": false, "2027-01-06": false, "2027-01-07": true,
	} {
		if got := cal.Open(date(t, day)); (len(got) > 0) != open {
			t.Errorf("%s: got %v, want open %v", day, got, open)
		}
	}
}

func TestWorkingDays(t *testing.T) {
	t.Parallel()
	cal := calendar(t, "Europe/Helsinki", "24/7", "2026-12-24..2026-12-26", "2027-01-01")
	cal.Closed = dateSet(t, "2026-12-23", "2026-12-28") // does not matter
	for _, tc := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-12-22", 0, "2026-12-22"},
		{"2026-12-22", 1, "2026-12-23"},
		{"2026-12-22", 2, "2026-12-28"},
		{"2026-12-26", 1, "2026-12-28"}, // from a Saturday
		{"2026-12-31", 1, "2027-01-04"},
		{"2026-12-22", 7, "2027-01-05"},
	} {
		if got := cal.AddWorkingDays(date(t, tc.from), tc.n).String(); got != tc.want {
			t.Errorf("%d after %s: got %s, want %s", tc.n, tc.from, got, tc.want)
		}
	}
}

// The memory of a calendar holds fewer days than are asked for here, by many
// at once: what it answers is what a calendar without memory answers.
func TestMemoryChangesNothing(t *testing.T) {
	t.Parallel()
	const hours = "Mo-Fr 08:00-20:00; Sa 02:30-18:00; PH off"
	shared := calendar(t, "Europe/Helsinki", hours, "2026-12-24..2026-12-26")
	table := NewBlocks(shared, blocks(t, "Mo-Sa 10:00-12:00", "03:15-20:30"))
	first := date(t, "2026-03-01")
	var wait sync.WaitGroup
	for worker := range 4 {
		wait.Go(func() {
			random := rand.New(rand.NewPCG(uint64(worker), 7))
			for range 500 {
				d := first.Add(random.IntN(60))
				fresh := calendar(t, "Europe/Helsinki", hours, "2026-12-24..2026-12-26")
				if diff := cmp.Diff(fresh.Open(d), shared.Open(d)); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", d, diff)
				}
				want := NewBlocks(fresh, blocks(t, "Mo-Sa 10:00-12:00", "03:15-20:30")).On(d)
				if diff := cmp.Diff(want, table.On(d)); diff != "" {
					t.Errorf("%s: (-want +got)\n%s", d, diff)
				}
			}
		})
	}
	wait.Wait()
}

func ExampleCalendar_Advance() {
	hours, _ := ParseHours("Mo-Fr 08:00-20:00")
	cal := &Calendar{Zone: time.UTC, Hours: hours}
	friday := time.Date(2026, 8, 7, 19, 30, 0, 0, time.UTC)
	ready, _ := cal.Advance(friday.Unix(), 2*time.Hour)
	fmt.Println(time.Unix(ready, 0).UTC().Format("Mon 15:04"))
	// Output: Mon 09:30
}
