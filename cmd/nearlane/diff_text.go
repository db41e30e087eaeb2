package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/nearlane/nearlane/router/diff"
)

// shownMoves is how many moves of orders are told.
const shownMoves = 20

// tellDiff tells a report in words.
func tellDiff(w io.Writer, r *diff.Report) error {
	var b strings.Builder
	if !r.Differs() {
		fmt.Fprintf(&b, "no difference: config %s\n", r.New)
		_, err := io.WriteString(w, b.String())
		return err
	}
	fmt.Fprintf(&b, "config %s -> %s\n", r.Old, r.New)
	for i := range r.Levels {
		tellLevel(&b, &r.Levels[i])
	}
	if len(r.Lanes) > 0 {
		b.WriteString("\ncatchments, in cells\n")
		for _, l := range r.Lanes {
			fmt.Fprintf(&b, "  %-30s %d -> %d (+%d -%d)\n", l.Lane, l.Was, l.Is, l.Gained, l.Lost)
		}
	}
	tellSettings(&b, r.Settings)
	tellList(&b, "files", r.Files)
	tellList(&b, "look at", r.Warnings)
	tellList(&b, "takes a restart", r.Restart)
	if r.Orders != nil {
		tellOrders(&b, r.Orders)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func tellLevel(b *strings.Builder, l *diff.Level) {
	fmt.Fprintf(b, "\n%s: %d cells gained, %d lost, %d moved\n", l.ID, l.Gained, l.Lost, l.Moved)
	for _, m := range l.Moves {
		fmt.Fprintf(b, "  %-30s %6d cells, about %g km²\n", cmp.Or(m.From, "nobody")+" -> "+cmp.Or(m.To, "nobody"), m.Cells, m.SquareKm)
	}
	for _, list := range []struct {
		what  string
		names []string
	}{
		{"countries gained", l.CountriesGained}, {"countries lost", l.CountriesLost},
		{"postcodes gained", l.PostcodesGained}, {"postcodes lost", l.PostcodesLost},
	} {
		if len(list.names) > 0 {
			fmt.Fprintf(b, "  %s: %s\n", list.what, strings.Join(list.names, ", "))
		}
	}
}

func tellSettings(b *strings.Builder, all []diff.Setting) {
	if len(all) > 0 {
		b.WriteString("\nsettings\n")
	}
	for _, s := range all {
		name := s.Key
		if s.Of != "" {
			name = s.Of + ": " + s.Key
		}
		switch {
		case s.List && s.Was == "":
			fmt.Fprintf(b, "  %s gains %s\n", name, s.Is)
		case s.List && s.Is == "":
			fmt.Fprintf(b, "  %s loses %s\n", name, s.Was)
		case s.List:
			fmt.Fprintf(b, "  %s loses %s, gains %s\n", name, s.Was, s.Is)
		case s.Was == "":
			fmt.Fprintf(b, "  %s is new: %s\n", name, s.Is)
		case s.Is == "":
			fmt.Fprintf(b, "  %s is gone: %s\n", name, s.Was)
		default:
			fmt.Fprintf(b, "  %s %s -> %s\n", name, s.Was, s.Is)
		}
	}
}

func tellList(b *strings.Builder, title string, items []string) {
	if len(items) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, item := range items {
		fmt.Fprintf(b, "  %s\n", item)
	}
}

func tellOrders(b *strings.Builder, o *diff.Orders) {
	fmt.Fprintf(b, "\norders: %d of %d would move\n", o.Moved, o.Planned)
	for i, m := range o.Moves {
		if i == shownMoves {
			fmt.Fprintf(b, "  and %d other ways; --json has them all\n", len(o.Moves)-i)
			break
		}
		fmt.Fprintf(b, "  %6d  %s -> %s, such as %s\n", m.Orders, m.From, m.To, strings.Join(m.Examples, ", "))
	}
}
