package page

import (
	"math"
	"strconv"
	"time"

	"github.com/nearlane/nearlane/router/drawing"
	"github.com/nearlane/nearlane/router/replay"
)

// Inks of outcomes, from good to bad; each has a pattern or a grey of its own.
var (
	inkInTime     = drawing.Ink{Fill: "#2f6690", Line: "#1d4462"}
	inkLate       = drawing.Ink{Fill: "#f6d48f", Line: "#8a5a00", Pattern: drawing.Slanted}
	inkUnroutable = drawing.Ink{Fill: "#ffffff", Line: "#a40e26"}
	inkCancelled  = drawing.Ink{Fill: "#ececec", Line: "#57606a", Pattern: drawing.Dotted}
	inkBefore     = drawing.Ink{Fill: "#f1f1ee", Line: "#57606a", Pattern: drawing.Slanted}
)

// days is how many orders each day had, by what became of them.
func (p *Page) days() []byte {
	series := []drawing.Series{{Label: "in time", Ink: inkInTime}, {Label: "late", Ink: inkLate}, {Label: "unroutable", Ink: inkUnroutable}, {Label: "cancelled", Ink: inkCancelled}}
	b := drawing.Bars{ID: "days", Title: "Orders per day by outcome", Unit: "orders"}
	cancelled := false
	for _, d := range p.Report.Days {
		b.Columns = append(b.Columns, dayLabel(d.Date, len(p.Report.Days)))
		for i, n := range []int{d.InTime, d.Late, d.Unroutable, d.Cancelled} {
			series[i].Values = append(series[i].Values, float64(n))
		}
		cancelled = cancelled || d.Cancelled > 0
	}
	if !cancelled {
		series = series[:3]
	}
	b.Series = series
	return b.SVG()
}

// fewDays is up to how many days each has a label; of more, Mondays do.
const fewDays = 14

func dayLabel(text string, days int) string {
	date, err := time.Parse(time.DateOnly, text)
	if err != nil || days > fewDays && date.Weekday() != time.Monday {
		return ""
	}
	return date.Format("Mon 2 Jan")
}

// heat is how full the departures of each site are, by hour.
func (p *Page) heat() []byte {
	var used [24]bool
	for _, s := range p.Report.Sites {
		for _, h := range s.Hours {
			used[h.Hour] = true
		}
	}
	h := drawing.Heat{ID: "hours", Title: "Use of lanes by site and hour, in percent"}
	var hours []int
	for hour, there := range used {
		if there {
			hours = append(hours, hour)
			h.Columns = append(h.Columns, strconv.Itoa(hour)+" h")
		}
	}
	for _, s := range p.Report.Sites {
		h.Rows = append(h.Rows, s.Site)
		row, below := make([]float64, len(hours)), make([]string, len(hours))
		for i, hour := range hours {
			row[i] = useAt(p.Report, s.Site, hour)
			if p.Before != nil && !math.IsNaN(row[i]) {
				if before := useAt(p.Before, s.Site, hour); !math.IsNaN(before) && math.Round(100*before) != math.Round(100*row[i]) {
					below[i] = "was " + strconv.Itoa(int(math.Round(100*before)))
				}
			}
		}
		h.Shares = append(h.Shares, row)
		if p.Before != nil {
			h.Below = append(h.Below, below)
		}
	}
	return h.SVG()
}

func useAt(r *replay.Report, site string, hour int) float64 {
	for _, s := range r.Sites {
		for _, h := range s.Hours {
			if s.Site == site && h.Hour == hour {
				return h.Use
			}
		}
	}
	return math.NaN()
}

// histogram is how much slack the dispatched orders have.
func (p *Page) histogram() []byte {
	b := drawing.Bars{ID: "slack", Title: "Slack of the dispatched orders", Unit: "orders", Height: 220, Beside: true,
		Caption: "hours before the promise of the level asked for, from; less than 0 is late"}
	bins := p.Report.Slack.Histogram
	series := []drawing.Series{{Ink: inkInTime}}
	if p.Before != nil {
		series[0].Label = "this config"
		series = append(series, drawing.Series{Label: "against", Ink: inkBefore})
	}
	for _, bin := range bins {
		b.Columns = append(b.Columns, strconv.Itoa(bin.From))
		series[0].Values = append(series[0].Values, float64(bin.Orders))
		if p.Before != nil {
			series[1].Values = append(series[1].Values, float64(ordersIn(p.Before.Slack.Histogram, bin)))
		}
	}
	b.Series = series
	return b.SVG()
}

// ordersIn counts the orders of another histogram that lie in a bin, as far as
// its own bins tell.
func ordersIn(bins []replay.Bin, in replay.Bin) (n int) {
	for _, b := range bins {
		if b.From >= in.From && b.From < in.From+in.Width {
			n += b.Orders
		}
	}
	return n
}
