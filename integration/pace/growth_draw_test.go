package pace

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

var inks = []string{routerInk, engInk, otherInk, "#5c677d"}

func (g growth) file() string { return "growth-" + g.slug + ".svg" }

func (g growth) plot() string {
	for i := range g.lines {
		g.lines[i].ink = inks[i%len(inks)]
	}
	return curves(g.name, g.x, g.unit, g.lines...)
}

func (g growth) table(out io.Writer) {
	fmt.Fprintf(out, "**%s**: %s\n\n![%s](performance/%s)\n\n| %s |", g.name, g.seen(), g.name, g.file(), g.x)
	rule, rows := "|---|", ""
	for _, p := range g.lines[0].points {
		fmt.Fprintf(out, " %s |", short(p.x))
		rule += "---:|"
	}
	for _, l := range g.lines {
		rows += g.row(l, g.unit, func(p point) float64 { return p.y })
	}
	for _, l := range g.lines {
		if d := dimensions[g.unit]; l.each != "" {
			rows += g.row(l, d.small+" for each "+l.each, func(p point) float64 { return p.y * d.times / p.x })
		}
	}
	fmt.Fprintf(out, "\n%s\n%s\n", rule, rows)
}

func (g growth) row(l line, unit string, of func(point) float64) string {
	row := "| " + strings.TrimPrefix(l.name+", "+unit, ", ") + " |"
	for _, p := range l.points {
		row += " " + short(of(p)) + " |"
	}
	return row + "\n"
}

// prune removes the drawings that the page no longer shows.
func prune(page, plots string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	drawn, err := filepath.Glob(filepath.Join(plots, "*.svg"))
	if err != nil {
		return err
	}
	for _, path := range drawn {
		if strings.Contains(string(text), filepath.Base(path)) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}
