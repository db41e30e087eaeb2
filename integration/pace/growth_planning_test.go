package pace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// planning measures networks of more and more sites, of which as many serve
// the order, and then networks of more and more sites or lanes that do.
func planning(t *testing.T, s size) []growth {
	measure := func(of func(n int) crowd, sizes []int) []line {
		var plans []func()
		for _, n := range sizes {
			plans = append(plans, planned(t, build(t, of(n).config())))
		}
		return []line{{points: s.timed(sizes, plans)}}
	}
	const five = 5
	return []growth{
		{slug: "planning", name: "Planning one order, 5 sites serve it", x: "sites", unit: "us",
			lines: measure(func(n int) crowd { return crowd{serving: five, sites: n, lanes: 1} }, s.steps(5, 5, 50, 500, 5_000, 10_000))},
		{slug: "candidates", name: "Planning one order, all sites serve it", x: "sites that serve it", unit: "us",
			lines: measure(func(n int) crowd { return crowd{serving: n, sites: n, lanes: 1} }, s.steps(5, 5, 50, 500))},
		{slug: "lanes", name: "Planning one order, all lanes of 5 sites serve it", x: "lanes of a site", unit: "us",
			lines: measure(func(n int) crowd { return crowd{serving: five, sites: five, lanes: n} }, s.steps(1, 1, 10, 100))},
	}
}

// planned plans one order up to its first option.
func planned(t *testing.T, n *router.Network) func() {
	_, data := mixes["coordinates"].order(0)
	o, refusal := event.DecodeOrder(event.PlacedSubject(channel), data, morning)
	if refusal != nil {
		t.Fatal(refusal)
	}
	place := n.Locate(o)
	return func() {
		p := n.Plan(router.Request{Order: o, Place: place, Now: morning})
		if options, _ := p.Take(1); len(options) != 1 {
			t.Fatal(p.Reasons())
		}
		p.Release()
	}
}

// crowd is a network of many sites, some of them in town and the rest strewn
// over the country, each with as many lanes.
type crowd struct {
	serving, sites, lanes int
	cents                 int // a parcel, over four euros
}

func (c crowd) config() string {
	var b strings.Builder
	b.WriteString(`network: crowd
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {cutoff: ["Mo-Su 17:00"], promise: {sameDayBy: "21:00"}}}
couriers: {bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}
sites:
`)
	for i := range c.sites {
		lat, lng := 60.17+float64(i%10)*0.001, 24.94+float64(i/10%10)*0.001
		if i >= c.serving {
			lat, lng = 61+float64(i%100)*0.07, 22+float64(i/100)*0.07
		}
		fmt.Fprintf(&b, `  s%05d: {kind: micro_hub, region: town, at: {lat: %.4f, lng: %.4f}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["mug-*"], catchment: {withinKm: 5}, lanes: {`, i, lat, lng)
		for k := range c.lanes {
			fmt.Fprintf(&b, `bike%d: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Su 12:00-14:00", "Mo-Su 16:00-18:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 1000000, grams: 1000000000}, cost: {perParcel: 4.%02d}}, `, k, c.cents)
		}
		b.WriteString("}}\n")
	}
	return b.String()
}
