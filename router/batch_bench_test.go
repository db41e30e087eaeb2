package router

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// mostAllocs is what routing one order may allocate, from the bytes that came
// to the bytes that go out. What the adapters allocate is not in it.
const mostAllocs = 60

// granting is a ledger and a journal with fixed answers: the first option is
// granted, every commit is stored. It is no place to test anything in; it keeps
// the adapters out of a measurement.
type granting struct{ seq uint64 }

func (*granting) Reserve(_ context.Context, asks []lanes.Ask) []lanes.Answer {
	answers := make([]lanes.Answer, len(asks))
	for i, a := range asks {
		answers[i] = lanes.Answer{Status: lanes.Granted, Body: a.Options[0].Body, Epoch: "1/history"}
	}
	return answers
}

func (*granting) Settle(_ context.Context, s []lanes.Settlement) []error {
	return make([]error, len(s))
}

func (g *granting) Commit(_ context.Context, batch []event.Message) ([]uint64, error) {
	seqs := make([]uint64, len(batch))
	for i := range seqs {
		g.seq++
		seqs[i] = g.seq
	}
	return seqs, nil
}

func (*granting) LastMany(_ context.Context, keys []event.Key) ([]event.Record, error) {
	return make([]event.Record, len(keys)), nil
}

func (*granting) Sequence(context.Context, string) (uint64, error) { return 1, nil }

func (*granting) Schedule(context.Context, []event.Retry) error { return nil }

type acked struct{}

func (acked) Ack() error                { return nil }
func (acked) Retry(time.Duration) error { return nil }
func (acked) Terminate(string) error    { return nil }

// BenchmarkBatch routes full batches with nothing around them, and holds the
// allocations of an order to their limit.
func BenchmarkBatch(b *testing.B) {
	n := crowd(b, 20, 20)
	g := new(granting)
	r := New(Options{Name: "r", DigestKey: []byte("0123456789abcdef"), Journal: g, Ledger: g, Retries: g,
		Clock: func() time.Time { return tuesday }, RealClock: func() time.Time { return tuesday },
		AckWait: time.Hour, Retention: 24 * time.Hour}, n)
	in := make([]event.Delivery, BatchOrders)
	for i := range in {
		in[i] = event.Delivery{Stream: event.StreamOrders, Subject: event.PlacedSubject("shop"), Sequence: uint64(i + 1), StoredAt: tuesday, Receipt: acked{},
			Data: fmt.Appendf(nil, `{"orderId":"W%07d","channel":"shop","brand":"atelier","placedAt":"2026-08-04T06:58:00Z","serviceLevel":"same_day","deliveryMethods":["courier"],`+
				`"shipTo":{"geo":{"latitude":60.17,"longitude":24.94},"postalCode":"00100","streetAddress":"Kampinkuja 1","addressLocality":"Helsinki","addressCountry":"FI"},`+
				`"recipient":{"name":"Aino Virtanen","phone":"+358401234567","email":"aino@example.com"},`+
				`"lines":[{"lineId":"1","sku":"mug-blue","quantity":2,"weightGrams":350,"dimensionsMm":[100,80,90],"unitValue":{"amount":1290,"currency":"EUR"}},`+
				`{"lineId":"2","sku":"mug-red","quantity":1,"weightGrams":350,"dimensionsMm":[100,80,90]}]}`, i)}
	}
	route := func() {
		done := r.begin(in)
		if done.finish(b.Context()); done.fault != nil || len(done.on(decided)) != len(in) {
			b.Fatalf("got fault %v and %d orders decided, want none and %d", done.fault, len(done.on(decided)), len(in))
		}
	}
	allocs := testing.AllocsPerRun(10, route) / BatchOrders
	for b.Loop() {
		route()
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*BatchOrders), "us/order")
	b.ReportMetric(allocs, "allocs/order")
	if allocs > mostAllocs {
		b.Errorf("got %.0f allocations per order, want at most %d", allocs, mostAllocs)
	}
}
