package pace

import (
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

// replays measures the simulation behind `nearlane replay`: with room for every
// order, and where nearly all of them wait for those who cancel, one in ten.
func replays(t *testing.T, s size) []growth {
	out := growth{slug: "replay", name: "Replaying recorded orders", x: "orders", unit: "ms",
		lines: []line{{name: "room for all", each: "order"}, {name: "nearly all wait", each: "order"}}}
	roomy, full := build(t, mixes["coordinates"].network()), build(t, scarce)
	for _, n := range s.steps(100, 1_000, 10_000, 100_000) {
		var mugs, prints []replay.Input
		for i := range n {
			_, data := mixes["coordinates"].order(i)
			mugs = append(mugs, recording(t, i, data))
			_, data = printOrder(i)
			prints = append(prints, recording(t, i, data))
			if i%10 == 9 {
				key, _ := printOrder(i / 10)
				prints = append(prints, replay.Input{Cancellation: &event.Cancellation{OrderID: key.Order, Channel: key.Channel, CancelledAt: placed(i)}})
			}
		}
		replay.Sort(prints)
		simulated := func(net *router.Network, in []replay.Input) float64 {
			return s.typical(func() float64 { return millis(func() { replay.Run(net, in, nil).Report() }) })
		}
		out.add(n, simulated(roomy, mugs), simulated(full, prints))
	}
	return []growth{out}
}

// placed is when the i-th recorded order was placed.
func placed(i int) time.Time { return morning.Add(time.Duration(i) * time.Millisecond) }

func recording(t *testing.T, i int, data []byte) replay.Input {
	t.Helper()
	o, refusal := event.DecodeOrder(event.PlacedSubject(channel), data, morning)
	if refusal != nil {
		t.Fatal(refusal)
	}
	o.PlacedAt = placed(i)
	return replay.Input{Order: o}
}
