package pace

import (
	"bytes"
	"fmt"
	"strings"
)

// stages writes where the processor time of routers and engines goes, for
// the plain mix and for the one that asks the most.
func (r *report) stages(out *bytes.Buffer) {
	var names []string
	var columns []effort
	for _, mix := range []string{"coordinates", "full"} {
		if router, engine := r.efforts(mix); router.all > 0 && engine.all > 0 {
			names = append(names, mix+": router", "engine")
			columns = append(columns, router, engine)
		}
	}
	if len(columns) == 0 {
		return
	}
	fmt.Fprintf(out, "### Processor time by stage\n\n![Processor time by stage](performance/stages.svg)\n\n"+
		"Microseconds an order. The turns above with redis-server ran under a profile; each of its samples goes to the stage whose function is the innermost on the stack, "+
		"and a stage has its share of the samples in the processor time of the turns. The last line says how many samples there are: a stage with nine of them is right within a third.\n\n")
	fmt.Fprintf(out, "| stage | %s |\n|---|%s\n", strings.Join(names, " | "), strings.Repeat("---:|", len(names)))
	for i, s := range stages {
		fmt.Fprintf(out, "| %s |", s.name)
		for _, e := range columns {
			fmt.Fprintf(out, " %.1f |", e.micros(i))
		}
		fmt.Fprintln(out)
	}
	fmt.Fprint(out, "| all |")
	for _, e := range columns {
		fmt.Fprintf(out, " %.1f |", micros(e.busy)/float64(e.orders))
	}
	fmt.Fprint(out, "\n| samples |")
	for _, e := range columns {
		fmt.Fprintf(out, " %d |", e.all)
	}
	fmt.Fprint(out, "\n\n")
}

// stagesPlot is one bar for the router of the plain mix and one for its engine.
func (r *report) stagesPlot() string {
	router, engine := r.efforts("coordinates")
	return stacks("Processor time of an order by stage, us", []string{"router", "engine"}, []effort{router, engine})
}

// stacks draws one bar for each effort, its stages side by side.
func stacks(title string, names []string, of []effort) string {
	const row, thick, label, key, keys = 40.0, 28.0, 60.0, 17.0, 3
	s := newDrawing(title)
	below := top + row*float64(len(of))
	lines := (len(stages) + keys - 1) / keys
	s.tall = below + key*float64(lines) + 12
	s.text(left-6, 17, "start", title)
	most := 0.0
	for _, e := range of {
		most = max(most, micros(e.busy)/float64(e.orders))
	}
	for k, e := range of {
		x, y := label, top+row*float64(k)
		s.text(label-6, y+thick/2+4, "end", names[k])
		for i, stage := range stages {
			w := (wide - right - 40 - label) * e.micros(i) / most
			fmt.Fprintf(s, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" fill="%s"/>`+"\n", x, y, w, thick, stage.ink)
			x += w
		}
		s.text(x+5, y+thick/2+4, "start", fmt.Sprintf("%.0f", micros(e.busy)/float64(e.orders)))
	}
	for i, stage := range stages {
		x, y := label+205*float64(i/lines), below+key*float64(i%lines)
		fmt.Fprintf(s, `<rect x="%.1f" y="%.1f" width="10" height="10" fill="%s"/>`+"\n", x, y, stage.ink)
		s.text(x+15, y+9, "start", stage.name)
	}
	return s.done()
}
