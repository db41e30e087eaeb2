package pace

import (
	"bytes"
	"fmt"
	"math"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// target is a bound on one figure.
type target struct {
	what, unit string
	least      bool // the bound is a lower one
	bound, got float64
}

func (g target) met() bool { return g.got == g.bound || g.got > g.bound == g.least }

// hit writes the targets that this run has figures for.
func (r *report) hit(out *bytes.Buffer) {
	all := r.throughputTargets()
	all = append(all, r.latencyTargets()...)
	all = append(all, r.growthTargets()...)
	if r.allocs > 0 {
		all = append(all, target{what: "Allocations of an order, from the bytes that come to the bytes that go", bound: 60, got: r.allocs})
	}
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(out, "### Targets\n\n| | wanted | measured | met |\n|---|---|---:|---|\n")
	for _, g := range all {
		bound, met := "at most", "yes"
		if g.least {
			bound = "at least"
		}
		if !g.met() {
			met = "no"
		}
		fmt.Fprintf(out, "| %s | %s %s%s | %s%s | %s |\n", g.what, bound, short(g.bound), g.unit, short(math.Round(g.got*100)/100), g.unit, met)
	}
	fmt.Fprintln(out)
}

func (r *report) throughputTargets() (all []target) {
	for _, m := range r.rates {
		switch m.mode {
		case mode{mix: "coordinates", fsync: true}:
			all = append(all, target{what: "Orders per second with fsync, router/engine, first line below", least: true, bound: 0.85, got: m.ratio()})
		case mode{mix: "coordinates"}:
			all = append(all, target{what: "Orders per second without, router/engine, second line below", least: true, bound: 0.75, got: m.ratio()})
		}
	}
	return all
}

// A router waits for no batch to fill, so there is no batch wait to allow for.
func (r *report) latencyTargets() (all []target) {
	for _, d := range r.delays {
		switch d.perSecond {
		case 10:
			more := middle(d.routers, p50) - middle(d.engines, p50)
			all = append(all, target{what: "A lone order, how much later its dispatch is stored than the engine's (difference of p50)", unit: " ms", bound: 1, got: more / 1e3})
		case 1000:
			all = append(all, target{what: fmt.Sprintf("p99 at 1000 orders per second%s, router/engine", disk(d.fsync)), bound: 1.5, got: median(d.ratios())})
		}
	}
	return all
}

func (r *report) growthTargets() (all []target) {
	const sites = 10_000
	if from, to, ok := r.ends("planning", sites); ok {
		all = append(all, target{what: "Planning among 10,000 sites instead of 5, of which 5 serve the order", unit: " times", bound: 1.5, got: to / from})
	}
	if from, to, ok := r.ends("lookup", 10e6); ok {
		all = append(all, target{what: "Looking up a point in 10 million cells instead of a thousand", unit: " times", bound: 1.5, got: to / from})
	}
	_, load, loaded := r.ends("load", sites)
	_, build, built := r.ends("build", sites)
	if loaded && built {
		all = append(all, target{what: "Loading 10,000 sites", unit: " s", bound: 10, got: (load + build) / 1e3})
	}
	if _, megabytes, ok := r.ends("memory", sites); ok {
		all = append(all, target{what: "Memory of 10,000 sites", unit: " MiB", bound: 1024, got: megabytes * 1e6 / (1 << 20)})
	}
	return all
}

// ends are the first and the last point of a growth that was followed up to x.
func (r *report) ends(slug string, x float64) (first, last float64, ok bool) {
	for _, g := range r.growths {
		if points := g.lines[0].points; g.slug == slug && len(points) > 0 {
			end := points[len(points)-1]
			return points[0].y, end.y, end.x >= x
		}
	}
	return 0, 0, false
}

const allocsName = "allocations"

// routingAllocs asks the benchmark that holds them to their limit.
func routingAllocs(t *testing.T) float64 {
	t.Helper()
	said, err := exec.Command("go", "test", "-run", "^$", "-bench", "^BenchmarkBatch$", "-benchtime", "20x", "../../router").CombinedOutput()
	found := regexp.MustCompile(`([0-9.]+) allocs/order`).FindSubmatch(said)
	if err != nil || found == nil {
		t.Errorf("count allocations: %v\n%s", err, said)
		return 0
	}
	allocs, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		t.Error(err)
	}
	return allocs
}
