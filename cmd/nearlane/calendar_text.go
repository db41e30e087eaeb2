package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// calendarTeller tells days to a person, within the width: those in a row that
// are alike are told once.
type calendarTeller struct{ now time.Time }

func (t calendarTeller) print(w io.Writer, days []router.SiteDay) error {
	var out bytes.Buffer
	for i := 0; i < len(days); {
		first := &days[i]
		if i == 0 || days[i-1].Site != first.Site {
			if i > 0 {
				out.WriteByte('\n')
			}
			fmt.Fprintf(&out, "%s (%s)\n", first.Site, first.Zone)
		}
		told, last := t.day(first), i
		for last+1 < len(days) && days[last+1].Site == first.Site && slices.Equal(t.day(&days[last+1]), told) {
			last++
		}
		fmt.Fprintf(&out, "  %-23s %s\n", datesFrom(first.Date, days[last].Date), told[0])
		for _, line := range told[1:] {
			out.WriteString(line + "\n")
		}
		i = last + 1
	}
	_, err := out.WriteTo(w)
	return err
}

// datesFrom is "Tue 4 Aug" or "Tue 4 - Fri 7 Aug".
func datesFrom(first, last lanes.Date) string {
	a, b := midnight(first), midnight(last)
	switch {
	case first == last:
		return b.Format("Mon 2 Jan")
	case a.Month() == b.Month() && a.Year() == b.Year():
		return a.Format("Mon 2") + " - " + b.Format("Mon 2 Jan")
	}
	return a.Format("Mon 2 Jan") + " - " + b.Format("Mon 2 Jan")
}

func midnight(d lanes.Date) time.Time { return time.Unix(int64(d)*24*60*60, 0).UTC() }

// day is what is told of a day: the first line goes beside its date.
func (t calendarTeller) day(d *router.SiteDay) []string {
	told := []string{openingOf(d)}
	if d.Change != nil {
		told = append(told, part("clocks", []string{changeText(d)})...)
	}
	if len(d.Open) == 0 {
		return told
	}
	if len(d.Cutoffs) > 0 {
		var cutoffs []string
		for _, c := range d.Cutoffs {
			cutoffs = append(cutoffs, t.cutoff(d, c))
		}
		told = append(told, part("cut-off", cutoffs)...)
	}
	for _, lane := range lanesOf(d) {
		var leaves []string
		for _, dep := range d.Departures {
			if dep.Lane == lane {
				leaves = append(leaves, departureText(dep))
			}
		}
		told = append(told, part(lane, leaves)...)
	}
	return told
}

// openingOf says when the site is open, or why it is not.
func openingOf(d *router.SiteDay) string {
	var spans []string
	for _, o := range d.Open {
		spans = append(spans, clockSpan(o.Start, o.End))
	}
	text := "open " + strings.Join(spans, ", ")
	if len(spans) == 0 {
		text = "closed"
	}
	switch {
	case d.Holiday && d.Closed:
		text += ", a holiday and a closed day"
	case d.Holiday:
		text += ", a holiday"
	case d.Closed:
		text += ", a closed day"
	}
	return text
}

// changeText flags a day on which the clocks change.
func changeText(d *router.SiteDay) string {
	way := "forward"
	if d.Change.Shift < 0 {
		way = "back"
	}
	at := d.Change.At
	wall := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	return fmt.Sprintf("%s from %s to %s, a day of %g hours",
		way, wall.Add(-d.Change.Shift).Format("15:04"), wall.Format("15:04"), d.End.Sub(d.Start).Hours())
}

func (t calendarTeller) cutoff(d *router.SiteDay, c router.DayCutoff) string {
	switch {
	case c.At.IsZero():
		return c.Level + " none"
	case !t.now.Before(d.Start) && t.now.Before(d.End) && t.now.After(c.At):
		return c.Level + " " + c.At.Format("15:04") + " (past)"
	}
	return c.Level + " " + c.At.Format("15:04") + flagged(c.Clock, c.Configured)
}

func departureText(dep router.DayDeparture) string {
	switch {
	case dep.Shut && !dep.Collection && dep.Start.Equal(dep.End):
		return "not " + dep.Configured.String() + ": the clocks skip it"
	case dep.Shut:
		return "not " + dep.Configured.String() + ": the site is closed"
	}
	return clockSpan(dep.Start, dep.End) + flagged(dep.Clock, dep.Configured)
}

// flagged says what a change of the clocks does to a time.
func flagged(w router.Wall, configured lanes.Clock) string {
	switch w {
	case router.Shifted:
		return " (shifted from " + configured.String() + ")"
	case router.Ambiguous:
		return " (the first of two)"
	}
	return ""
}

// clockSpan is "10:00-12:00", or one time for a collection.
func clockSpan(start, end time.Time) string {
	if start.Equal(end) {
		return start.Format("15:04")
	}
	to := end.Format("15:04")
	if to == "00:00" {
		to = "24:00"
	}
	return start.Format("15:04") + "-" + to
}

// lanesOf lists the lanes of a day's departures, by id.
func lanesOf(d *router.SiteDay) []string {
	var ids []string
	for _, dep := range d.Departures {
		if !slices.Contains(ids, dep.Lane) {
			ids = append(ids, dep.Lane)
		}
	}
	slices.Sort(ids)
	return ids
}

// part is a label and what belongs to it, broken between items.
func part(label string, items []string) []string {
	const indent = 4
	const column = 26 // behind the dates
	line := pad(strings.Repeat(" ", indent)+label, column)
	var told []string
	for i, item := range items {
		if i < len(items)-1 {
			item += ","
		}
		if i > 0 && len([]rune(line))+1+len([]rune(item)) > width {
			told = append(told, line)
			line = strings.Repeat(" ", column)
		} else if i > 0 {
			line += " "
		}
		line += item
	}
	return append(told, line)
}
