package pace

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// weight is what one order costs in all, for whoever has to plan for many:
// bytes that it leaves, and processor time of whole processes, in which
// auditors and wakers work beside the routers.
type weight struct {
	orders, dispatch float64  // bytes on the streams
	redis, slot      float64  // bytes in Redis, of an order and of a slot
	one, two         []shares // with so many processes
}

// shares is processor time of an order, in microseconds.
type shares struct{ processes, nats, redis float64 }

func weighed(t *testing.T, s scale) *weight {
	t.Helper()
	var out weight
	for range s.pairs {
		out.one = append(out.one, out.run(t, s.orders, 1))
		out.two = append(out.two, out.run(t, s.orders, 2))
	}
	t.Logf("%-60s %+v, load %s", "weight", out, machineLoad())
	return &out
}

// run lets whole processes, as `nearlane run` starts them, work off n orders,
// and waits until their auditors have followed.
func (out *weight) run(t *testing.T, n, processes int) shares {
	t.Helper()
	w := newWorld(t, mode{mix: "coordinates"})
	defer w.close()
	w.load(n)
	ctx, cancel := context.WithCancel(context.Background())
	var ended []chan struct{}
	inNATS, inRedis := w.busy()
	own := ownBusy()
	for i := range processes {
		ended = append(ended, w.process(ctx, fmt.Sprintf("p%d", i)))
	}
	eventually(w, "all is routed and audited", func(ctx context.Context) error {
		return w.caughtUp(ctx, uint64(n), app.Durables())
	})
	all := shares{processes: micros(ownBusy()-own) / float64(n)}
	afterNATS, afterRedis := w.busy()
	all.nats, all.redis = micros(afterNATS-inNATS)/float64(n), micros(afterRedis-inRedis)/float64(n)
	out.orders = float64(w.state(event.StreamOrders).Bytes) / float64(n)
	out.dispatch = float64(w.state(event.StreamDispatch).Bytes) / float64(n)
	out.redis, out.slot = w.redisBytes("*:slot:*")
	out.redis /= float64(n)
	cancel()
	for _, e := range ended {
		<-e
	}
	return all
}

// process starts what `nearlane run` does; closed when it has ended.
func (w *world) process(ctx context.Context, name string) chan struct{} {
	w.Helper()
	c := loaded(w, w.mix.network())
	c.NATS.URL, c.Redis.URL = config.NewSecret(w.natsURL()), config.NewSecret(w.redisURL)
	c.OrderDigestKey = config.NewSecret("0123456789abcdef0123456789abcdef")
	c.DataDir, c.HTTP.Listen = w.TempDir(), "127.0.0.1:0"
	a, err := app.Open(ctx, app.Options{Config: c, Name: name, Now: stoppedClock})
	if err != nil {
		w.Fatalf("open %s: %v", name, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := a.Run(ctx); err != nil {
			w.Errorf("run %s: %v", name, err)
		}
	}()
	return ended
}

// caughtUp is nil once n orders are answered, and the journal is followed to
// its end.
func (w *world) caughtUp(ctx context.Context, n uint64, durables map[string]string) error {
	for stream, last := range map[string]uint64{event.StreamOrders: n, event.StreamDispatch: 2 * n} {
		c, err := w.js.Consumer(ctx, stream, durables[stream])
		if err != nil {
			return err
		}
		if floor := c.CachedInfo().AckFloor.Stream; floor < last {
			return fmt.Errorf("%s answered through %d, want %d", stream, floor, last)
		}
	}
	return nil
}

// redisBytes is what all keys take in Redis, the buffers of a few connections
// included, and what one key of a pattern takes.
func (w *world) redisBytes(pattern string) (all, each float64) {
	w.Helper()
	ctx := context.Background()
	c := redis.NewClient(&redis.Options{Addr: strings.TrimPrefix(w.redisURL, "redis://")})
	defer c.Close()
	var keys int
	for found := c.Scan(ctx, 0, pattern, 1000).Iterator(); found.Next(ctx); keys++ {
		used, err := c.MemoryUsage(ctx, found.Val()).Result()
		if err != nil {
			w.Fatalf("ask redis for the size of %s: %v", found.Val(), err)
		}
		each += float64(used)
	}
	for line := range strings.Lines(c.Info(ctx, "memory").Val()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		n, _ := strconv.ParseFloat(value, 64)
		switch name {
		case "used_memory":
			all += n
		case "used_memory_startup":
			all -= n
		}
	}
	return all, each / float64(max(keys, 1))
}

func (r *report) weights(out io.Writer) {
	g := r.weight
	fmt.Fprintf(out, "### What an order weighs\n\nBytes that it leaves behind, and processor time of whole processes: `nearlane run` with its auditor and waker, which follow the journal.\n\n"+
		"| on ORDERS | on DISPATCH | in Redis | a slot in Redis | us of nearlane, NATS, Redis | with two processes |\n|---:|---:|---:|---:|---:|---:|\n")
	fmt.Fprintf(out, "| %.0f bytes | %.0f bytes | %.0f bytes | %.0f bytes | %s | %s |\n\n", g.orders, g.dispatch, g.redis, g.slot, spent(g.one), spent(g.two))
}

func spent(on []shares) string {
	return fmt.Sprintf("%.0f, %.0f, %.0f", middle(on, func(s shares) float64 { return s.processes }),
		middle(on, func(s shares) float64 { return s.nats }), middle(on, func(s shares) float64 { return s.redis }))
}
