package pace

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// reloads measures what a whole process takes to put an edited config of more
// and more sites into force, and how long orders take meanwhile.
func reloads(t *testing.T, s size) []growth {
	out := growth{slug: "reload", name: "Reloading the config of a running router", x: "sites", unit: "ms",
		says:  "an order is the slowest of ten",
		lines: []line{{name: "the reload", each: "site"}, {name: "an order meanwhile"}, {name: "an order before"}}}
	for _, n := range s.steps(5, 5, 50, 500, 5_000) {
		w := newWorld(t, mode{mix: "coordinates"})
		p := w.serve(crowd{serving: 5, sites: n, lanes: 1})
		atLeast := time.Duration(s.passes()) * 100 * time.Millisecond
		before := w.meanwhile(func() { <-time.After(atLeast) })
		var took []float64
		during := w.meanwhile(func() {
			for start := time.Now(); time.Since(start) < atLeast; {
				took = append(took, millis(p.reload))
			}
		})
		out.add(n, median(took), during, before)
		p.stop()
		w.close()
	}
	return []growth{out}
}

// meanwhile sends orders while something is done, a hundred a second, and
// returns how many milliseconds the slowest tenth of them took at least, from
// stored to dispatched.
func (w *world) meanwhile(do func()) float64 {
	w.Helper()
	stored, done := map[event.Key]time.Time{}, make(chan struct{})
	from := w.last(event.StreamOrders) + 1
	next := int(from - 1)
	var sending sync.WaitGroup
	sending.Go(func() {
		every := time.NewTicker(10 * time.Millisecond)
		defer every.Stop()
		for ; ; next++ {
			_, m := w.mix.outgoing(next)
			w.send(1, func(int) stream.Outgoing { return m })
			select {
			case <-every.C:
			case <-done:
				return
			}
		}
	})
	do()
	close(done)
	sending.Wait()
	w.visit(event.StreamOrders, func(seq uint64, _ string, at time.Time) {
		if key, _ := w.mix.outgoing(int(seq - 1)); seq >= from {
			stored[key] = at
		}
	})
	var took []float64
	eventually(w, "all orders are dispatched", func(context.Context) error {
		if took = w.dispatched(stored); len(took) < len(stored) {
			return fmt.Errorf("%d of %d are", len(took), len(stored))
		}
		return nil
	})
	return quantile(took, 0.9)
}

// dispatched is how many milliseconds after they were stored orders were
// dispatched.
func (w *world) dispatched(stored map[event.Key]time.Time) (took []float64) {
	w.Helper()
	var of event.Key
	w.visit(event.StreamDispatch, func(_ uint64, subject string, at time.Time) {
		if key, err := event.ParseDecisionSubject(subject); err == nil {
			of = key
		} else if began, ours := stored[of]; ours && strings.HasPrefix(subject, "dispatch.") {
			took = append(took, micros(at.Sub(began))/1e3)
		}
	})
	return took
}
