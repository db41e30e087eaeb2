package pace

import (
	"cmp"
	"context"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// rates is one mode's throughput, turn by turn.
type rates struct {
	mode
	routers, engines []turn
}

// ratios are those of the pairs, sorted.
func (r rates) ratios() []float64 {
	all := make([]float64, len(r.routers))
	for i := range all {
		all[i] = r.routers[i].perSecond() / r.engines[i].perSecond()
	}
	slices.Sort(all)
	return all
}

func (r rates) ratio() float64 { return median(r.ratios()) }

// compareRates measures one mode: pairs of turns, each of them on fresh
// servers with the same orders, and in each pair another one goes first.
func compareRates(t *testing.T, s scale, m mode, tapes map[string]*tape) rates {
	t.Helper()
	n := s.orders
	if m.slow() {
		n /= 4
	}
	tape := recorded(t, m.mix, n, tapes)
	out := rates{mode: m}
	for pair := range s.pairs {
		stored := map[bool]uint64{}
		for k := range 2 {
			engine := (pair+k)%2 == 1
			w := newWorld(t, m)
			w.load(n)
			w.sync()
			if engine {
				out.engines = append(out.engines, profiled(t, func(begin func()) turn { return w.replay(n, tape, begin) }))
			} else {
				out.routers = append(out.routers, profiled(t, func(begin func()) turn { return w.route(n, nil, begin) }))
			}
			stored[engine] = w.journalled()
			w.close()
		}
		if stored[true] != stored[false] {
			t.Errorf("%s: the engine stored %d messages, the router %d", m.name(), stored[true], stored[false])
		}
	}
	t.Logf("%-60s router/engine: %.2f of %.2f, %.0f and %.0f orders/s, load %s", m.name(), out.ratio(), out.ratios(),
		perSecond(out.routers), perSecond(out.engines), machineLoad())
	return out
}

func perSecond(turns []turn) float64 { return middle(turns, turn.perSecond) }

// middle is the median of one figure of several.
func middle[T any, N cmp.Ordered](of []T, figure func(T) N) N {
	all := make([]N, len(of))
	for i, o := range of {
		all[i] = figure(o)
	}
	return median(all)
}

// recorded is the tape of a mix, long enough for n orders.
func recorded(t *testing.T, name string, n int, tapes map[string]*tape) *tape {
	t.Helper()
	if tapes[name] == nil || len(tapes[name].traces) < n {
		clear(tapes) // with more of them in memory, garbage would be collected less often
		w := newWorld(t, mode{mix: name})
		w.load(n)
		tapes[name] = newTape(w.mix)
		w.route(n, tapes[name], nil)
		w.close()
	}
	return tapes[name]
}

// delays is the latency at one load, in microseconds from the order stored to
// the dispatch stored, by JetStream's own timestamps.
type delays struct {
	load
	routers, engines []spread
}

// spread is the latency of one turn.
type spread struct {
	p50, p99, p999 float64
	late           float64 // p99 of how late orders were stored after they were due
}

func compareDelays(t *testing.T, s scale, l load, tapes map[string]*tape) delays {
	t.Helper()
	tape := recorded(t, "coordinates", l.orders(), tapes)
	out := delays{load: l}
	for pair := range s.pairs {
		for k := range 2 {
			engine := (pair+k)%2 == 1
			w := newWorld(t, mode{mix: "coordinates"})
			w.fsync = l.fsync
			w.sync()
			start := time.Now()
			platform := func() {
				start = time.Now().Add(time.Second)
				child(t, part{URL: w.natsURL(), Mix: "coordinates", Orders: l.orders(), PerSecond: l.perSecond, Start: start}).wait()
			}
			if engine {
				w.replay(l.orders(), tape, platform)
				out.engines = append(out.engines, w.spread(l, start))
			} else {
				w.route(l.orders(), nil, platform)
				out.routers = append(out.routers, w.spread(l, start))
			}
			w.close()
		}
	}
	t.Logf("%-40s router p50 %.0f p99 %.0f us, engine p50 %.0f p99 %.0f us, load %s", l.name(),
		middle(out.routers, p50), middle(out.routers, p99), middle(out.engines, p50), middle(out.engines, p99), machineLoad())
	return out
}

func p50(s spread) float64  { return s.p50 }
func p99(s spread) float64  { return s.p99 }
func p999(s spread) float64 { return s.p999 }

// spread reads when each order and its dispatch were stored.
func (w *world) spread(l load, start time.Time) spread {
	w.Helper()
	stored := map[event.Key]time.Time{}
	var late, delay []float64
	w.visit(event.StreamOrders, func(seq uint64, _ string, at time.Time) {
		key, _ := w.mix.outgoing(int(seq - 1))
		stored[key] = at
		late = append(late, micros(at.Sub(due(start, int(seq-1), l.perSecond))))
	})
	var of event.Key
	w.visit(event.StreamDispatch, func(_ uint64, subject string, at time.Time) {
		if key, err := event.ParseDecisionSubject(subject); err == nil {
			of = key
		} else if !stored[of].IsZero() {
			delay = append(delay, micros(at.Sub(stored[of])))
		}
	})
	if len(delay) != l.orders() {
		w.Errorf("%s: got %d dispatches, want %d", l.name(), len(delay), l.orders())
	}
	return spread{p50: quantile(delay, 0.5), p99: quantile(delay, 0.99), p999: quantile(delay, 0.999), late: quantile(late, 0.99)}
}

// visit reads a stream from its first message to its last.
func (w *world) visit(name string, see func(seq uint64, subject string, at time.Time)) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := w.js.Stream(ctx, name)
	if err != nil {
		w.Fatalf("open %s: %v", name, err)
	}
	c, err := s.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{})
	if err != nil {
		w.Fatalf("read %s: %v", name, err)
	}
	last := s.CachedInfo().State.LastSeq
	messages, err := c.Messages()
	if err != nil {
		w.Fatalf("read %s: %v", name, err)
	}
	defer messages.Stop()
	for seen := uint64(0); seen < last; {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			w.Fatalf("read %s: %v", name, err)
		}
		meta, err := m.Metadata()
		if err != nil {
			w.Fatalf("read %s: %v", name, err)
		}
		seen = meta.Sequence.Stream
		see(seen, m.Subject(), meta.Timestamp)
	}
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }

// quantile sorts its argument.
func quantile[T cmp.Ordered](of []T, q float64) (none T) {
	if len(of) == 0 {
		return none
	}
	slices.Sort(of)
	return of[min(int(q*float64(len(of))), len(of)-1)]
}
