package main

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
	"github.com/nearlane/nearlane/router/replay/page"
)

// write writes the report the ways that are asked for.
func (o *replayOptions) write(w io.Writer, r *rerun, out *replayed) error {
	if o.html != "" {
		if err := o.writePage(r, out); err != nil {
			return err
		}
	}
	if o.asJSON {
		return writeJSON(w, out)
	}
	t := reportText{}
	t.all(out)
	_, err := io.WriteString(w, t.String())
	return err
}

func (o *replayOptions) writePage(r *rerun, out *replayed) error {
	p := page.Page{
		Config: out.Config, Report: out.Report, Against: out.Against, Before: out.Before,
		Comparison: out.Comparison, Sweeps: out.Sweeps, Verdicts: out.Verdicts, Refused: len(out.Refused),
		Sites: r.after.config.Sites, Lockers: r.after.config.Lockers,
	}
	data, err := p.HTML()
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.html, data, 0o644); err != nil {
		return codedError{exitCantCreate, fmt.Errorf("write report: %w", err)}
	}
	return nil
}

// reportText tells a replay to a person.
type reportText struct{ strings.Builder }

func (t *reportText) all(out *replayed) {
	t.heading(out)
	t.outcomes(out)
	t.reasons("UNROUTABLE BECAUSE", out.Report.Reasons, out.Report)
	t.reasons("LATE BECAUSE", out.Report.LateFor, out.Report)
	t.levels(out.Report)
	t.sites(out.Report)
	t.hours(out.Report)
	t.fullest(out.Report)
	if out.Comparison != nil {
		t.moved(out)
	}
	for _, s := range out.Sweeps {
		t.sweep(s, out.Report)
	}
	t.verdicts(out.Verdicts)
}

func (t *reportText) heading(out *replayed) {
	r := out.Report
	zone := zoneOf(r.Zone)
	fmt.Fprintf(t, "%s, config %s (%s)\n", r.Network, r.Revision, out.Config)
	if out.Before != nil {
		fmt.Fprintf(t, "against config %s (%s)\n", out.Before.Revision, out.Against)
	}
	const layout = "Mon 2 Jan 2006 15:04"
	fmt.Fprintf(t, "%s, %s to %s (%s)\n", counted(r.Orders, "order"), r.From.In(zone).Format(layout), r.To.In(zone).Format(layout), r.Zone)
	if n := len(out.Refused) + r.Repeats; n > 0 {
		fmt.Fprintf(t, "beside them %s, %d of them with other content, and %d refused\n", counted(r.Repeats, "repeat"), r.Changed, len(out.Refused))
	}
}

// title begins a part.
func (t *reportText) title(text string) { fmt.Fprintf(t, "\n%s\n", text) }

// rows writes cells in columns: the first to the left, the others to the right.
func (t *reportText) rows(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		line := " "
		for i, cell := range row {
			pad := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if i == 0 {
				line += " " + cell + pad
			} else {
				line += "  " + pad + cell
			}
		}
		t.WriteString(strings.TrimRight(line, " ") + "\n")
	}
}

// outcomes tells what became of the orders, and by how much that changed.
func (t *reportText) outcomes(out *replayed) {
	t.title("OUTCOME")
	var rows [][]string
	head := []string{"", "orders", "share"}
	if out.Before != nil {
		head = append(head, "against", "change")
	}
	rows = append(rows, head)
	for _, o := range page.Outcomes {
		n := o.Of(out.Report)
		row := []string{o.Name, strconv.Itoa(n), percent(out.Report.Share(n))}
		if out.Before != nil {
			before := o.Of(out.Before)
			row = append(row, strconv.Itoa(before), page.Difference(n-before))
		}
		rows = append(rows, row)
	}
	t.rows(rows)
	rows = nil
	for _, fact := range page.Facts(out.Report, out.Before) {
		rows = append(rows, append([]string{fact.Name, fact.Value}, fact.Rest()...))
	}
	t.title("COST, DISTANCE, SLACK")
	t.rows(rows)
}

func percent(share float64) string { return strconv.FormatFloat(100*share, 'f', 1, 64) + "%" }

func (t *reportText) reasons(title string, list []replay.Count, r *replay.Report) {
	if len(list) == 0 {
		return
	}
	t.title(title)
	meanings := map[string]string{}
	for _, m := range router.ReasonCodes() {
		meanings[m[0]] = m[1]
	}
	for _, c := range list {
		fmt.Fprintf(t, "  %6d %6s  %s\n", c.Orders, percent(r.Share(c.Orders)), c.Code)
		if m := meanings[c.Code]; m != "" && len(m) <= width-18 {
			fmt.Fprintf(t, "                  %s\n", m)
		}
	}
}

func (t *reportText) levels(r *replay.Report) {
	t.title("SERVICE LEVELS")
	rows := [][]string{{"asked for -> got", "orders", "share"}}
	for _, l := range r.Levels {
		rows = append(rows, []string{l.Asked + " -> " + l.End(), strconv.Itoa(l.Orders), percent(l.Share)})
	}
	t.rows(rows)
}

func (t *reportText) sites(r *replay.Report) {
	t.title("SITES")
	rows := [][]string{{"", "orders", "share", r.Currency + " each", "mean km"}}
	for _, s := range r.Sites {
		each := ""
		if s.Orders > 0 {
			each = lanes.FormatMoney(s.Cost/int64(s.Orders), r.Cost.Decimals)
		}
		rows = append(rows, []string{s.Site, strconv.Itoa(s.Orders), percent(s.Share), each, page.Kilometres(s.Distance)})
	}
	t.rows(rows)
}
