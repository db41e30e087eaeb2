package lanes

import (
	"testing"
	"time"
)

func benchCalendar(b *testing.B) *Calendar {
	b.Helper()
	return calendar(b, "Europe/Helsinki", "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off", "2026-12-24..2026-12-26")
}

var tuesday = time.Date(2026, 8, 4, 6, 30, 0, 0, time.UTC).Unix()

func BenchmarkOpen(b *testing.B) {
	cal := benchCalendar(b)
	d := cal.DateOf(tuesday)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		cal.Open(d.Add(i & 7))
	}
}

func BenchmarkOpenMiss(b *testing.B) {
	cal := benchCalendar(b)
	d := cal.DateOf(tuesday)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		cal.Open(d.Add(i * 7 & 1023))
	}
}

func BenchmarkDateOf(b *testing.B) {
	cal := benchCalendar(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		cal.DateOf(tuesday + int64(i&7)*daySeconds)
	}
}

func BenchmarkAdvance(b *testing.B) {
	cal := benchCalendar(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		cal.Advance(tuesday+int64(i&7)*daySeconds, 2*time.Hour+20*time.Minute)
	}
}

func BenchmarkAdvanceClosedForever(b *testing.B) {
	cal := calendar(b, "Europe/Helsinki", "off")
	b.ReportAllocs()
	for b.Loop() {
		cal.Advance(tuesday, time.Hour)
	}
}

func BenchmarkTimetableOn(b *testing.B) {
	cal := benchCalendar(b)
	table := NewBlocks(cal, blocks(b, "Mo-Sa 10:00-12:00", "Mo-Sa 16:00-18:00", "Mo-Fr 18:00-20:30"))
	d := cal.DateOf(tuesday)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		table.On(d.Add(i & 7))
	}
}

func BenchmarkDeadline(b *testing.B) {
	cal := benchCalendar(b)
	promise := Promise{Kind: WorkingDays, Days: 2, By: 21 * 60}
	b.ReportAllocs()
	for b.Loop() {
		promise.Deadline(tuesday, cal)
	}
}

func BenchmarkMissed(b *testing.B) {
	cal := benchCalendar(b)
	cutoffs := Cutoffs{{Days: EveryDay &^ only(time.Saturday) &^ only(time.Sunday), At: 17 * 60}}
	b.ReportAllocs()
	for b.Loop() {
		cutoffs.Missed(tuesday, cal)
	}
}

func BenchmarkArrival(b *testing.B) {
	cal := benchCalendar(b)
	transit := Transit{Min: 1, Max: 2}
	b.ReportAllocs()
	for b.Loop() {
		transit.Arrival(tuesday, cal, 21*60)
	}
}

func BenchmarkLaneSlot(b *testing.B) {
	d := DateOf(tuesday, nil)
	b.ReportAllocs()
	for b.Loop() {
		LaneSlot("kallio", "bike", d, 600, UnitParcels)
	}
}

func BenchmarkStack(b *testing.B) {
	lines := []Line{
		{SKU: "mug-blue", Quantity: 2, Grams: 350, Box: Box{100, 80, 90}},
		{SKU: "print-a3", Quantity: 1, Grams: 120, Box: Box{60, 60, 450}},
		{SKU: "mug-blue", Quantity: 1, Grams: 350, Box: Box{100, 80, 90}},
	}
	var lots []Lot
	b.ReportAllocs()
	for b.Loop() {
		lots = Sum(lots[:0], lines)
		Stack(lots, Box{300, 200, 150})
	}
}

func BenchmarkMatch(b *testing.B) {
	patterns := []Pattern{pattern(b, "print-a3"), pattern(b, "candle-*"), pattern(b, "mug-*")}
	b.ReportAllocs()
	for b.Loop() {
		MatchAny(patterns, "mug-blue")
	}
}
