package lanes

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata"
)

// must returns v of a call that has to succeed.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	return must[*time.Location](t)(time.LoadLocation(name))
}

func dateSet(t testing.TB, runs ...string) DateSet {
	t.Helper()
	var all []Dates
	for _, r := range runs {
		all = append(all, must[Dates](t)(ParseDates(r)))
	}
	return NewDateSet(all...)
}

func calendar(t testing.TB, zoneName, hours string, holidays ...string) *Calendar {
	t.Helper()
	return &Calendar{
		Zone:     zone(t, zoneName),
		Hours:    must[Hours](t)(ParseHours(hours)),
		Holidays: dateSet(t, holidays...),
	}
}

func blocks(t testing.TB, texts ...string) []Block {
	t.Helper()
	var all []Block
	for _, text := range texts {
		all = append(all, must[Block](t)(ParseBlock(text)))
	}
	return all
}

func collections(t testing.TB, texts ...string) []Collection {
	t.Helper()
	var all []Collection
	for _, text := range texts {
		all = append(all, must[Collection](t)(ParseCollection(text)))
	}
	return all
}

func pattern(t testing.TB, text string) Pattern {
	t.Helper()
	return must[Pattern](t)(ParsePattern(text))
}

func date(t testing.TB, text string) Date {
	t.Helper()
	return must[Date](t)(ParseDate(text))
}

// instant reads an RFC 3339 time.
func instant(t testing.TB, text string) int64 {
	t.Helper()
	return must[time.Time](t)(time.Parse(time.RFC3339, text)).Unix()
}

// show writes t as the wall in zone shows it.
func show(t int64, zone *time.Location) string { return time.Unix(t, 0).In(zone).Format(time.RFC3339) }

// refused checks that err is a *SyntaxError at offset.
func refused(t testing.TB, err error, offset int, msg string) {
	t.Helper()
	var syntax *SyntaxError
	if !errors.As(err, &syntax) {
		t.Fatalf("got error %v, want a *SyntaxError", err)
	}
	if syntax.Offset != offset || syntax.Msg != msg {
		t.Errorf("got %d: %s (%s)\nwant %d: %s", syntax.Offset, syntax.Msg, syntax.Hint, offset, msg)
	}
}
