package lanes

import (
	"errors"
	"testing"
	"time"
)

// judged checks an answer of a parser: an error points into the text, and
// what was read, written again, reads the same.
func judged[T interface {
	comparable
	String() string
}](t *testing.T, text string, parse func(string) (T, error)) {
	t.Helper()
	got, err := parse(text)
	if err != nil {
		pointsInto(t, text, err)
		return
	}
	if again, err := parse(got.String()); err != nil || again != got {
		t.Errorf("%q: read %v, written again %v, %v", text, got, again, err)
	}
}

func pointsInto(t *testing.T, text string, err error) {
	t.Helper()
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Msg == "" || syntax.Offset < 0 || syntax.Offset > len(text) {
		t.Errorf("%q: got error %#v", text, err)
	}
}

func FuzzParseHours(f *testing.F) {
	for _, text := range []string{
		"Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off; Dec 24 08:00-14:00", "24/7", "off", "Fr-Mo 10:00-24:00; PH,Su 10:00-12:00,13:00-14:00",
		"24/7; Dec 24-Jan 06 off", "Mo 22:00-02:00", "Mo–Fr 08:00-20:00", "Feb 29 00:00-24:00", "Mo 08:00-12:00,12:00-14:00 ;off",
	} {
		f.Add(text)
	}
	helsinki := zone(f, "Europe/Helsinki")
	f.Fuzz(func(t *testing.T, text string) {
		hours, err := ParseHours(text)
		if err != nil {
			pointsInto(t, text, err)
			return
		}
		cal := &Calendar{Zone: helsinki, Hours: hours, Holidays: NewDateSet(Dates{20750, 20752})}
		for d := DateIn(2026, 10, 20); d < DateIn(2026, 10, 31); d++ {
			last := cal.At(d, 0)
			for i, s := range cal.Open(d) {
				if s.Start >= s.End || s.Start < last || i > 0 && s.Start == last || s.End > cal.At(d, EndOfDay) {
					t.Fatalf("%q: %s: span %v after %d", text, d, s, last)
				}
				last = s.End
			}
		}
		from := cal.At(DateIn(2026, 10, 24), 0)
		if at, ok := cal.Advance(from, time.Hour); ok && at < from+3600 {
			t.Errorf("%q: an hour from %d is %d", text, from, at)
		}
	})
}

func FuzzParseBlock(f *testing.F) {
	for _, text := range []string{"Mo-Sa 10:00-12:00", "10:00-24:00", "Mo,We,Fr-Su 00:00-00:01", "PH 10:00-12:00", "Mo 10:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { judged(t, text, ParseBlock) })
}

func FuzzParseCollection(f *testing.F) {
	for _, text := range []string{"Mo-Fr 17:30", "24:00", "Sa,Su 09:00", "Mo 00:00", "Fr-Mo 1:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		judged(t, text, ParseCollection)
		judged(t, text, ParseCutoff)
	})
}

func FuzzParseDates(f *testing.F) {
	for _, text := range []string{"2026-12-24..2026-12-26", "2028-02-29", "2026-02-29", "2026-12-24 .. 2026-12-26", "1969-12-31"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		judged(t, text, ParseDates)
		judged(t, text, ParseDate)
		dates, err := ParseDates(text)
		if err == nil && (!NewDateSet(dates).Has(dates.From) || !NewDateSet(dates).Has(dates.To)) {
			t.Errorf("%q: the set does not hold its ends", text)
		}
	})
}

func FuzzParseClock(f *testing.F) {
	for _, text := range []string{"08:00", "24:00", "24:01", "8:00", "08:60"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { judged(t, text, ParseClock) })
}

func FuzzParseDuration(f *testing.F) {
	for _, text := range []string{"20m", "1h30m", "2d", "366d", "1s1s", "9223372036854775808s"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDuration(text)
		if err != nil {
			pointsInto(t, text, err)
			return
		}
		if again, err := ParseDuration(FormatDuration(d)); err != nil || again != d || d < 0 || d > maxDuration {
			t.Errorf("%q: read %s, written again %s, %v", text, d, again, err)
		}
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, text := range []string{"4.20", "0.07", "9223372036854775807", "1e3", "4,20", "-1", "00"} {
		f.Add(text, uint8(2))
		f.Add(text, uint8(0))
	}
	f.Fuzz(func(t *testing.T, text string, decimals uint8) {
		n := int(decimals % 5)
		minor, err := ParseMoney(text, n)
		if err != nil {
			pointsInto(t, text, err)
			return
		}
		if again, err := ParseMoney(FormatMoney(minor, n), n); err != nil || again != minor || minor < 0 {
			t.Errorf("%q: read %d, written again %d, %v", text, minor, again, err)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add("mug-*", "mug-blue")
	f.Add("a*ab*b", "aabb")
	f.Add("*a*", "bab")
	f.Add("**", "")
	f.Fuzz(func(t *testing.T, text, sku string) {
		p, err := ParsePattern(text)
		if err != nil {
			pointsInto(t, text, err)
			return
		}
		if got, want := p.Match(sku), stands(text, sku); got != want {
			t.Errorf("%q on %q: got %v", text, sku, got)
		}
	})
}

// stands is Pattern.Match letter by letter: reach[i] says that the pattern so
// far stands for sku[:i].
func stands(pattern, sku string) bool {
	reach := make([]bool, len(sku)+1)
	reach[0] = true
	for p := range len(pattern) {
		next := make([]bool, len(sku)+1)
		for i := range next {
			if pattern[p] == '*' {
				next[i] = reach[i] || i > 0 && next[i-1]
			} else {
				next[i] = i > 0 && reach[i-1] && sku[i-1] == pattern[p]
			}
		}
		reach = next
	}
	return reach[len(sku)]
}

func FuzzParseSlot(f *testing.F) {
	f.Add("lane/kallio/bike:2026-08-04T10:00:parcels")
	f.Add("make/works/resin:2026-08-04:units")
	f.Add("locker/bank/S:2026-08-04:parcels")
	f.Add("locker/bank/S:2026-08-04T10:00:parcels")
	f.Fuzz(func(t *testing.T, id string) {
		if slot, err := ParseSlot(id); err == nil && slot.String() != id {
			t.Errorf("%q: read %+v, written again %q", id, slot, slot)
		}
	})
}
