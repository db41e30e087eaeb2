// Package pace measures how fast orders are routed, and beside it, turn by
// turn in the same run, how fast the bare engines are: NATS and Redis moved by
// the same adapters through the same pulls, script calls, atomic batches,
// settles and acks, with the bytes of a router's run and nothing decoded or
// planned. The ratio of the two is what Nearlane itself costs; it holds on a
// noisy machine, where a number of orders per second does not.
//
// NATS and redis-server are processes of their own, and so is whoever sends
// orders while latency is measured. Routers and engines run in the test's
// process, so that its processor time and allocations are theirs.
//
// `make bench` measures everything and writes docs/performance.md; BENCH_QUICK
// does it in two minutes. As a plain test, it is a trial: a few hundred orders,
// and the engine has to store exactly what the router stored.
package pace

import (
	"cmp"
	"fmt"
	"os"
	"regexp"
	"testing"
	"time"
)

const (
	outEnv   = "PACE_OUT"   // the folder of performance.md; empty: a trial
	quickEnv = "PACE_QUICK" // not empty: in two minutes
	onlyEnv  = "PACE_ONLY"  // a pattern of the names to measure; the rest of the page stays away
)

// scale is how much is measured.
type scale struct {
	pairs  int // of a router's turn and an engine's
	orders int // of one turn
	loads  []load
	modes  []mode
	size   size // up to where growth is followed
	only   *regexp.Regexp
}

// load is a number of orders per second, kept up for some seconds.
type load struct {
	perSecond int
	lasts     time.Duration
	fsync     bool
}

func (l load) name() string {
	return fmt.Sprintf("latency/%d per second%s", l.perSecond, disk(l.fsync))
}
func (l load) orders() int { return max(int(l.lasts.Seconds()*float64(l.perSecond)), 1) }

func full() scale {
	return scale{pairs: 5, orders: 12_000, modes: modes, size: large, loads: []load{
		{perSecond: 10, lasts: 5 * time.Second}, {perSecond: 100, lasts: 4 * time.Second},
		{perSecond: 1000, lasts: 3 * time.Second}, {perSecond: 5000, lasts: 2 * time.Second},
		{perSecond: 1000, lasts: 2 * time.Second, fsync: true},
	}}
}

func quick() scale {
	return scale{pairs: 1, orders: 3_000, modes: modes, size: small, loads: []load{
		{perSecond: 10, lasts: 2 * time.Second}, {perSecond: 1000, lasts: 2 * time.Second},
	}}
}

func trial() scale {
	return scale{pairs: 1, orders: 512, loads: []load{{perSecond: 100, lasts: time.Second}},
		modes: []mode{{mix: "coordinates"}, {mix: "postcodes"}, {mix: "lockers"}, {mix: "full", routers: 2}, {mix: "duplicates", inProcess: true}}}
}

func (s scale) wants(name string) bool { return s.only == nil || s.only.MatchString(name) }

// TestMain is also the entry of the child processes.
func TestMain(m *testing.M) {
	if text := os.Getenv(partEnv); text != "" {
		os.Exit(play(text))
	}
	os.Exit(m.Run())
}

// TestPace measures, and writes what it has measured.
func TestPace(t *testing.T) {
	out, s := os.Getenv(outEnv), trial()
	if out != "" {
		s = full()
		if os.Getenv(quickEnv) != "" {
			s = quick()
		}
	}
	if text := os.Getenv(onlyEnv); text != "" {
		s.only = regexp.MustCompile(text)
	}
	r := report{scale: s, began: time.Now(), loadBefore: machineLoad()}
	tapes := map[string]*tape{}
	for _, m := range s.modes {
		if s.wants(m.name()) {
			r.rates = append(r.rates, compareRates(t, s, m, tapes))
			r.save(t, out)
		}
	}
	for _, l := range s.loads {
		if s.wants(l.name()) {
			r.delays = append(r.delays, compareDelays(t, s, l, tapes))
			r.save(t, out)
		}
	}
	for _, fsync := range []bool{false, true} {
		if s.wants(partitions{fsync: fsync}.name()) {
			r.partitions = append(r.partitions, comparePartitions(t, s, fsync))
			r.save(t, out)
		}
	}
	if out != "" && s.wants(allocsName) {
		r.allocs = routingAllocs(t)
	}
	if s.wants("weight") {
		r.weight = weighed(t, s)
		r.save(t, out)
	}
	growths(t, s, tapes, func(found []growth) { r.growths = found; r.save(t, out) })
	r.save(t, cmp.Or(out, t.TempDir())) // a trial writes and draws everything, too
}

func disk(fsync bool) string {
	if fsync {
		return ", fsync"
	}
	return ""
}

// mode is what one throughput is measured of. The zero value of a field is the
// plain case: one router, one node, no fsync, redis-server.
type mode struct {
	mix       string
	fsync     bool
	routers   int
	nodes     int
	inProcess bool // Redis
}

// slow modes get by with fewer orders.
func (m mode) slow() bool { return m.inProcess || m.mix == "full" }

var modes = []mode{
	{mix: "coordinates", fsync: true},
	{mix: "coordinates"},
	{mix: "coordinates", fsync: true, routers: 2},
	{mix: "coordinates", routers: 2},
	{mix: "coordinates", fsync: true, routers: 4},
	{mix: "coordinates", routers: 4},
	{mix: "coordinates", fsync: true, nodes: 3},
	{mix: "coordinates", nodes: 3},
	{mix: "coordinates", routers: 2, nodes: 3},
	{mix: "coordinates", fsync: true, inProcess: true},
	{mix: "coordinates", inProcess: true},
	{mix: "postcodes"},
	{mix: "lockers"},
	{mix: "full"},
	{mix: "duplicates"},
}

func (m mode) name() string {
	redis := "redis-server"
	if m.inProcess {
		redis = "in-process redis"
	}
	return fmt.Sprintf("%s, %s, %s, %s%s", m.mix, count(cmp.Or(m.routers, 1), "router"), count(cmp.Or(m.nodes, 1), "node"), redis, disk(m.fsync))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
