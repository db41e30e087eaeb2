package pace

import (
	"bytes"
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// places is how many prints can be sent in all; whoever else wants one waits.
const places = 8

// scarce is a network that has room for any number of mugs, and for few prints.
const scarce = `network: scarce
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {cutoff: ["Mo-Su 17:00"], promise: {sameDayBy: "21:00"}, whenFull: wait}}
couriers: {bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}
sites:
  hub: {kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["mug-*"], catchment: {withinKm: 5},
    lanes: {bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Su 12:00-14:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 1000000000}, cost: {perParcel: 4.20}}}}
  press: {kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["print-*"], catchment: {withinKm: 5},
    lanes: {bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Su 12:00-14:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 4, grams: 1000000000}, cost: {perParcel: 4.20}}}}
`

// printOrder is the i-th order of prints.
func printOrder(i int) (key event.Key, data []byte) {
	id, data := mixes["coordinates"].order(i)
	key = event.Key{Channel: channel, Order: "print-" + id}
	data = bytes.Replace(data, []byte(id), []byte(key.Order), 1)
	return key, bytes.ReplaceAll(data, []byte("mug-"), []byte("print-"))
}

// press is a world in which prints are scarce.
type press struct {
	*world
	prints, mugs int // ordered so far
}

func newPress(t *testing.T) *press {
	w := newWorld(t, mode{mix: "coordinates"})
	w.net = build(t, scarce)
	return &press{world: w}
}

// wait has n more prints ordered, and is how many microseconds each takes.
func (p *press) wait(n int) float64 {
	p.Helper()
	p.send(n, func(i int) stream.Outgoing {
		_, data := printOrder(p.prints + i)
		return stream.Outgoing{Subject: event.PlacedSubject(channel), Data: data}
	})
	p.prints += n
	return 1e6 / p.route(n, nil, nil).perSecond()
}

// others has n more mugs ordered, and is how many microseconds each takes.
func (p *press) others(n int) float64 {
	p.Helper()
	p.send(n, func(i int) stream.Outgoing { _, m := p.mix.outgoing(p.mugs + i); return m })
	p.mugs += n
	return 1e6 / p.route(n, nil, nil).perSecond()
}

// waiting measures what it costs that more and more orders wait for places
// that others have.
func waiting(t *testing.T, s size) []growth {
	const x = "orders waiting"
	others := growth{slug: "waiting", name: "Routing an order that has room, while others wait", x: x, unit: "us", lines: make([]line, 1)}
	freed := growth{slug: "freed", name: "From a place freed to its next order dispatched", x: x, unit: "ms", lines: make([]line, 1)}
	join := growth{slug: "joining", name: "Letting an order wait", x: x, unit: "us", lines: make([]line, 1)}
	memory := growth{slug: "waiters", name: "Memory of a waker", x: x, unit: "MB", lines: []line{{each: "order"}}}
	for _, n := range s.steps(30, 300, 3_000, 30_000) {
		p := newPress(t)
		some := min(n, 300) / 3
		p.wait(places + n - 3*some)
		join.add(n, median([]float64{p.wait(some), p.wait(some), p.wait(some)}))
		before := heap()
		waker := p.waker(places + n)
		memory.add(n, max(heap()-before, 0)/1e6)
		others.add(n, s.typical(func() float64 { return p.others(6 * some) }))
		freed.add(n, p.freeing(s.passes()))
		waker.stop()
		p.close()
	}
	return []growth{others, freed, join, memory}
}
