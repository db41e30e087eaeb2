package hostile

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// tally counts tries by area, in the order in which areas came up.
type tally struct {
	areas  []string
	tries  map[string]int
	held   map[string]int
	failed []string
}

// note counts one try. A nil error is one that held.
func (t *tally) note(area, name string, err error) {
	if t.tries == nil {
		t.tries, t.held = map[string]int{}, map[string]int{}
	}
	if t.tries[area] == 0 {
		t.areas = append(t.areas, area)
	}
	t.tries[area]++
	if err == nil {
		t.held[area]++
		return
	}
	t.failed = append(t.failed, fmt.Sprintf("%s, %s: %v", area, name, err))
}

// table is what was tried and what held, with a total.
func (t *tally) table() string {
	var b strings.Builder
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	tries, held := 0, 0
	fmt.Fprintln(table, "area\ttries\theld")
	for _, a := range t.areas {
		fmt.Fprintf(table, "%s\t%d\t%d\n", a, t.tries[a], t.held[a])
		tries, held = tries+t.tries[a], held+t.held[a]
	}
	fmt.Fprintf(table, "total\t%d\t%d\n", tries, held)
	table.Flush()
	return b.String()
}
