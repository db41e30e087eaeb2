package replay

import (
	"math"
	"slices"
	"time"
)

// told are the percentiles of the slack that a report tells.
var told = []int{1, 5, 10, 25, 50, 75, 90, 95, 99}

// percentile is the nearest rank of sorted values; 0 of none.
func percentile(sorted []int64, p int) int64 {
	if len(sorted) == 0 {
		return 0
	}
	rank := (p*len(sorted) + 99) / 100
	return sorted[max(rank, 1)-1]
}

func (r *Result) distance() (d Distance) {
	var metres []int64
	sum := int64(0)
	for _, j := range r.Journeys {
		if j.Dispatched() && j.Cell != 0 { // without a cell, no distance is known
			metres = append(metres, j.Sent.DistanceM)
			sum += j.Sent.DistanceM
		}
	}
	if len(metres) == 0 {
		return d
	}
	slices.Sort(metres)
	return Distance{Mean: float64(sum) / float64(len(metres)), P50: percentile(metres, 50), P90: percentile(metres, 90)}
}

func (r *Result) slack() Slack {
	out := Slack{Percentiles: []Percentile{}, Histogram: []Bin{}}
	var minutes []int64
	for _, j := range r.Journeys {
		if j.Dispatched() {
			minutes = append(minutes, int64(math.Floor(float64(j.Slack())/float64(time.Minute))))
		}
	}
	if len(minutes) == 0 {
		return out
	}
	slices.Sort(minutes)
	for _, p := range told {
		out.Percentiles = append(out.Percentiles, Percentile{P: p, Minutes: percentile(minutes, p)})
	}
	out.Histogram = histogram(minutes)
	return out
}

// mostBins is how many bars a histogram has at most.
const mostBins = 40

// histogram counts sorted minutes in bins of whole hours that begin at
// midnights and noons, so to speak: at multiples of their width.
func histogram(minutes []int64) []Bin {
	width := int64(1)
	first, last := minutes[0], minutes[len(minutes)-1]
	for _, width = range []int64{1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 1 << 20} {
		if floorDiv(last, width*60)-floorDiv(first, width*60) < mostBins {
			break
		}
	}
	low := floorDiv(first, width*60)
	bins := make([]Bin, floorDiv(last, width*60)-low+1)
	for i := range bins {
		bins[i] = Bin{From: int((low + int64(i)) * width), Width: int(width)}
	}
	for _, m := range minutes {
		bins[floorDiv(m, width*60)-low].Orders++
	}
	return bins
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
