package pace

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
)

// routed is a process that routes in a world of its own.
type routed struct {
	*world
	process *process
	file    string
	http    string
	idle    time.Duration // what it takes to start
}

// routedBy is a world with a config for the binary, which has made its streams
// and has ended again.
func routedBy(t *testing.T, b binary, m mode) *routed {
	t.Helper()
	r := &routed{world: worldOf(t, m)}
	r.bare = true
	r.http = freeAddrs(t, 1)[0]
	r.begin()
	r.configure(fmt.Sprintf("nats: {url: %q}\nredis: {url: %q}\nsecrets: {orderDigest: %s}\n", r.natsURL(), r.redisURL, digestKey))
	r.start(b)
	r.idle = r.process.busy()
	r.process.stop()
	return r
}

func (r *routed) configure(servers string) {
	r.Helper()
	r.file = filepath.Join(r.dir, "pace.yaml")
	text := r.mix.network() + servers + fmt.Sprintf("dataDir: %s\nhttp: {listen: %q}\n", filepath.Join(r.dir, "data"), r.http)
	for name, data := range map[string][]byte{r.file: []byte(text), filepath.Join(r.dir, "FI.tsv"): gazetteer()} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			r.Fatal(err)
		}
	}
}

// start returns once the process is ready.
func (r *routed) start(b binary) {
	r.Helper()
	r.process = b.run(r, r.file)
	eventually(r, "nearlane is ready", func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+r.http+"/readyz", nil)
		if err != nil {
			return err
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return errors.New(answer.Status)
		}
		return nil
	})
}

// finish waits until n orders are answered and whoever follows the journal has
// come to its end, and returns the figures of a throughput.
func (r *routed) finish(n int) []float64 {
	r.Helper()
	eventually(r, "all is routed", r.answered(n))
	eventually(r, "all is followed", r.followed)
	busy := r.process.busy() - r.idle
	rate := r.decided(n)
	r.process.stop()
	r.close()
	return []float64{rate, micros(busy) / float64(n), peak(r.process.cmd)}
}

// followed is nil once the journal's durable has come to its end.
func (r *routed) followed(ctx context.Context) error {
	c, err := r.js.Consumer(ctx, event.StreamDispatch, app.Durables()[event.StreamDispatch])
	if err != nil {
		return err
	}
	if info := c.CachedInfo(); info.NumPending > 0 || info.NumAckPending > 0 {
		return fmt.Errorf("%d of the journal are left", int(info.NumPending)+info.NumAckPending)
	}
	return nil
}

// decided is how many orders a second were decided, from the first batch to the
// last, by the times at which NATS stored them.
func (r *routed) decided(n int) float64 {
	r.Helper()
	var first, last time.Time
	all, after := 0, 0
	r.visit(event.StreamDispatch, func(_ uint64, subject string, at time.Time) {
		if _, err := event.ParseDecisionSubject(subject); err != nil {
			return
		}
		if all++; first.IsZero() {
			first = at
		}
		if at.Sub(first) > 0 {
			after++
		}
		last = at
	})
	if all != n {
		r.Errorf("got %d decisions on %d orders:\n%s", all, n, r.process.said.String())
	}
	return float64(after) / last.Sub(first).Seconds()
}

// peak is the most memory that an ended process had, in MiB.
func peak(cmd *exec.Cmd) float64 {
	used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(used.Maxrss) / 1024
}

// throughput is how fast orders are worked off that stand on ORDERS already.
func throughput(m mode) func(*testing.T, binary, int) []float64 {
	return func(t *testing.T, b binary, n int) []float64 {
		r := routedBy(t, b, m)
		r.load(n)
		r.sync()
		r.start(b)
		return r.finish(n)
	}
}

// embeddedThroughput is that of one process which has both servers in it.
// Orders come while it routes.
func embeddedThroughput(t *testing.T, b binary, n int) []float64 {
	r := &routed{world: worldOf(t, mode{mix: "coordinates"}), http: freeAddrs(t, 1)[0]}
	r.bare = true
	r.configure(fmt.Sprintf("nats: {listen: %q}\n", r.ports[0]))
	r.start(b)
	r.idle = r.process.busy()
	r.connect()
	r.load(n)
	return r.finish(n)
}

// latencies is how long an order takes from stored to dispatched while so many
// come in a second.
func latencies(perSecond int) func(*testing.T, binary, int) []float64 {
	return func(t *testing.T, b binary, n int) []float64 {
		r := routedBy(t, b, mode{mix: "coordinates", fsync: true})
		r.sync()
		r.start(b)
		l := load{perSecond: perSecond, lasts: time.Duration(n) * time.Second / time.Duration(perSecond), fsync: true}
		start := time.Now().Add(time.Second)
		child(t, part{URL: r.natsURL(), Mix: r.mode.mix, Orders: n, PerSecond: perSecond, Start: start}).wait()
		eventually(r, "all is routed", r.answered(n))
		s := r.spread(l, start)
		r.process.stop()
		r.close()
		return []float64{s.p50 / 1e3, s.p99 / 1e3}
	}
}

// answered is nil once a router has answered for n orders.
func (r *routed) answered(n int) func(context.Context) error {
	return func(ctx context.Context) error {
		c, err := r.js.Consumer(ctx, event.StreamOrders, durable)
		if err != nil {
			return err
		}
		if floor := c.CachedInfo().AckFloor.Stream; floor < uint64(n) {
			return fmt.Errorf("%d of %d orders are answered", floor, n)
		}
		return nil
	}
}

// replayed is what planning n recorded orders takes, alone.
func replayed(t *testing.T, b binary, n int) []float64 {
	t.Helper()
	r := &routed{world: worldOf(t, mode{mix: "coordinates"}), http: freeAddrs(t, 1)[0]}
	r.configure("")
	var recorded bytes.Buffer
	for i := range n {
		_, data := r.mix.order(i)
		recorded.Write(append(data, '\n'))
	}
	list := filepath.Join(r.dir, "orders.ndjson")
	if err := os.WriteFile(list, recorded.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(b.path, "replay", "-c", r.file, "--json", list)
	said, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(said), fmt.Sprint(n)) {
		t.Fatalf("%s: %v\n%.2000s", cmd, err, said)
	}
	took := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return []float64{micros(took) / float64(n), peak(cmd)}
}
