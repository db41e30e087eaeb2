package stream_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// BenchmarkCommit stores batches as a router does: 256 decisions, each with its
// dispatch, 600 bytes both.
func BenchmarkCommit(b *testing.B) {
	const orders = 256
	for _, tc := range []struct {
		name     string
		replicas int
		sync     bool
	}{{"R1", 1, false}, {"R1/fsync", 1, true}, {"R3", 3, false}} {
		b.Run(tc.name, func(b *testing.B) {
			var url string
			if tc.replicas == 3 {
				url = shared.cluster.URL()
			} else {
				srv, err := embedded.NATS(embedded.NATSOptions{Dir: b.TempDir(), SyncAlways: tc.sync})
				if err != nil {
					b.Fatal(err)
				}
				b.Cleanup(srv.Shutdown)
				url = srv.URL()
			}
			j := journal(b, open(b, url, stream.Settings{Replicas: tc.replicas}))
			data := make([]byte, 600)
			run := fmt.Sprint(time.Now().UnixNano())
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				batch := make([]event.Message, 0, 2*orders)
				for k := range orders {
					subject := event.DecisionSubject(event.Key{Channel: "bench" + run, Order: fmt.Sprint(i, "-", k)})
					batch = append(batch,
						event.Message{Subject: subject, Data: data, Expect: &event.Expect{Subject: subject}},
						event.Message{Subject: event.DispatchSubject("pyora", "kallio"), Data: data})
				}
				commit(b, j, batch...)
			}
			b.ReportMetric(orders*float64(b.N)/b.Elapsed().Seconds(), "orders/s")
		})
	}
}

// BenchmarkRead reads a journal as a refold does.
func BenchmarkRead(b *testing.B) {
	c, _ := alone(b, stream.Settings{})
	j := journal(b, c)
	const messages = 100_000
	for i := 0; i < messages; i += stream.MaxBatch {
		batch := make([]event.Message, stream.MaxBatch)
		for k := range batch {
			batch[k] = event.Message{
				Subject: event.DecisionSubject(event.Key{Channel: "bench", Order: fmt.Sprint(i + k)}),
				Data:    make([]byte, 600),
			}
		}
		commit(b, j, batch...)
	}
	for b.Loop() {
		if err := j.Read(b.Context(), 1, 0, func(uint64, string, []byte) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(messages*float64(b.N)/b.Elapsed().Seconds(), "messages/s")
}

// BenchmarkPull delivers and acknowledges orders of 800 bytes.
func BenchmarkPull(b *testing.B) {
	c, _ := alone(b, stream.Settings{})
	p := c.Publisher(func(_ stream.Outgoing, o stream.Outcome) {
		if o.Err != nil {
			b.Fatal(o.Err)
		}
	})
	for i := range b.N {
		if err := p.Send(b.Context(), outgoing(fmt.Sprint(i), 800)); err != nil {
			b.Fatal(err)
		}
	}
	if err := p.Flush(b.Context()); err != nil {
		b.Fatal(err)
	}
	o := orders(b, c)
	b.ResetTimer()
	b.ReportAllocs()
	for n := 0; n < b.N; {
		batch, err := o.Pull(b.Context(), 256, 2*time.Millisecond)
		if err != nil {
			b.Fatal(err)
		}
		for _, d := range batch {
			if err := d.Receipt.Ack(); err != nil {
				b.Fatal(err)
			}
		}
		n += len(batch)
	}
}
