package pace

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// Plots are small and drawn by hand, so that a page of text can show them.
const (
	wide, high         = 640.0, 300.0
	left, right        = 70.0, 16.0
	top, bottom        = 34.0, 44.0
	routerInk, engInk  = "#0b6e4f", "#8d99ae"
	otherInk, quietInk = "#c8553d", "#d9dde4"
)

// line is one curve.
type line struct {
	name, ink string
	each      string // of what x counts: one costs so much, too
	points    []point
}

// axis maps a value to its place on paper, by powers of ten.
type axis struct{ low, high, from, to float64 }

func powers(values []float64, from, to float64) axis {
	low, up := math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if v > 0 {
			low, up = math.Min(low, math.Log10(v)), math.Max(up, math.Log10(v))
		}
	}
	if low > up {
		low, up = 0, 1 // there is nothing to draw
	}
	low, up = math.Floor(low+1e-9), math.Ceil(up-1e-9)
	if up <= low {
		up = low + 1
	}
	return axis{low, up, from, to}
}

func (a axis) at(v float64) float64 {
	return a.from + (math.Log10(v)-a.low)/(a.high-a.low)*(a.to-a.from)
}

// curves draws lines over two logarithmic axes.
func curves(title, x, y string, lines ...line) string {
	var xs, ys []float64
	for _, l := range lines {
		for _, p := range l.points {
			xs, ys = append(xs, p.x), append(ys, p.y)
		}
	}
	across, up := powers(xs, left, wide-right), powers(ys, high-bottom, top)
	s := newDrawing(title)
	for e := across.low; e <= across.high; e++ {
		v := math.Pow(10, e)
		s.rule(across.at(v), top, across.at(v), high-bottom)
		s.text(across.at(v), high-bottom+16, "middle", short(v))
	}
	for e := up.low; e <= up.high; e++ {
		v := math.Pow(10, e)
		s.rule(left, up.at(v), wide-right, up.at(v))
		s.text(left-6, up.at(v)+4, "end", short(v))
	}
	s.text((left+wide-right)/2, high-8, "middle", x)
	s.text(4, top-10, "start", y)
	for _, l := range lines {
		var path []string
		for _, p := range l.points {
			if p.x <= 0 || p.y <= 0 {
				continue
			}
			path = append(path, fmt.Sprintf("%.1f,%.1f", across.at(p.x), up.at(p.y)))
			fmt.Fprintf(s, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>`+"\n", across.at(p.x), up.at(p.y), l.ink)
		}
		fmt.Fprintf(s, `<polyline points="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", strings.Join(path, " "), l.ink)
		if l.name != "" {
			s.key(l.name, l.ink)
		}
	}
	return s.done()
}

// pairsOfBars draws two bars for each name, one below the other.
func pairsOfBars(title string, names []string, a, b line) string {
	const row, label = 30.0, 330.0
	most := 0.0
	for i := range names {
		most = max(most, a.points[i].y, b.points[i].y)
	}
	s := newDrawing(title)
	s.tall = top + row*float64(len(names)) + 12
	s.key(a.name, a.ink)
	s.key(b.name, b.ink)
	for i, name := range names {
		y := top + row*float64(i)
		s.text(label-6, y+16, "end", name)
		for k, l := range []line{a, b} {
			v := l.points[i].y
			w := (wide - right - 46 - label) * v / most
			fmt.Fprintf(s, `<rect x="%.1f" y="%.1f" width="%.1f" height="11" fill="%s"/>`+"\n", label, y+3+12*float64(k), w, l.ink)
			s.text(label+w+4, y+12+12*float64(k), "start", fmt.Sprintf("%.0f", v))
		}
	}
	return s.done()
}

// drawing is an SVG in the making.
type drawing struct {
	strings.Builder
	title string
	tall  float64
	keyed float64 // how wide the keys are so far, from the right
}

func newDrawing(title string) *drawing { return &drawing{title: title, tall: high} }

func (s *drawing) rule(x1, y1, x2, y2 float64) {
	fmt.Fprintf(s, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="%s"/>`+"\n", x1, y1, x2, y2, quietInk)
}

func (s *drawing) text(x, y float64, anchor, text string) {
	fmt.Fprintf(s, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`+"\n", x, y, anchor, html.EscapeString(text))
}

// key explains an ink.
func (s *drawing) key(name, ink string) {
	s.keyed += 30 + 5.5*float64(len(name))
	x := wide - right - s.keyed
	fmt.Fprintf(s, `<rect x="%.1f" y="8" width="10" height="10" fill="%s"/>`+"\n", x, ink)
	s.text(x+15, 17, "start", name)
}

func (s *drawing) done() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" font-family="sans-serif" font-size="11" fill="#333">
<title>%s</title>
<rect width="100%%" height="100%%" fill="#fff"/>
%s</svg>
`, wide, s.tall, html.EscapeString(s.title), s.String())
}

func (r *report) throughputPlot() string {
	routers, engines := line{name: "router", ink: routerInk}, line{name: "engine", ink: engInk}
	var names []string
	for _, m := range r.rates {
		names = append(names, m.name())
		routers.points = append(routers.points, point{y: perSecond(m.routers)})
		engines.points = append(engines.points, point{y: perSecond(m.engines)})
	}
	return pairsOfBars("Orders per second", names, routers, engines)
}

func (r *report) latencyPlot() string {
	lines := []line{{name: "engine p50", ink: engInk}, {name: "router p50", ink: routerInk}, {name: "engine p99", ink: "#5c677d"}, {name: "router p99", ink: otherInk}}
	for _, d := range r.delays {
		if d.fsync {
			continue
		}
		x := float64(d.perSecond)
		for i, y := range []float64{middle(d.engines, p50), middle(d.routers, p50), middle(d.engines, p99), middle(d.routers, p99)} {
			lines[i].points = append(lines[i].points, point{x, y / 1e3})
		}
	}
	return curves("From order stored to dispatch stored", "orders per second", "ms", lines...)
}

// short writes a number with three digits that count.
func short(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%.3gM", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%.3gk", v/1e3)
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.3g", v)
}
