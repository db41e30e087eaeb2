package page

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nearlane/nearlane/router/replay"
)

// Fact is one number of a report, and of the one it is compared with.
type Fact struct {
	Name, Value    string
	Before, Change string // empty without another report
}

// Rest is what stands beside the value, if there is another report.
func (f *Fact) Rest() []string {
	if f.Before == "" {
		return nil
	}
	return []string{f.Before, f.Change}
}

// quantity is how a number is taken from a report and written.
type quantity struct {
	name string
	of   func(*replay.Report) float64
	text func(r *replay.Report, v float64) string
}

// Facts are cost, distance and slack, written out with their units.
func Facts(r, before *replay.Report) []Fact {
	list := []quantity{
		{"cost of an order", func(r *replay.Report) float64 { return r.Cost.PerOrder }, money},
		{"cost of all", func(r *replay.Report) float64 { return float64(r.Cost.Total) }, money},
		{"distance, mean", func(r *replay.Report) float64 { return r.Distance.Mean }, kilometres},
		{"distance, median", func(r *replay.Report) float64 { return float64(r.Distance.P50) }, kilometres},
		{"distance, 90%", func(r *replay.Report) float64 { return float64(r.Distance.P90) }, kilometres},
	}
	for i, p := range r.Slack.Percentiles {
		name := fmt.Sprintf("slack, %d%% have at most", p.P)
		if p.P == 50 {
			name = "slack, median"
		}
		list = append(list, quantity{name, func(r *replay.Report) float64 {
			if i < len(r.Slack.Percentiles) {
				return float64(r.Slack.Percentiles[i].Minutes)
			}
			return math.NaN()
		}, hoursAndMinutes})
	}
	facts := make([]Fact, len(list))
	for i, q := range list {
		v := q.of(r)
		facts[i] = Fact{Name: q.name, Value: q.text(r, v)}
		if before != nil {
			b := q.of(before)
			facts[i].Before, facts[i].Change = q.text(before, b), signed(v-b, q.text(r, v-b))
		}
	}
	return facts
}

// signed puts a plus before what is more.
func signed(v float64, text string) string {
	if v > 0 {
		return "+" + text
	}
	return text
}

// Difference writes a change of a count: "+3", "-3", "0".
func Difference(n int) string { return signed(float64(n), strconv.Itoa(n)) }

func money(r *replay.Report, v float64) string {
	return fixed(v/math.Pow10(r.Cost.Decimals), r.Cost.Decimals) + " " + r.Currency
}

// fixed writes a number with so many decimals, and no minus before nothing.
func fixed(v float64, decimals int) string {
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if v < 0 && strings.Trim(text, "-0.") == "" {
		return text[1:]
	}
	return text
}

func kilometres(_ *replay.Report, v float64) string { return Kilometres(v) + " km" }

// Kilometres writes metres.
func Kilometres(metres float64) string { return fixed(metres/1000, 1) }

// hoursAndMinutes writes minutes: "3h05m", "-26h40m".
func hoursAndMinutes(_ *replay.Report, v float64) string {
	if math.IsNaN(v) {
		return "none"
	}
	sign, n := "", int64(v)
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%dh%02dm", sign, n/60, n%60)
}
