package pace

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/router"
)

// growth is how one cost grows: y over x.
type growth struct {
	name, x, unit string
	points        []point
	says          string // what is to be seen
}

type point struct{ x, y float64 }

const passes = 5 // of each size, turn by turn; the median counts

func growths(t *testing.T, s scale) []growth {
	var out []growth
	for _, part := range []struct {
		name    string
		measure func(*testing.T, scale) []growth
	}{{"growth/planning", planning}, {"growth/lookup", lookup}, {"growth/journal", journals}} {
		if s.wants(part.name) {
			out = append(out, part.measure(t, s)...)
		}
	}
	return out
}

// planning measures networks of more and more sites, of which as many serve
// the order, and then networks of more and more that do.
func planning(t *testing.T, s scale) []growth {
	sizes, crowds := []int{5, 50, 500}, []int{5, 50}
	if s.large {
		sizes, crowds = append(sizes, 5000, 10_000), append(crowds, 500)
	}
	load := growth{name: "Loading and checking a config", x: "sites", unit: "s"}
	compile := growth{name: "Building the network of a config", x: "sites", unit: "ms"}
	memory := growth{name: "Memory of config and network", x: "sites", unit: "MB"}
	elsewhere := growth{name: "Planning one order, 5 sites serve it", x: "sites", unit: "us"}
	among := growth{name: "Planning one order, all sites serve it", x: "sites", unit: "us"}
	var large, dense []func()
	for _, n := range sizes {
		text := crowd(5, n)
		before, start := heap(), time.Now()
		c := loaded(t, text)
		load.points = append(load.points, point{float64(n), time.Since(start).Seconds()})
		start = time.Now()
		net, err := router.Build(c)
		if err != nil {
			t.Fatal(err)
		}
		compile.points = append(compile.points, point{float64(n), float64(time.Since(start).Microseconds()) / 1e3})
		memory.points = append(memory.points, point{float64(n), max(float64(heap())-float64(before), 0) / 1e6})
		runtime.KeepAlive(c)
		large = append(large, planned(t, net))
	}
	for _, n := range crowds {
		dense = append(dense, planned(t, build(t, crowd(n, n))))
	}
	elsewhere.points = timed(sizes, large)
	among.points = timed(crowds, dense)
	first, last := elsewhere.points[0], elsewhere.points[len(elsewhere.points)-1]
	elsewhere.says = fmt.Sprintf("%.0f sites cost %.2f times what %.0f cost", last.x, last.y/first.y, first.x)
	return []growth{elsewhere, among, load, compile, memory}
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

// crowd is a network of so many sites, some of them in town and the rest
// strewn over the country.
func crowd(inTown, total int) string {
	var b strings.Builder
	b.WriteString(`network: crowd
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {cutoff: ["Mo-Su 17:00"], promise: {sameDayBy: "21:00"}}}
couriers: {bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}}
sites:
`)
	for i := range total {
		lat, lng := 60.17+float64(i%10)*0.001, 24.94+float64(i/10%10)*0.001
		if i >= inTown {
			lat, lng = 61+float64(i%100)*0.07, 22+float64(i/100)*0.07
		}
		fmt.Fprintf(&b, `  s%05d: {kind: micro_hub, region: town, at: {lat: %.4f, lng: %.4f}, hours: "Mo-Su 08:00-20:00", handling: {time: 20m, costPerOrder: 0.60}, stocks: ["mug-*"], lanes: {bike: {courier: bike, serviceLevels: [same_day], catchment: {withinKm: 5}, blocks: ["Mo-Su 12:00-14:00", "Mo-Su 16:00-18:00", "Mo-Su 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 25, grams: 120000}, cost: {perParcel: 4.20}}}}
`, i, lat, lng)
	}
	return b.String()
}

// lookup measures the index with one catchment of more and more cells, half of
// the points in it.
func lookup(t *testing.T, s scale) []growth {
	town := geo.Point{Lat: 60.17, Lng: 24.94}
	kms := []float64{5.6, 57}
	if s.large {
		kms = append(kms, 575)
	}
	out := growth{name: "Looking up one point in the index", x: "cells of the catchment", unit: "ns"}
	var cells []int
	var finds []func()
	for _, km := range kms {
		set, err := geo.Within(town, km, 9)
		if err != nil {
			t.Fatal(err)
		}
		index := geo.NewIndex([]geo.Area{{Cells: set}})
		var at [256]geo.Cell
		for i := range at {
			if at[i], err = geo.CellAt(geo.Point{Lat: town.Lat + km/111*(float64(i)/64-2), Lng: town.Lng}, 9); err != nil {
				t.Fatal(err)
			}
		}
		dst, i := make([]geo.Hit, 0, 8), 0
		cells = append(cells, int(set.Count()))
		finds = append(finds, func() { index.Lookup(dst, at[i%len(at)], "FI", ""); i++ })
	}
	out.points = timed(cells, finds)
	for i := range out.points {
		out.points[i].y *= 1e3
	}
	return []growth{out}
}

// journals measures how long it takes until a router is ready again whose
// Redis has lost everything, and how fast the journal itself is read.
func journals(t *testing.T, s scale) []growth {
	ready := growth{name: "A router is ready after Redis lost everything", x: "orders in the journal", unit: "ms"}
	audit := growth{name: "Reading and checking the journal", x: "orders in the journal", unit: "ms"}
	for n := s.orders / 100; n <= s.orders; n *= 10 {
		w := newWorld(t, mode{mix: "coordinates"})
		w.load(n)
		w.route(n, nil, nil)
		journal, err := w.conn.Journal(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		audit.points = append(audit.points, point{float64(n), millis(func() {
			if err := journal.Read(context.Background(), 1, 0, router.NewRefold().Add); err != nil {
				t.Fatal(err)
			}
		})})
		ready.points = append(ready.points, point{float64(n), millis(func() { w.wipe(); w.enter("again") })})
		w.close()
	}
	return []growth{ready, audit}
}

// wipe is FLUSHALL, behind everybody's back.
func (w *world) wipe() {
	w.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(w.redisURL, "redis://"))
	if err != nil {
		w.Fatalf("dial redis-server: %v", err)
	}
	defer c.Close()
	fmt.Fprint(c, "FLUSHALL\r\n")
	if _, err := c.Read(make([]byte, 64)); err != nil {
		w.Fatalf("flushall: %v", err)
	}
}

// timed is how many microseconds each of some things takes, each measured
// several times in turn.
func timed(sizes []int, things []func()) []point {
	const atLeast = 20 * time.Millisecond
	all := make([][]float64, len(things))
	for range passes {
		for i, do := range things {
			calls, start := 0, time.Now()
			for time.Since(start) < atLeast {
				for range 50 {
					do()
				}
				calls += 50
			}
			all[i] = append(all[i], micros(time.Since(start))/float64(calls))
		}
	}
	points := make([]point, len(things))
	for i := range points {
		points[i] = point{float64(sizes[i]), median(all[i])}
	}
	return points
}

func millis(do func()) float64 {
	start := time.Now()
	do()
	return micros(time.Since(start)) / 1e3
}

// heap is what is in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
