package demo

import (
	"math/rand/v2"
	"slices"
	"time"
)

// Span of the demo's day: a morning's start, the lunch rush, the rush to make
// the cut-off, and those who missed it.
const dayLength = 10 * time.Hour

// rush is how busy each hour of a local day is.
var rush = [24]float64{
	0.2, 0.1, 0.1, 0.1, 0.1, 0.2, 0.4, 0.7,
	0.9, 1.4, 1.5, 2.2, 2.3, 1.3, 1.2, 1.7,
	2.3, 0.7, 0.3, 0.4, 0.5, 0.5, 0.4, 0.3,
}

// placingTimes draws when n orders are placed during the day that begins at
// start, in order, to the second.
func placingTimes(r *rand.Rand, n int, start time.Time) []time.Time {
	const step = time.Minute
	busy := make([]float64, dayLength/step) // up to and with each minute
	total := 0.0
	for i := range busy {
		total += rush[start.Add(time.Duration(i)*step).Hour()]
		busy[i] = total
	}
	times := make([]time.Time, n)
	for i := range times {
		minute, _ := slices.BinarySearch(busy, r.Float64()*total)
		times[i] = start.Add(time.Duration(minute)*step + time.Duration(r.IntN(60))*time.Second)
	}
	slices.SortFunc(times, time.Time.Compare)
	return times
}

// NextTuesday is the first Tuesday after now at 09:00 of now's zone that is no
// holiday: a day as ordinary as can be, whenever the demo is run.
func NextTuesday(now time.Time, holiday func(time.Time) bool) time.Time {
	year, month, day := now.Date()
	day += int(time.Tuesday - now.Weekday())
	first := time.Time{}
	for weeks := range 10 {
		t := time.Date(year, month, day+7*weeks, 9, 0, 0, 0, now.Location())
		if !t.After(now) {
			continue
		}
		if first.IsZero() {
			first = t
		}
		if !holiday(t) {
			return t
		}
	}
	return first
}
