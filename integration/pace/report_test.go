package pace

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// What stands between these lines of performance.md is written anew; the rest
// of the page is written by hand.
const (
	begins = "<!-- measured: begin -->"
	ends   = "<!-- measured: end -->"
)

// report is everything that one run has measured.
type report struct {
	scale
	began      time.Time
	loadBefore string
	loadAfter  string
	rates      []rates
	delays     []delays
	partitions []partitions
	weight     *weight // nil: not weighed
	growths    []growth
	allocs     float64 // of the routing of one order; 0: not counted
}

// save writes what is known so far: a run that is stopped has measured
// something.
func (r *report) save(t *testing.T, dir string) {
	t.Helper()
	if dir == "" {
		return
	}
	r.loadAfter = machineLoad()
	if err := r.write(dir); err != nil {
		t.Fatal(err)
	}
}

// write puts the figures into performance.md of a folder, and the plots beside
// it.
func (r *report) write(dir string) error {
	plots := filepath.Join(dir, "performance")
	if err := os.MkdirAll(plots, 0o755); err != nil {
		return err
	}
	var text bytes.Buffer
	r.machine(&text)
	r.hit(&text)
	drawn := map[string]string{}
	if len(r.rates) > 0 {
		r.throughput(&text)
		drawn["throughput.svg"] = r.throughputPlot()
		r.stages(&text)
		drawn["stages.svg"] = r.stagesPlot()
	}
	if len(r.delays) > 0 {
		r.latency(&text)
		drawn["latency.svg"] = r.latencyPlot()
	}
	if len(r.partitions) > 0 {
		r.partitioned(&text)
	}
	if r.weight != nil {
		r.weights(&text)
	}
	if len(r.growths) > 0 {
		fmt.Fprintf(&text, "### Growing\n\n")
	}
	for _, g := range r.growths {
		drawn[g.file()] = g.plot()
		g.table(&text)
	}
	for name, svg := range drawn {
		if err := os.WriteFile(filepath.Join(plots, name), []byte(svg), 0o644); err != nil {
			return err
		}
	}
	page := filepath.Join(dir, "performance.md")
	if err := replace(page, text.String()); err != nil {
		return err
	}
	return prune(page, plots)
}

// replace puts text between the marks of a page, or makes the page.
func replace(path, text string) error {
	page, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	before, rest, found := strings.Cut(string(page), begins)
	_, after, closed := strings.Cut(rest, ends)
	if !found || !closed {
		before, after = "# How fast Nearlane is\n\n", "\n"
	}
	return os.WriteFile(path, []byte(before+begins+"\n\n"+text+ends+after), 0o644)
}

func (r *report) machine(out *bytes.Buffer) {
	host, _ := os.Hostname()
	fmt.Fprintf(out, "Measured on %s (%s, %d processors, %s), %s, in %v; load of the machine before %s and after %s. ",
		host, processor(), runtime.NumCPU(), runtime.GOOS+"/"+runtime.GOARCH, r.began.UTC().Format("2006-01-02 15:04 UTC"),
		time.Since(r.began).Round(time.Second), r.loadBefore, r.loadAfter)
	fmt.Fprintf(out, "%s, nats-server %s, nats.go %s, go-redis %s, %s. Orders made from seed %d; %d orders a turn, %s of turns.\n\n",
		runtime.Version(), version("github.com/nats-io/nats-server/v2"), version("github.com/nats-io/nats.go"),
		version("github.com/redis/go-redis/v9"), redisVersion(), seed, r.orders, count(r.pairs, "pair"))
}

func (r *report) throughput(out *bytes.Buffer) {
	fmt.Fprintf(out, "### Orders per second\n\n![Orders per second](performance/throughput.svg)\n\n"+
		"| mode | | over the pairs | router | engine | allocations an order: router, engine | router, its engine, NATS, Redis: us an order |\n|---|---|---:|---:|---:|---:|---:|\n")
	for _, m := range r.rates {
		ratios := m.ratios()
		fmt.Fprintf(out, "| %s | `router/engine: %.2f` | %.2f to %.2f | %.0f | %.0f | %.0f, %.0f | %.0f, %.0f, %.0f, %.0f |\n", m.name(), median(ratios), ratios[0], ratios[len(ratios)-1],
			perSecond(m.routers), perSecond(m.engines), middle(m.routers, allocs), middle(m.engines, allocs),
			middle(m.routers, ownMicros), middle(m.engines, ownMicros), middle(m.routers, natsMicros), middle(m.routers, redisMicros))
	}
	fmt.Fprintf(out, "\nProcessor time is that of whole processes: the router's has what the clients of NATS and Redis take in it.\n\n")
}

func allocs(t turn) float64      { return t.allocs }
func ownMicros(t turn) float64   { return micros(t.busy) / float64(t.orders) }
func natsMicros(t turn) float64  { return micros(t.natsBusy) / float64(t.orders) }
func redisMicros(t turn) float64 { return micros(t.redBusy) / float64(t.orders) }

func (r *report) latency(out *bytes.Buffer) {
	fmt.Fprintf(out, "### From order stored to dispatch stored\n\n![Latency](performance/latency.svg)\n\n"+
		"Milliseconds, by JetStream's own timestamps. Orders come when they are due, whatever became of those before; \"late\" is the 99th percentile of how long after that ORDERS had stored them. Each figure is the median over the pairs, and the ratio that of the pairs' ratios, with the lowest and the highest. Where a turn has too few orders for a percentile, its slowest order stands for it: at 10 per second it has 50.\n\n"+
		"| orders per second | router p50 | p99 | p99.9 | engine p50 | p99 | p99.9 | p99 ratio | late |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, d := range r.delays {
		fmt.Fprintf(out, "| %d%s |", d.perSecond, disk(d.fsync))
		for _, of := range [][]spread{d.routers, d.engines} {
			fmt.Fprintf(out, " %s | %s | %s |", ms(middle(of, p50)), ms(middle(of, p99)), ms(middle(of, p999)))
		}
		ratios := d.ratios()
		fmt.Fprintf(out, " %.2f (%.2f to %.2f) | %s |\n", median(ratios), ratios[0], ratios[len(ratios)-1], ms(middle(d.routers, func(s spread) float64 { return s.late })))
	}
	fmt.Fprintln(out)
}

// ratios are those of the p99 of each pair, the lowest first.
func (d delays) ratios() []float64 {
	all := make([]float64, len(d.routers))
	for i := range all {
		all[i] = d.routers[i].p99 / d.engines[i].p99
	}
	slices.Sort(all)
	return all
}

func ms(micros float64) string { return fmt.Sprintf("%.2f", micros/1e3) }

func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func version(module string) string {
	text, _ := os.ReadFile("../../go.mod")
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == module {
			return f[1]
		}
	}
	return "unknown"
}

func redisVersion() string {
	out, err := exec.Command("redis-server", "--version").Output()
	if fields := strings.Fields(string(out)); err == nil && len(fields) > 2 {
		return "redis-server " + strings.TrimPrefix(fields[2], "v=")
	}
	return "redis-server unknown"
}
