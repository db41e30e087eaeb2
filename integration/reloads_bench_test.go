package integration

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/examples"
)

// BenchmarkReloads compares how long orders take while the network stands still
// and while it is reloaded, on the Helsinki example: from the moment an order is
// stored to the moment its decision is, by the server's clock. The two take
// turns, so that whatever else the machine does meets both.
func BenchmarkReloads(b *testing.B) {
	w := newWorld(b, setting{network: firstDraft, redis: redisProcess})
	w.network = helsinki(b)
	p := &process{w: w, path: filepath.Join(b.TempDir(), "router.yaml")}
	copyExample(b, filepath.Dir(p.path))
	p.write(w.network)
	p.start("router")
	w.eventually("the process is ready", p.isReady)
	other := strings.Replace(w.network, "parcels: 9,", "parcels: 7,", 1)

	const (
		turns = 20
		every = 50 * time.Millisecond
	)
	var calm, busy []*event.Order
	round := 0
	for b.Loop() {
		for range turns {
			round++
			busy = append(busy, w.flow(fmt.Sprint("moving-", round), func() { p.reloadMany(reloads/turns, every, w.network, other, "kallio") })...)
			calm = append(calm, w.flow(fmt.Sprint("still-", round), func() { w.ticks(reloads/turns, every) })...)
		}
	}
	w.drained(durable)
	still, moving := w.latencies(calm), w.latencies(busy)
	for _, percent := range []int{50, 99} {
		a, z := percentile(still, percent), percentile(moving, percent)
		b.Logf("p%d of %d orders: %v still, %v with %d reloads: %.2f", percent, len(still)+len(moving), a, z, reloads, float64(z)/float64(a))
		if percent == 99 {
			b.ReportMetric(float64(a.Microseconds()), "p99-still-µs")
			b.ReportMetric(float64(z.Microseconds()), "p99-moving-µs")
			b.ReportMetric(float64(z)/float64(a), "ratio")
		}
	}
}

// helsinki is the example's network without its servers.
func helsinki(b *testing.B) string {
	b.Helper()
	data, err := examples.Helsinki.ReadFile(examples.HelsinkiConfig)
	if err != nil {
		b.Fatal(err)
	}
	return regexp.MustCompile(`(?m)^(nats|redis|dataDir|http):.*$`).ReplaceAllString(string(data), "")
}

// copyExample puts the files that the example names into a folder.
func copyExample(b *testing.B, dir string) {
	b.Helper()
	root, err := fs.Sub(examples.Helsinki, "helsinki")
	if err == nil {
		err = os.CopyFS(dir, root)
	}
	if err != nil {
		b.Fatal(err)
	}
}

// ticks waits for n of them.
func (w *world) ticks(n int, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for range n {
		<-tick.C
	}
}

// latencies are the times from each order's message to that of its decision,
// sorted.
func (w *world) latencies(list []*event.Order) (took []time.Duration) {
	w.Helper()
	stored := w.storedAt(event.StreamOrders, event.AllPlaced)
	decided := w.storedAt(event.StreamDispatch, event.AllDecisions)
	for _, o := range list {
		from, ordered := stored[event.PlacedSubject(channel)+" "+o.OrderID]
		to, ok := decided[event.DecisionSubject(o.Key())]
		if !ordered || !ok {
			w.Fatalf("order %s is not decided", o.Key())
		}
		took = append(took, to.Sub(from))
	}
	slices.Sort(took)
	return took
}

// storedAt says when the messages of a stream were stored: decisions by their
// subject, orders by their subject and id.
func (w *world) storedAt(name, filter string) map[string]time.Time {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	at := map[string]time.Time{}
	consumer, err := w.js.OrderedConsumer(ctx, name, jetstream.OrderedConsumerConfig{FilterSubjects: []string{filter}})
	if err != nil {
		w.Fatal(err)
	}
	messages, err := consumer.Messages()
	if err != nil {
		w.Fatal(err)
	}
	defer messages.Stop()
	for {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			w.Fatal(err)
		}
		meta, err := m.Metadata()
		if err != nil {
			w.Fatal(err)
		}
		key := m.Subject()
		if o, refusal := event.DecodeOrder(m.Subject(), m.Data(), now); name == event.StreamOrders && refusal == nil {
			key += " " + o.OrderID
		}
		at[key] = meta.Timestamp
		if meta.NumPending == 0 {
			return at
		}
	}
}

func percentile(sorted []time.Duration, percent int) time.Duration {
	return sorted[(len(sorted)-1)*percent/100]
}
