package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/legible"
)

// table shows fillings to a person, within the width: one row per departure,
// production cell or locker size, whatever it counts.
type table struct {
	w      io.Writer
	colour bool
}

// columns of a row: name, hours, pieces, kilograms, bar.
const columns = "  %-25s %-11s %9s %13s  %s\n"

func (t table) print(all []filling) {
	var kind, name string
	starred := false
	for len(all) > 0 {
		row := all[:1]
		if len(all) > 1 && all[1].beside(&all[0]) {
			row = all[:2]
		}
		all = all[len(row):]
		f := &row[0]
		if f.Kind != kind {
			if kind != "" {
				fmt.Fprintln(t.w)
			}
			kind, name = f.Kind, ""
			t.heading(f)
		}
		label := f.label()
		starred = starred || !f.Known
		if label == name {
			label = "" // told above
		} else {
			name = label
		}
		t.row(label, row)
	}
	if starred {
		fmt.Fprintln(t.w, "* no longer in the config, but promised under an earlier one")
	}
}

// beside reports whether f counts the same thing as g in another unit.
func (f *filling) beside(g *filling) bool {
	return f.Kind == g.Kind && f.Place == g.Place && f.Name == g.Name && f.Start.Equal(g.Start) && f.Known == g.Known && f.Unit != g.Unit
}

func (f *filling) label() string {
	label := f.Place + "/" + f.Name
	if !f.Known {
		label += " *"
	}
	return label
}

func (t table) heading(f *filling) {
	day := f.Start.Format("Mon 2 Jan 2006")
	switch f.Kind {
	case lanes.KindLane:
		fmt.Fprintf(t.w, columns, "LANES", "", "parcels", "kg", day)
	case lanes.KindMake:
		fmt.Fprintf(t.w, columns, "PRODUCTION", "", "units", "", day)
	case lanes.KindLocker:
		fmt.Fprintf(t.w, columns, "LOCKERS", "", "parcels", "", day)
	}
}

func (t table) row(label string, row []filling) {
	var pieces, kilograms string
	fullest := &row[0]
	for i := range row {
		f := &row[i]
		if f.Unit == lanes.UnitGrams {
			kilograms = kilos(f.Used) + " / " + kilos(f.Limit)
		} else {
			pieces = fmt.Sprintf("%d / %d", f.Used, f.Limit)
		}
		if f.share() > fullest.share() {
			fullest = f
		}
	}
	fmt.Fprintf(t.w, columns, legible.Pad(cell(label, idWidth), 25), row[0].hours(), pieces, kilograms, t.bar(fullest))
}

// hours are those of a departure; other slots last all day.
func (f *filling) hours() string {
	switch {
	case f.Kind != lanes.KindLane:
		return ""
	case f.End.Equal(f.Start):
		return f.Start.Format("15:04")
	}
	return f.Start.Format("15:04") + f.End.Format("-15:04")
}

func (f *filling) share() float64 { return float64(f.Used) / float64(max(f.Limit, 1)) }

// bar has ten parts: the first is filled once anything is taken, the last only
// when nothing is left.
func (t table) bar(f *filling) string {
	const parts = 10
	n := min(int(f.share()*parts), parts-1)
	if f.Used > 0 {
		n = max(n, 1)
	}
	word := ""
	switch {
	case f.Used > f.Limit:
		n, word = parts, " over"
	case f.full():
		n, word = parts, " full"
	}
	if f.Closed {
		word = " closed"
	}
	bar := strings.Repeat("█", n) + strings.Repeat("·", parts-n) + word
	if t.colour && f.full() {
		return "\033[31m" + bar + "\033[0m"
	}
	return bar
}
