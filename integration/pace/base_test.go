package pace

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
)

const (
	baseEnv  = "PACE_BASE"  // nearlane as another commit builds it; empty: a trial
	treeEnv  = "PACE_TREE"  // nearlane as this tree builds it
	pairsEnv = "PACE_PAIRS" // of turns
)

// binary is a nearlane. Without a path, this test plays it.
type binary struct{ path string }

// run is `nearlane run` by a config that the test has written, at a time of day
// at which every lane can still be had.
func (b binary) run(t testing.TB, file string) *process {
	t.Helper()
	if b.path == "" {
		return child(t, part{Config: file})
	}
	return started(t, exec.Command(b.path, "run", "-c", file, "--name", "r0", "--log-level", "warn", "--watch=false", "--clock", morning.Format(time.RFC3339)))
}

// route is `nearlane run` by a config.
func (p part) route(ctx context.Context) error {
	loaded, found := config.Load(p.Config, config.Options{})
	if loaded == nil {
		return errors.New(found.Format())
	}
	a, err := app.Open(ctx, app.Options{Config: loaded, Path: p.Config, Name: "r0", Now: stoppedClock})
	if err != nil {
		return err
	}
	return a.Run(ctx)
}

// contest is what two binaries are compared at: each turn has fresh servers.
type contest struct {
	name    string
	orders  int
	figures []figure
	turn    func(t *testing.T, b binary, orders int) []float64 // a value for each figure
}

// figure is one number that a turn comes to.
type figure struct {
	name, unit string
	more       bool // is better
	judged     bool // by the least ratio; else it is told
}

var (
	rate     = figure{name: "orders per second", more: true, judged: true}
	burden   = figure{name: "processor time", unit: "us an order", judged: true}
	memory   = figure{name: "memory at most", unit: "MiB"}
	middling = figure{name: "latency, p50", unit: "ms", judged: true}
	slowest  = figure{name: "latency, p99", unit: "ms"}
)

var contests = []contest{
	{"coordinates, fsync", 10_000, []figure{rate, burden, memory}, throughput(mode{mix: "coordinates", fsync: true})},
	{"lockers", 6_000, []figure{rate, burden, memory}, throughput(mode{mix: "lockers"})},
	{"full lanes", 3_000, []figure{rate, burden, memory}, throughput(mode{mix: "full"})},
	{"embedded default", 2_000, []figure{rate, burden, memory}, embeddedThroughput},
	{"latency, 500 per second, fsync", 1_500, []figure{middling, slowest}, latencies(500)},
	{"replay", 20_000, []figure{burden, memory}, replayed},
}

var trials = []contest{
	{"lockers", 200, []figure{rate, burden, memory}, throughput(mode{mix: "lockers"})},
	{"embedded default", 100, []figure{rate, burden, memory}, embeddedThroughput},
	{"latency", 50, []figure{middling, slowest}, latencies(100)},
}

// TestBase compares whole processes of two builds, turn by turn. As a plain
// test it is a trial, of this build with itself.
func TestBase(t *testing.T) {
	base, tree := binary{os.Getenv(baseEnv)}, binary{os.Getenv(treeEnv)}
	pairs, only := leastPairs, regexp.MustCompile(os.Getenv(onlyEnv))
	if text := os.Getenv(pairsEnv); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("%s: %q is no number of pairs", pairsEnv, text)
		}
		pairs = n
	}
	list := contests
	trial := base.path == ""
	if trial {
		list, pairs = trials, 1
	}
	for _, c := range list {
		if !only.MatchString(c.name) {
			continue
		}
		d := duel{contest: c}
		for pair := range pairs {
			d.add(t, base, tree, pair%2 == 1)
		}
		fmt.Print(d)
		if slower := d.slower(); len(slower) > 0 && !trial {
			t.Errorf("%s: slower by %s", c.name, slower)
		}
	}
}

// leastPairs is how many pairs a median is of: a build beside itself is then
// told apart from one that is a twentieth slower.
const leastPairs = 11

// duel is a contest and the turns of both sides.
type duel struct {
	contest
	base, tree [][]float64 // by pair, then by figure
}

func (d *duel) add(t *testing.T, base, tree binary, treeFirst bool) {
	t.Helper()
	if treeFirst {
		d.tree = append(d.tree, d.turn(t, tree, d.orders))
	}
	d.base = append(d.base, d.turn(t, base, d.orders))
	if !treeFirst {
		d.tree = append(d.tree, d.turn(t, tree, d.orders))
	}
}

// ratios say how many times as good as the base the tree is at a figure, one
// for each pair, sorted.
func (d duel) ratios(figure int) []float64 {
	all := make([]float64, len(d.tree))
	for i := range all {
		all[i] = d.tree[i][figure] / d.base[i][figure]
		if !d.figures[figure].more {
			all[i] = 1 / all[i]
		}
	}
	slices.Sort(all)
	return all
}

// leastRatio is what "not slower" means: the median over the pairs.
const leastRatio = 0.95

// slower names the judged figures at which the tree is worse.
func (d duel) slower() (names []string) {
	for i, f := range d.figures {
		if f.judged && median(d.ratios(i)) < leastRatio {
			names = append(names, f.name)
		}
	}
	return names
}

// String is a row for each figure.
func (d duel) String() (text string) {
	for i, f := range d.figures {
		r := d.ratios(i)
		of := func(turns [][]float64) string {
			return short(middle(turns, func(v []float64) float64 { return v[i] }))
		}
		verdict := ""
		if f.judged {
			verdict = "not slower"
			if median(r) < leastRatio {
				verdict = "SLOWER"
			}
		}
		text += fmt.Sprintf("%-32s %-18s tree/base: %.3f  (%.2f to %.2f, half of %d pairs in %.2f to %.2f)  tree %s, base %s %-12s %s\n", d.name, f.name, median(r),
			r[0], r[len(r)-1], len(r), quantile(r, 0.25), quantile(r, 0.75), of(d.tree), of(d.base), cmp.Or(f.unit, "a second"), verdict)
	}
	return text
}

// A tree that is a tenth slower is called slower, one that is as fast is not.
func TestSlowerIsJudged(t *testing.T) {
	t.Parallel()
	d := duel{contest: contest{figures: []figure{rate, burden, memory}}}
	for i := range leastPairs {
		noise := 1 + 0.02*float64(i%5-2)
		d.base = append(d.base, []float64{1000, 100, 50})
		d.tree = append(d.tree, []float64{1000 * noise, 111 * noise, 100})
	}
	if got := d.slower(); len(got) != 1 || got[0] != burden.name {
		t.Errorf("got slower by %q, want by %q alone", got, burden.name)
	}
}
