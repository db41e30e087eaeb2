package demo

import (
	"fmt"
	"strings"
	"time"
)

// summary says how the day went.
func (s *screen) summary(r *Report) {
	title := "The day is over"
	if r.Stopped {
		title = "Stopped before the day was over"
	}
	s.rule(title, "")
	s.gap()
	s.lanes(r)
	s.gap()
	s.figures(r)
	s.gap()
	s.verdict(r)
}

// lanes shows what left by which lane of which site.
func (s *screen) lanes(r *Report) {
	s.row().cell(dim, 20, "  site").cell(dim, 12, "lane").cell(dim, 8, "courier").cell(dim, 7+tableBar, "parcels").
		cell(dim, 0, "full departures").print()
	most := 1
	for _, l := range r.Lanes {
		most = max(most, l.Parcels)
	}
	site := ""
	for _, l := range r.Lanes {
		name := l.Site
		if name == site {
			name = ""
		}
		site = l.Site
		filled, _ := bar(int64(l.Parcels), int64(most), tableBar)
		s.row().cell(bold, 20, "  %s", name).cell(plain, 12, "%s", l.Lane).cell(dim, 8, "%s", l.Courier).
			right(plain, 4, "%d", l.Parcels).cell(green, tableBar+3, " %s", filled).
			cell(plain, 0, "%d of %d", l.Full, l.Departures).print()
	}
}

// figures are what a few numbers say.
func (s *screen) figures(r *Report) {
	s.figure("published", "%d in %.1f s, %s", r.Published, r.Speed.Seconds, speedText(&r.Speed))
	s.figure("outcome", "%s after the publish at the median, %s at 99 %%", millisText(r.Speed.LatencyP50), millisText(r.Speed.LatencyP99))
	s.figure("journal", "%d messages, %s", r.Journal.Messages, bytesText(r.Journal.Bytes))
	s.figure("dispatched", "%d, %d into lockers, %d made to order", r.Dispatched, r.Lockers, r.Made)
	if r.Dispatched > 0 {
		s.figure("promises", "%d of %d kept, half of them with %s or more to spare", r.Promises.Kept,
			r.Promises.Kept+r.Promises.Broken, marginText(r.Promises.Median))
		s.figure("", "%s", countsText(counts(r.Levels).Codes))
	}
	s.counts("lower level", &r.Fallbacks)
	s.counts("unroutable", &r.Unroutable)
	s.counts("refused", &r.Refused)
	if n := r.Repeats.Same + r.Repeats.Reworded; n > 0 {
		s.figure("repeats", "%d: %d byte for byte, %d in other bytes; each was decided once", n, r.Repeats.Same, r.Repeats.Reworded)
	}
}

// verdict says which invariants hold, and of those that do not, why.
func (s *screen) verdict(r *Report) {
	s.say(plain, "  The journal, read back from its first message:")
	for _, c := range r.Checks {
		if c.N == 0 {
			row := s.row().cell(green, 6, "  ok").cell(plain, 0, "%s", c.Name)
			if c.Detail != "" {
				row.cell(dim, 0, " (%s)", c.Detail)
			}
			row.print()
			continue
		}
		s.row().cell(red, 0, "  BROKEN %s: %d", c.Name, c.N).print()
		for _, what := range c.Broken {
			for i, line := range wrap(what, width-8) {
				s.say(plain, "      %s%s", strings.Repeat("  ", min(i, 1)), line)
			}
		}
	}
	s.gap()
	if r.Kept != "" {
		s.say(plain, "  Its folder is kept: %s", r.Kept)
	}
}

// Widths of the columns of the summary.
const (
	labelChars = 15
	tableBar   = 18
)

// figure prints a label and a sentence, over as many lines as it takes.
func (s *screen) figure(label, format string, args ...any) {
	for i, line := range wrap(fmt.Sprintf(format, args...), width-labelChars) {
		if i > 0 {
			label = ""
		}
		s.row().cell(bold, labelChars, "  %s", label).cell(plain, 0, "%s", line).print()
	}
}

func (s *screen) counts(label string, c *Counts) {
	if c.Total == 0 {
		return
	}
	s.figure(label, "%d: %s", c.Total, countsText(c.Codes))
}

// tied is a space at which wrap does not break.
const tied = "\u00a0"

func countsText(codes []Count) string {
	texts := make([]string, len(codes))
	for i, c := range codes {
		texts[i] = fmt.Sprintf("%s%s%d", c.Code, tied, c.N)
	}
	return strings.Join(texts, ", ")
}

// wrap breaks text at spaces into lines of at most so many characters. A word
// that is longer stays whole.
func wrap(text string, most int) []string {
	var lines []string
	line, used := "", 0
	for word := range strings.SplitSeq(text, " ") {
		n := len([]rune(word))
		if used > 0 && used+1+n > most {
			lines = append(lines, line)
			line, used = "", 0
		}
		if used > 0 {
			line, used = line+" ", used+1
		}
		line, used = line+strings.ReplaceAll(word, tied, " "), used+n
	}
	return append(lines, line)
}

func speedText(s *Speed) string {
	if s.Paced {
		return fmt.Sprintf("%.0f a second at this pace", s.OrdersPerSecond)
	}
	return fmt.Sprintf("%.0f a second", s.OrdersPerSecond)
}

func bytesText(n int) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d KiB", (n+1023)>>10)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}

func millisText(ms float64) string {
	if ms < 10 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}

// marginText is a span of time in hours and minutes.
func marginText(seconds int) string {
	d := time.Duration(seconds) * time.Second
	if d < 0 {
		return "-" + marginText(-seconds)
	}
	h, m := int(d.Hours()), int(d.Minutes())%60
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %d min", h, m)
}
