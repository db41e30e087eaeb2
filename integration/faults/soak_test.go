package faults

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

const (
	// steady is the least number of orders from which on growth means
	// something: before it, heaps still find their size.
	steady = 500_000
	// mostGrowth of resident memory, over the last three quarters.
	mostGrowth = 0.01
)

// done are the levels whose orders are done with once they are decided. Those
// that wait are remembered until they are not.
var done = slices.DeleteFunc(slices.Clone(levels), func(level string) bool { return level == "patient" })

// sample is a router's resident memory, in bytes, when so many orders were
// answered.
type sample struct{ orders, resident float64 }

// TestSoak sends SOAK_ORDERS orders through (`make soak`: a million) and wants
// every one decided, and no router to grow with what it has seen.
func TestSoak(t *testing.T) {
	n := int(number(t, "SOAK_ORDERS", 2_000))
	w := newWorld(t, setting{nodes: 1})
	conn := w.dial("publisher")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	published := make(chan error, 1)
	go func() { published <- flood(ctx, conn, n) }()
	samples := make([][]sample, len(w.routers))
	err := eventually(24*time.Hour, time.Second, func() error {
		done, err := w.answeredOrders(ctx)
		if err != nil {
			return err
		}
		for i, r := range w.routers {
			if bytes := r.resident(); bytes > 0 {
				samples[i] = append(samples[i], sample{float64(done), bytes})
			}
		}
		if done < uint64(n) {
			return fmt.Errorf("%d of %d orders answered", done, n)
		}
		return nil
	})
	if err = firstError(err, <-published); err != nil {
		t.Fatal(err)
	}
	a, err := w.read(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if len(a.Standing) != n || a.Breached() > 0 {
		t.Errorf("got %d orders decided and %d broken invariants %q, want %d and none", len(a.Standing), a.Breached(), a.Breaches, n)
	}
	for i, s := range samples {
		growth, mean := growth(s)
		t.Logf("router %d: %.1f MiB resident, %+.2f %% over the last three quarters, %d samples; by tenths of them %.0f", i, mean/(1<<20), 100*growth, len(s), tenths(s))
		if n >= steady && growth > mostGrowth {
			t.Errorf("router %d grows by %.2f %%, want at most %.2f %%", i, 100*growth, 100*mostGrowth)
		}
	}
	w.sizes(ctx)
}

// flood publishes n orders, as fast as they are acknowledged.
func flood(ctx context.Context, conn *stream.Conn, n int) (failed error) {
	p := conn.Publisher(func(_ stream.Outgoing, out stream.Outcome) { failed = firstError(failed, out.Err) })
	for i := range n {
		if err := p.Send(ctx, order(fmt.Sprintf("soak-%07d", i), done[i%len(done)])); err != nil {
			return err
		}
	}
	return firstError(p.Flush(ctx), failed)
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// answeredOrders is how many messages of ORDERS the routers are done with.
func (w *world) answeredOrders(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, asked)
	defer cancel()
	cons, err := w.js.Consumer(ctx, event.StreamOrders, app.Durable)
	if err != nil {
		return 0, err
	}
	return cons.CachedInfo().AckFloor.Stream, nil
}

// resident is the process's resident memory in bytes; 0: not known here.
func (p *process) resident() float64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd == nil {
		return 0
	}
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kib, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 64)
			return kib * 1024
		}
	}
	return 0
}

// growth is the least-squares slope over the last three quarters of the
// orders, as a share of the mean there.
func growth(all []sample) (share, mean float64) {
	if len(all) == 0 {
		return 0, 0
	}
	from := all[len(all)-1].orders / 4
	var n, x, y, xx, xy float64
	for _, s := range all {
		if s.orders >= from {
			n, x, y, xx, xy = n+1, x+s.orders, y+s.resident, xx+s.orders*s.orders, xy+s.orders*s.resident
		}
	}
	mean = y / n
	if spread := n*xx - x*x; spread > 0 {
		share = (n*xy - x*y) / spread * 3 * from / mean
	}
	return share, mean
}

func TestGrowth(t *testing.T) {
	t.Parallel()
	var flat, rising []sample
	for i := range 100 {
		flat = append(flat, sample{float64(i), 50})
		rising = append(rising, sample{float64(i), 100 + float64(i)})
	}
	if got, mean := growth(flat); got != 0 || mean != 50 {
		t.Errorf("flat: got %g of %g, want 0 of 50", got, mean)
	}
	if got, _ := growth(rising); got < 0.45 || got > 0.47 { // 74.25 of 162
		t.Errorf("rising: got %g, want about 0.46", got)
	}
}

// sizes tells how large the streams and Redis have become.
func (w *world) sizes(ctx context.Context) {
	for _, name := range []string{event.StreamOrders, event.StreamDispatch} {
		if s, err := w.js.Stream(ctx, name); err == nil {
			state := s.CachedInfo().State
			w.Logf("%s: %d messages, %.1f MiB", name, state.Msgs, float64(state.Bytes)/(1<<20))
		}
	}
	w.Logf("redis: %.1f MiB resident", w.redis.resident()/(1<<20))
}

// tenths is the resident memory in MiB at ten moments evenly spread.
func tenths(s []sample) []float64 {
	var list []float64
	for i := 1; i <= 10; i++ {
		list = append(list, s[(len(s)-1)*i/10].resident/(1<<20))
	}
	return list
}
