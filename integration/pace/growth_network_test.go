package pace

import (
	"runtime"
	"testing"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// networks measures what becomes of a config of more and more sites until
// orders are planned by it.
func networks(t *testing.T, s size) []growth {
	load := growth{slug: "load", name: "Loading and checking a config", x: "sites", unit: "ms", lines: []line{{each: "site"}}}
	compile := growth{slug: "build", name: "Building the network of a config", x: "sites", unit: "ms", lines: []line{{each: "site"}}}
	memory := growth{slug: "memory", name: "Memory of a config and its network", x: "sites", unit: "MB", lines: []line{{each: "site"}}}
	for _, n := range s.steps(5, 5, 50, 500, 5_000, 10_000) {
		text := crowd{serving: 5, sites: n, lanes: 1}.config()
		var c *config.Config
		var net *router.Network
		before := heap()
		load.add(n, s.typical(func() float64 { return millis(func() { c = loaded(t, text) }) }))
		compile.add(n, s.typical(func() float64 {
			return millis(func() {
				var err error
				if net, err = router.Build(c); err != nil {
					t.Fatal(err)
				}
			})
		}))
		memory.add(n, max(heap()-before, 0)/1e6)
		runtime.KeepAlive(c)
		runtime.KeepAlive(net)
	}
	return []growth{load, compile, memory}
}

// add adds a point to each curve.
func (g *growth) add(x int, ys ...float64) {
	for i, y := range ys {
		g.lines[i].points = append(g.lines[i].points, point{float64(x), y})
	}
}
