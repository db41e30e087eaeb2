package page

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router/replay"
)

// table is rows of cells; those of the columns named in Text are words, the
// others numbers.
type table struct {
	Head []string
	Rows [][]string
	Note string
}

// Empty reports whether there is nothing in it.
func (t table) Empty() bool { return len(t.Rows) == 0 }

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + " %" }

// points is a difference of shares in percentage points.
func points(v float64) string {
	if v == 0 {
		return "±0"
	}
	return fmt.Sprintf("%+.1f", 100*v)
}

// figures are what one looks at first.
func (p *Page) figures() []figure {
	r, b := p.Report, p.Before
	share := func(name string, of func(*replay.Report) int) figure {
		f := figure{Value: percent(r.Share(of(r))), Name: name}
		if b != nil {
			f.Change = points(r.Share(of(r))-b.Share(of(b))) + " points"
		}
		return f
	}
	list := []figure{
		share("dispatched in time", inTime),
		share("dispatched late", func(r *replay.Report) int { return r.Late }),
		share("unroutable", func(r *replay.Report) int { return r.Unroutable }),
	}
	facts := Facts(r, b)
	for _, name := range []string{"cost of an order", "distance, mean", "slack, median"} {
		for _, f := range facts {
			if f.Name == name {
				list = append(list, figure{Value: f.Value, Name: f.Name, Change: f.Change})
			}
		}
	}
	return list
}

func inTime(r *replay.Report) int { return r.Dispatched - r.Late }

// Outcome is one count of orders.
type Outcome struct {
	Name string
	Of   func(*replay.Report) int
}

// Outcomes are the counts of orders that a report begins with. What is part of
// the one before is indented.
var Outcomes = []Outcome{
	{"dispatched", func(r *replay.Report) int { return r.Dispatched }},
	{"  in time", inTime},
	{"  late", func(r *replay.Report) int { return r.Late }},
	{"    placed past the cut-off", func(r *replay.Report) int { return r.PastCutoff }},
	{"  at another service level", func(r *replay.Report) int { return r.Fallback }},
	{"unroutable", func(r *replay.Report) int { return r.Unroutable }},
	{"cancelled", func(r *replay.Report) int { return r.Cancelled }},
	{"had to wait", func(r *replay.Report) int { return r.Waiting.Orders }},
	{"  and were dispatched", func(r *replay.Report) int { return r.Waiting.Dispatched }},
}

func (p *Page) outcomes() table {
	t := table{Head: []string{"", "orders", "share"}}
	if p.Before != nil {
		t.Head = append(t.Head, "against", "change")
	}
	for _, o := range Outcomes {
		n := o.Of(p.Report)
		name := strings.ReplaceAll(o.Name, "  ", "\u2003")
		row := []string{name, strconv.Itoa(n), percent(p.Report.Share(n))}
		if p.Before != nil {
			row = append(row, strconv.Itoa(o.Of(p.Before)), Difference(n-o.Of(p.Before)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (p *Page) facts() table {
	t := table{Head: []string{"", "now"}}
	if p.Before != nil {
		t.Head = append(t.Head, "against", "change")
	}
	for _, f := range Facts(p.Report, p.Before) {
		if !strings.HasPrefix(f.Name, "slack") { // stands beside its plot
			t.Rows = append(t.Rows, append([]string{f.Name, f.Value}, f.Rest()...))
		}
	}
	return t
}

func (p *Page) slack() table {
	t := table{Head: []string{"of the orders", "have at most"}}
	if p.Before != nil {
		t.Head = append(t.Head, "against", "change")
	}
	for _, f := range Facts(p.Report, p.Before) {
		if of, found := strings.CutPrefix(f.Name, "slack, "); found {
			t.Rows = append(t.Rows, append([]string{strings.TrimSuffix(of, " have at most"), f.Value}, f.Rest()...))
		}
	}
	return t
}

func counts(list []replay.Count, r *replay.Report) table {
	t := table{Head: []string{"", "orders", "share"}}
	for _, c := range list {
		t.Rows = append(t.Rows, []string{c.Code, strconv.Itoa(c.Orders), percent(r.Share(c.Orders))})
	}
	return t
}

func (p *Page) levels() table {
	t := table{Head: []string{"asked for → got", "orders", "share"}}
	for _, l := range p.Report.Levels {
		t.Rows = append(t.Rows, []string{l.Asked + " → " + l.End(), strconv.Itoa(l.Orders), percent(l.Share)})
	}
	return t
}

// weekdays is the mean of each weekday: days alone are in the plot.
func (p *Page) weekdays() table {
	var sum [7]replay.Day
	var days [7]int
	for _, d := range p.Report.Days {
		date, err := lanes.ParseDate(d.Date)
		if err != nil {
			continue
		}
		w := date.Weekday()
		days[w]++
		sum[w].InTime += d.InTime
		sum[w].Late += d.Late
		sum[w].Unroutable += d.Unroutable
		sum[w].Cancelled += d.Cancelled
	}
	t := table{Head: []string{"mean of", "orders", "in time", "late", "unroutable", "cancelled"}}
	for i := range 7 {
		w := time.Weekday((i + 1) % 7)
		if days[w] == 0 {
			continue
		}
		mean := func(n int) string { return strconv.FormatFloat(float64(n)/float64(days[w]), 'f', 1, 64) }
		t.Rows = append(t.Rows, []string{w.String(), mean(sum[w].Orders()), mean(sum[w].InTime), mean(sum[w].Late), mean(sum[w].Unroutable), mean(sum[w].Cancelled)})
	}
	return t
}

func (p *Page) sites() table {
	t := table{Head: []string{"site", "orders", "share", p.Report.Currency + " each", "mean km"}}
	if p.Before != nil {
		t.Head = append(t.Head, "orders against", "change")
	}
	for _, s := range p.Report.Sites {
		each := "–"
		if s.Orders > 0 {
			each = lanes.FormatMoney(s.Cost/int64(s.Orders), p.Report.Cost.Decimals)
		}
		row := []string{s.Site, strconv.Itoa(s.Orders), percent(s.Share), each, Kilometres(s.Distance)}
		if p.Before != nil {
			n := ordersOf(p.Before, s.Site)
			row = append(row, strconv.Itoa(n), Difference(s.Orders-n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func ordersOf(r *replay.Report, site string) int {
	for _, s := range r.Sites {
		if s.Site == site {
			return s.Orders
		}
	}
	return 0
}
