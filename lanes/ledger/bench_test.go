package ledger_test

import (
	"fmt"
	"testing"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
)

const pipeline = 256 // orders of one batch

func benchmarkOnBoth(b *testing.B, bench func(w *world)) {
	b.Run("redis-server", func(b *testing.B) {
		w := &world{TB: b, ctx: b.Context(), now: start}
		w.process = startProcess(b)
		w.open(ledger.Options{URL: w.process.URL()})
		w.rebuild()
		bench(w)
	})
	b.Run("in-process", func(b *testing.B) {
		w := newEmbeddedWorld(b)
		w.rebuild()
		bench(w)
	})
}

// BenchmarkReserve reserves in pipelines; all options but the last are full.
// Each has two claims, as a block that limits parcels and grams has.
func BenchmarkReserve(b *testing.B) {
	for _, options := range []int{1, 8} {
		b.Run(fmt.Sprintf("options=%d", options), func(b *testing.B) {
			benchmarkOnBoth(b, func(w *world) {
				b := w.TB.(*testing.B)
				b.ResetTimer()
				for n := 0; n < b.N; n += pipeline {
					for _, a := range w.ledger.Reserve(w.ctx, benchAsks(n, options)) {
						if a.Status != lanes.Granted {
							b.Fatalf("got %+v, want granted", a)
						}
					}
				}
			})
		})
	}
}

// BenchmarkSettle settles what was reserved, in pipelines.
func BenchmarkSettle(b *testing.B) {
	benchmarkOnBoth(b, func(w *world) {
		b := w.TB.(*testing.B)
		for n := 0; n < b.N; n += pipeline {
			b.StopTimer()
			asks := benchAsks(n, 1)
			settlements := make([]lanes.Settlement, len(asks))
			for i, a := range w.ledger.Reserve(w.ctx, asks) {
				settlements[i] = decision(asks[i].Order, uint64(n+i+1), a.Epoch, asks[i].Options[0].Claims...)
			}
			b.StartTimer()
			for _, err := range w.ledger.Settle(w.ctx, settlements) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func benchAsks(from, options int) []lanes.Ask {
	body := make([]byte, 800)
	asks := make([]lanes.Ask, pipeline)
	for i := range asks {
		offers := make([]lanes.Offer, options)
		for o := range offers {
			limit := int64(1 << 40)
			if o < options-1 {
				limit = 0
			}
			slot := fmt.Sprintf("lane/kallio/bike%d:2026-08-04T10:00:", o)
			offers[o] = lanes.Offer{Body: body, Claims: []lanes.Claim{
				claim(slot+"parcels", 1, limit, start.Add(3*day)), claim(slot+"grams", 700, limit, start.Add(3*day)),
			}}
		}
		asks[i] = ask(orderName(from+i), 0, offers...)
	}
	return asks
}
