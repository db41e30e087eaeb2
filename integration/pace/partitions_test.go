package pace

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event/stream"
)

// partitions is the throughput of two routers that share a set of streams and a
// Redis, beside that of two that are each a partition: an account of the same
// NATS, and a Redis, of its own. Together they get the same number of orders.
type partitions struct {
	fsync        bool
	shared, each []partitionTurn
}

// partitionTurn is a turn, and how busy the busiest single thread of each kind
// was.
type partitionTurn struct {
	turn
	intake float64       // orders that ORDERS stored per second before the turn
	stream time.Duration // the goroutine of the busiest stream of NATS
	redis  time.Duration // the busiest redis-server
}

var bothAccounts = []string{"south", "north"}

func (p partitions) name() string { return "partitions" + disk(p.fsync) }

// ratio is the median over the pairs.
func (p partitions) ratio() float64 {
	all := make([]float64, len(p.shared))
	for i := range all {
		all[i] = p.each[i].perSecond() / p.shared[i].perSecond()
	}
	return median(all)
}

func comparePartitions(t *testing.T, s scale, fsync bool) partitions {
	t.Helper()
	out, n := partitions{fsync: fsync}, 2*s.orders
	if fsync {
		n = s.orders
	}
	for pair := range s.pairs {
		for k := range 2 {
			if (pair+k)%2 == 1 {
				out.each = append(out.each, partitionedTurn(t, n, fsync, bothAccounts))
			} else {
				out.shared = append(out.shared, partitionedTurn(t, n, fsync, bothAccounts[:1]))
			}
		}
	}
	t.Logf("%-60s partitioned/shared: %.2f, %.0f and %.0f orders/s, load %s", out.name(), out.ratio(),
		middle(out.each, partitionTurn.perSecond), middle(out.shared, partitionTurn.perSecond), machineLoad())
	return out
}

// partitionedTurn lets two routers work off the orders, which lie in as many
// accounts as there are.
func partitionedTurn(t *testing.T, orders int, fsync bool, accounts []string) partitionTurn {
	t.Helper()
	loaded := orders - orders/6
	m := mode{mix: "coordinates", fsync: fsync, routers: 2 / len(accounts)}
	first := &world{TB: t, mode: m, mix: mixes[m.mix], dir: t.TempDir(), ports: freeAddrs(t, 1), accounts: bothAccounts}
	first.mode.nodes, first.net = 1, build(t, first.mix.network())
	first.startNodes(false)
	var parts []*world
	for _, account := range accounts {
		w := *first
		w.account = account
		w.startRedis()
		w.connect()
		w.load(loaded / len(accounts))
		parts = append(parts, &w)
	}
	if fsync {
		restartNodes(parts)
	}
	out := partitionTurn{intake: intake(parts, loaded/len(accounts), orders/len(accounts))}
	counted := newTally(orders)
	var all []*runner
	for _, w := range parts {
		for i := range m.routers {
			all = append(all, w.router(fmt.Sprintf("r%d", i), counted, nil))
		}
	}
	node := parts[0].nodes[0]
	if err := node.cmd.Process.Signal(syscall.SIGUSR1); err != nil {
		t.Fatal(err)
	}
	out.turn = parts[0].take(all, counted, nil)
	for _, w := range parts {
		out.redis = max(out.redis, w.redis.busy())
		w.close()
	}
	times, err := streamTimes(filepath.Join(first.dir, "n0"))
	if err != nil {
		t.Fatalf("read the profile of nats: %v", err)
	}
	for _, busy := range times {
		out.stream = max(out.stream, busy)
	}
	return out
}

// intake has one platform store orders from up to below to in every partition,
// and returns how many per second it could in all.
func intake(parts []*world, from, to int) float64 {
	parts[0].Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	start := time.Now()
	out := make([]*stream.Publisher, len(parts))
	for k, w := range parts {
		out[k] = w.conn.Publisher(func(m stream.Outgoing, o stream.Outcome) {
			if o.Err != nil {
				w.Errorf("publish %.80s: %v", m.Data, o.Err)
			}
		})
	}
	for i := from; i < to; i++ {
		for k, w := range parts {
			_, m := w.mix.outgoing(i)
			if err := out[k].Send(ctx, m); err != nil {
				w.Fatal(err)
			}
		}
	}
	for k, w := range parts {
		if err := out[k].Flush(ctx); err != nil {
			w.Fatal(err)
		}
	}
	return float64((to-from)*len(parts)) / time.Since(start).Seconds()
}

// restartNodes lets what is measured begin with an fsync before every
// acknowledgement; see world.sync.
func restartNodes(parts []*world) {
	for _, w := range parts {
		_ = w.conn.Close(context.Background())
		w.js.Conn().Close()
	}
	parts[0].nodes[0].stop()
	parts[0].startNodes(true)
	for _, w := range parts {
		w.nodes = parts[0].nodes
		w.connect()
	}
}

func (r *report) partitioned(out io.Writer) {
	fmt.Fprintf(out, "### Two partitions\n\nTwo routers on one set of streams and one Redis, beside two that have an account of the same NATS and a Redis each, "+
		"as [growing.md](growing.md) sets them up. A stream and a redis-server work on one processor at a time; \"busiest\" is what the busiest of them had to do for each order of the network. "+
		"All processors of this machine are busy either way: the ratio says what partitions cost, the halves what they make room for where there are more. "+
		"\"Stored\" is how many orders one platform gets acknowledged per second.\n\n"+
		"| mode | | shared | partitioned | stored | partitioned | busiest stream: us an order | partitioned | busiest redis-server: us an order | partitioned |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, p := range r.partitions {
		fmt.Fprintf(out, "| 2 routers%s | `partitioned/shared: %.2f` | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f |\n", disk(p.fsync), p.ratio(),
			middle(p.shared, partitionTurn.perSecond), middle(p.each, partitionTurn.perSecond),
			middle(p.shared, intakes), middle(p.each, intakes),
			middle(p.shared, streamMicros), middle(p.each, streamMicros), middle(p.shared, busiestRedis), middle(p.each, busiestRedis))
	}
	fmt.Fprintln(out)
}

func intakes(t partitionTurn) float64      { return t.intake }
func streamMicros(t partitionTurn) float64 { return micros(t.stream) / float64(t.orders) }
func busiestRedis(t partitionTurn) float64 { return micros(t.redis) / float64(t.orders) }
