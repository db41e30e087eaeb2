package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/legible"
)

// show writes the glance within some columns and, if rows is not 0, within so
// many lines: what does not fit is counted.
func (g *glance) show(w io.Writer, columns, rows int, colour bool) error {
	var b bytes.Buffer
	g.head(&b)
	lanes := &bytes.Buffer{}
	table{w: lanes, colour: colour}.print(g.Slots)
	fmt.Fprintf(&b, "\n%s\n", summaryOf(g.Slots))
	b.Write(lanes.Bytes())

	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if rows > 1 && len(lines) > rows {
		left := len(lines) - rows + 1
		lines = append(lines[:rows-1], fmt.Sprintf("... %d more lines: nearlane capacity", left))
	}
	for i, line := range lines {
		if lines[i] = clip(line, columns); lines[i] != line && strings.Contains(line, "\033") {
			lines[i] += "\033[0m"
		}
	}
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// head is everything above the lanes.
func (g *glance) head(w io.Writer) {
	ready := 0
	for _, r := range g.Routers {
		if r.Ready {
			ready++
		}
	}
	fmt.Fprintf(w, "%s  %d of %s ready\n", g.At.Local().Format("Mon 2 Jan 15:04:05"), ready, counted(len(g.Routers), "router"))
	var rates []string
	for _, o := range []event.Outcome{event.Dispatched, event.Waiting, event.Unroutable, event.Cancelled, event.Completed} {
		rates = append(rates, string(o)+" "+perSecond(g.Orders, string(o), g.Over > 0))
	}
	itemize(w, "orders/s", rates)
	fmt.Fprintf(w, "refused/s  %s\n", g.refusals())
	fmt.Fprintf(w, "latency    p50 %s  p99 %s\n", seconds(g.P50), seconds(g.P99))
	var lags []string
	for _, l := range g.Lag {
		text := fmt.Sprintf("%s %d", l.Stream, l.Pending+uint64(l.Unanswered))
		if l.OldestSeconds >= 1 {
			text += " since " + (time.Duration(l.OldestSeconds) * time.Second).String()
		}
		lags = append(lags, text)
	}
	itemize(w, "lag", append(lags, fmt.Sprintf("waiting for room %d", g.Waiting)))
	for _, r := range g.Routers {
		state := "ready"
		switch {
		case r.Error != "":
			fmt.Fprintf(w, "router     %s  %s\n", cell(cmp.Or(r.Name, r.URL), lastWidth), cell(r.Error, lastWidth))
			continue
		case !r.Ready:
			state = "not ready"
		}
		fmt.Fprintf(w, "router     %s  revision %s  %s\n", cell(cmp.Or(r.Name, r.URL), lastWidth), cell(cmp.Or(r.Revision, "?"), codeWidth), state)
	}
}

// refusals lists the codes, the most frequent first.
func (g *glance) refusals() string {
	if g.Over == 0 {
		return "-"
	}
	codes := slices.SortedFunc(maps.Keys(g.Refused), func(a, b string) int {
		return cmp.Or(cmp.Compare(g.Refused[b], g.Refused[a]), cmp.Compare(a, b))
	})
	if len(codes) == 0 {
		return "none"
	}
	var list []string
	for _, code := range codes {
		list = append(list, cell(code, codeWidth)+" "+perSecond(g.Refused, code, true))
	}
	return strings.Join(list, "  ")
}

func perSecond(rates map[string]float64, name string, known bool) string {
	if !known {
		return "-"
	}
	return fmt.Sprintf("%.1f", rates[name])
}

// seconds tells a latency.
func seconds(s *float64) string {
	switch {
	case s == nil:
		return "-"
	case *s < 1:
		return fmt.Sprintf("%.1f ms", *s*1000)
	}
	return fmt.Sprintf("%.1f s", *s)
}

// itemize lists items behind a label, on as many lines as they take.
func itemize(w io.Writer, label string, items []string) {
	line := fmt.Sprintf("%-9s", label)
	for _, item := range items {
		if legible.Width(line)+len("  ")+legible.Width(item) > width {
			fmt.Fprintln(w, line)
			line = fmt.Sprintf("%-9s", "")
		}
		line += "  " + item
	}
	fmt.Fprintln(w, line)
}

// clip cuts a line at the column, colours not counted.
func clip(line string, columns int) string {
	seen := 0
	for i := 0; i < len(line); {
		if line[i] == '\033' {
			end := strings.IndexByte(line[i:], 'm')
			if end < 0 {
				return line[:i]
			}
			i += end + 1
			continue
		}
		r, size := utf8.DecodeRuneInString(line[i:])
		if seen += legible.Width(string(r)); seen > columns {
			return line[:i]
		}
		i += size
	}
	return line
}
