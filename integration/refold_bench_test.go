package integration

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/metrics"
	"sync"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

var journalSize = flag.Int("decisions", 1_000_000, "how many decisions BenchmarkRefold reads, each with its dispatch")

// livePart of the decisions, the youngest, claim slots that are still to come:
// 5 % is about two days of a journal that is kept for five weeks.
const livePart = 20

// BenchmarkRefold reads a journal of a million orders, each a decision and a
// dispatch as a router wrote them, in four ways: bare, as nearlane audit does
// with every check, and until a router is ready again after Redis was wiped,
// on both servers.
func BenchmarkRefold(b *testing.B) {
	w := newWorld(b, setting{network: twoRegions})
	bytes := w.writeJournal(*journalSize)
	read := func(visitor func() stream.Visit) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				if err := w.journal.Read(b.Context(), 1, 0, visitor()); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	bare := func(uint64, string, []byte) error { return nil }
	for _, way := range []struct {
		name string
		run  func(*testing.B)
	}{
		{"bare", read(func() stream.Visit { return bare })},
		{"audit", read(func() stream.Visit { return router.NewRefold().Add })},
		{"ready/redis-server", func(b *testing.B) { w.untilReady(b, redisProcess) }},
		{"ready/in-process", func(b *testing.B) { w.untilReady(b, redisEmbedded) }},
	} {
		b.Run(way.name, func(b *testing.B) {
			w.TB = b
			peak := watchHeap()
			way.run(b)
			b.StopTimer()
			took := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(float64(*journalSize)/took, "decisions/s")
			b.ReportMetric(float64(bytes)/took/1e6, "MB/s")
			b.ReportMetric(took, "s")
			b.ReportMetric(float64(peak())/1e6, "peak-MB")
		})
	}
}

// untilReady times a router from its start on an empty Redis until it reserves.
func (w *world) untilReady(b *testing.B, kind redisKind) {
	w.cache = startRedis(b, kind, stoppedClock)
	for i := 0; b.Loop(); i++ {
		b.StopTimer()
		w.cache.Wipe()
		m := w.prepare(fmt.Sprintf("%s-%d", kind, i), "bench")
		b.StartTimer()
		m.run()
		for m.isReady() != nil {
			runtime.Gosched()
			<-time.After(time.Millisecond)
		}
		b.StopTimer()
		m.stop()
		held := 0
		counts := w.openLedger()
		if err := counts.Held(b.Context(), "helsinki", func(string) error { held++; return nil }); err != nil {
			b.Fatal(err)
		}
		if want := *journalSize / livePart; held != want+1 {
			b.Fatalf("got %d orders back, want the %d that are live and the first", held, want)
		}
		b.StartTimer()
	}
}

// writeJournal has a router route one order, and stores its decision and its
// dispatch over and over, under other names and for other days.
func (w *world) writeJournal(size int) (bytes uint64) {
	w.Helper()
	m := w.start("first")
	w.publish(order("first"))
	w.drained(durable)
	m.stop()
	a := w.check()
	decision, dispatch := *a.decision(w, key("first")), *a.told[key("first")][0].Dispatch
	if decision.Region != "helsinki" {
		w.Fatalf("first order went to %s", decision.Region)
	}
	claims := decision.Claims
	batch := make([]event.Message, 0, stream.MaxBatch)
	for i := range size {
		ago := 0
		if i < size-size/livePart {
			ago = 3 + (size-i)*30/size // days
		}
		decision.OrderID = fmt.Sprintf("order-%07d", i)
		dispatch.OrderID = decision.OrderID
		decision.DecisionID = event.DecisionID(decision.Key(), 0)
		decision.Claims = nil
		for _, c := range claims {
			c.Ends = c.Ends.AddDate(0, 0, -ago)
			c.Slot = fmt.Sprintf("lane/kallio/bike%d:%s:parcels", i%50, c.Ends.Format("2006-01-02T15:04"))
			decision.Claims = append(decision.Claims, c)
		}
		decision.Consignments[0].Claims = decision.Claims
		batch = append(batch, w.message(event.DecisionSubject(decision.Key()))(event.EncodeDecision(&decision, now)),
			w.message(event.DispatchSubject("pyora", "kallio"))(event.EncodeDispatch(&dispatch, now)))
		if len(batch) == cap(batch) || i == size-1 {
			if _, err := w.journal.Commit(context.Background(), batch); err != nil {
				w.Fatalf("write journal: %v", err)
			}
			batch = batch[:0]
		}
	}
	info, err := w.js.Stream(context.Background(), event.StreamDispatch)
	if err != nil {
		w.Fatalf("open journal: %v", err)
	}
	state := info.CachedInfo().State
	w.Logf("%d decisions, %d of them live, each with its dispatch: %d messages, %d MB",
		size, size/livePart, state.Msgs, state.Bytes/1e6)
	return state.Bytes
}

func (w *world) message(subject string) func([]byte, error) event.Message {
	return func(data []byte, err error) event.Message {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return event.Message{Subject: subject, Data: data}
	}
}

// watchHeap samples the heap of the process, in which NATS runs too; peak is
// the most that was in use beyond what was at the beginning.
func watchHeap() (peak func() uint64) {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	inUse := func() uint64 {
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	runtime.GC()
	before, most := inUse(), uint64(0)
	stop := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(10 * time.Millisecond)
		defer ticker.Stop()
		for {
			most = max(most, inUse())
			select {
			case <-stop:
				return
			case <-ticker.C:
			}
		}
	})
	return func() uint64 {
		close(stop)
		watching.Wait()
		return max(most, before) - before
	}
}
