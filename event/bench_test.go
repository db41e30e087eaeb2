package event_test

import (
	"fmt"
	"testing"

	"github.com/nearlane/nearlane/event"
)

func BenchmarkDecodeOrder(b *testing.B) {
	for _, name := range []string{"order_minimal.json", "order.json", "order_cloudevent.json"} {
		b.Run(name, func(b *testing.B) {
			data := testdata(b, name)
			b.ReportAllocs()
			for b.Loop() {
				if _, refusal := event.DecodeOrder(placed, data, now); refusal != nil {
					b.Fatal(refusal)
				}
			}
		})
	}
}

func BenchmarkDecodeReport(b *testing.B) {
	data := testdata(b, "report.json")
	b.ReportAllocs()
	for b.Loop() {
		if _, refusal := event.DecodeReport(rejected, data, now); refusal != nil {
			b.Fatal(refusal)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	o, d := fullOrder(), event.NewDigester([]byte("0123456789abcdef0123456789abcdef"))
	b.ReportAllocs()
	for b.Loop() {
		d.Digest(o)
	}
}

func BenchmarkEncodeDecision(b *testing.B) {
	for _, candidates := range []int{2, 30} {
		b.Run(fmt.Sprint(candidates, " candidates"), func(b *testing.B) {
			d := dispatchedDecision()
			for i := len(d.Candidates); i < candidates; i++ {
				d.Candidates = append(d.Candidates, event.Candidate{
					Site: fmt.Sprint("hub-", i), Lane: "bike", Level: "same_day", Reason: "past_cutoff"})
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := event.EncodeDecision(d, now); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncodeBody(b *testing.B) {
	body := body()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := event.EncodeBody(&body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeDecision(b *testing.B) {
	data, err := event.EncodeDecision(dispatchedDecision(), now)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := event.DecodeDecision(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkEncodeDispatch(b *testing.B) {
	d := requestedDispatch()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := event.EncodeDispatch(d, now); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecisionSubject(b *testing.B) {
	k := event.Key{Channel: "webshop", Order: "W00001"}
	b.ReportAllocs()
	for b.Loop() {
		event.DecisionSubject(k)
	}
}

func BenchmarkDispatchID(b *testing.B) {
	k := event.Key{Channel: "webshop", Order: "W00001"}
	b.ReportAllocs()
	for b.Loop() {
		event.DispatchID(k, "1", 1)
	}
}
