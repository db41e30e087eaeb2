package pace

import (
	"testing"

	"github.com/nearlane/nearlane/event/stream"
)

// replicas measures throughput on more and more nodes, each of which keeps
// everything. A router and an engine take turns on the same cluster, because
// forming one takes longer than many turns.
func replicas(t *testing.T, s scale, tapes map[string]*tape) []growth {
	out := growth{slug: "nodes", name: "Orders per second on nodes that each keep everything", x: "nodes", unit: "orders per second",
		lines: []line{{name: "router"}, {name: "engine"}, {name: "router, fsync"}, {name: "engine, fsync"}},
		says:  "a stream has five replicas at most, so this is all the growth there is"}
	n := s.orders / 6
	from := recorded(t, "coordinates", 4*s.pairs*n, tapes)
	for _, nodes := range s.size.steps(1, 1, 3, 5) {
		w := newWorld(t, mode{mix: "coordinates", nodes: nodes})
		sent := 0
		next := func() int {
			w.send(n, func(i int) stream.Outgoing { _, m := w.mix.outgoing(sent + i); return m })
			sent += n
			return n
		}
		var all []float64
		for _, w.fsync = range []bool{false, true} {
			w.sync()
			var routers, engines []turn
			for range s.pairs {
				routers = append(routers, w.route(next(), nil, nil))
				engines = append(engines, w.replay(next(), from, nil))
			}
			all = append(all, perSecond(routers), perSecond(engines))
		}
		out.add(nodes, all...)
		w.close()
	}
	return []growth{out}
}
