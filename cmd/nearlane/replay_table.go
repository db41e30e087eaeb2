package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router/replay"
	"github.com/nearlane/nearlane/router/replay/page"
)

// hours tells how much of the departures is taken, in percent, by site and by
// the hour of the day in which they start.
func (t *reportText) hours(r *replay.Report) {
	var any [24]bool
	for _, s := range r.Sites {
		for _, h := range s.Hours {
			any[h.Hour] = true
		}
	}
	head := []string{"% taken, by hour"}
	for hour, there := range any {
		if there {
			head = append(head, strconv.Itoa(hour))
		}
	}
	if len(head) == 1 {
		return
	}
	rows := [][]string{head}
	for _, s := range r.Sites {
		row := []string{s.Site}
		for hour, there := range any {
			if there {
				row = append(row, useAt(&s, hour))
			}
		}
		rows = append(rows, row)
	}
	t.title("HOW FULL LANES ARE")
	t.rows(rows)
}

func useAt(s *replay.Site, hour int) string {
	for _, h := range s.Hours {
		if h.Hour == hour {
			return strconv.FormatFloat(100*h.Use, 'f', 0, 64)
		}
	}
	return "·"
}

// mostFullestTold is how many of the fullest slots are told.
const mostFullestTold = 8

func (t *reportText) fullest(r *replay.Report) {
	if len(r.Fullest) == 0 {
		return
	}
	t.title("FULLEST SLOTS")
	rows := [][]string{{"", "taken", "of", "turned away"}}
	for _, f := range r.Fullest[:min(len(r.Fullest), mostFullestTold)] {
		unit := f.Slot[strings.LastIndexByte(f.Slot, ':')+1:]
		rows = append(rows, []string{f.Slot, page.Amount(f.Used, unit), page.Amount(f.Limit, unit), strconv.Itoa(f.Refused)})
	}
	t.rows(rows)
}

// mostFlows is how many of the ways that orders moved are told.
const mostFlows = 12

func (t *reportText) moved(out *replayed) {
	c := out.Comparison
	t.title("MOVED")
	t.rows([][]string{
		{"to another site", strconv.Itoa(c.Moved), percent(c.Share())},
		{"to another lane of the site", strconv.Itoa(c.OtherLane), ""},
		{"promised earlier, at the same site", strconv.Itoa(c.Earlier), ""},
		{"promised later", strconv.Itoa(c.Later), ""},
	})
	if len(c.Flows) == 0 {
		return
	}
	t.title("FROM AND TO")
	var rows [][]string
	for _, f := range c.Flows[:min(len(c.Flows), mostFlows)] {
		rows = append(rows, []string{f.From + " -> " + f.To, strconv.Itoa(f.Orders)})
	}
	t.rows(rows)
	if more := len(c.Flows) - mostFlows; more > 0 {
		fmt.Fprintf(t, "  and %d more ways\n", more)
	}
}

// sweep tells what each value brings, with a bar from the least to the most in
// time.
func (t *reportText) sweep(s *replay.Swept, r *replay.Report) {
	places := ""
	if s.Places > 1 {
		places = fmt.Sprintf(", at each of %d places", s.Places)
	}
	t.title("SWEEP " + s.Path + places)
	least, most := s.Points[0].InTime, s.Points[0].InTime
	for _, p := range s.Points {
		least, most = min(least, p.InTime), max(most, p.InTime)
	}
	rows := [][]string{{"value", "dispatched", "in time", "per unit", "unroutable", r.Currency + " each", ""}}
	for i, p := range s.Points {
		gain := ""
		if i > 0 {
			gain = fmt.Sprintf("%+.1f", p.GainInTime)
		}
		bar := strings.Repeat("█", 1+9*(p.InTime-least)/max(most-least, 1))
		bar += strings.Repeat(" ", 10-len([]rune(bar)))
		if i == s.Knee {
			bar += " <- knee"
		} else {
			bar += "        "
		}
		rows = append(rows, []string{strconv.FormatInt(p.Value, 10), strconv.Itoa(p.Dispatched), strconv.Itoa(p.InTime), gain,
			strconv.Itoa(p.Unroutable), lanes.FormatMoney(int64(p.PerOrder+0.5), r.Cost.Decimals), bar})
	}
	t.rows(rows)
	t.WriteString("  " + s.Says() + "\n")
}

func (t *reportText) verdicts(list []replay.Verdict) {
	if len(list) == 0 {
		return
	}
	t.title("THRESHOLDS")
	var rows [][]string
	for _, v := range list {
		word := "ok"
		if v.Failed {
			word = "FAILED"
		}
		rows = append(rows, []string{v.Threshold, v.Value, word})
	}
	t.rows(rows)
}
