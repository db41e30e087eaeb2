package pace

import (
	"fmt"
	"strings"
	"testing"
)

// replicas measures throughput on more and more nodes, each of which keeps
// everything. Two orders of magnitude are not to be had: a stream has five
// replicas at most.
func replicas(t *testing.T, s scale, tapes map[string]*tape) []growth {
	out := growth{slug: "nodes", name: "Orders per second on nodes that each keep everything", x: "nodes", unit: "orders per second",
		lines: []line{{name: "router"}, {name: "engine"}, {name: "router, fsync"}, {name: "engine, fsync"}}}
	s.pairs, s.orders = min(s.pairs, 3), s.orders/2
	for _, n := range s.size.steps(1, 1, 3, 5) {
		var all []float64
		for _, fsync := range []bool{false, true} {
			r := compareRates(t, s, mode{mix: "coordinates", nodes: n, fsync: fsync}, tapes)
			all = append(all, perSecond(r.routers), perSecond(r.engines))
		}
		out.add(n, all...)
	}
	var ratios []string
	for _, l := range out.lines {
		for _, p := range l.points[1:] {
			ratios = append(ratios, fmt.Sprintf("%s on %.0f nodes %.2f of one", l.name, p.x, p.y/l.points[0].y))
		}
	}
	out.says = strings.Join(ratios, ", ")
	return []growth{out}
}
