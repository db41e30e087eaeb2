package integration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// twoRegions has a lane in each region, the first preferred and small, so that
// some orders of every batch go to the second.
var twoRegions = yaml(`
defaults: {serviceLevel: same_day}
serviceLevels:
  same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}
couriers:
  pyora: {}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00"], capacity: {parcels: 60, grams: 90000}}
  tapiola:
    kind: micro_hub
    region: espoo
    at: {lat: 60.1755, lng: 24.8049}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*", "print-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 11:00-13:00"], capacity: {parcels: 500}}
`)

// roomier is the same network with room for more.
var roomier = strings.Replace(twoRegions, "parcels: 60, grams: 90000", "parcels: 600, grams: 900000", 1)

// then is what follows a mishap.
type then string

const (
	goesOn   then = "goes on"           // the router lives; the order comes back to it
	restarts then = "dies, restarts"    // under its own name, on its own fence
	replaced then = "dies, is replaced" // by another router
)

// crash is one line of the crash table.
type crash struct {
	effect effect
	loss   loss
	then   then
}

func (c crash) String() string { return fmt.Sprintf("%s, %s, router %s", c.effect, c.loss, c.then) }

// crashTable is every side effect of a batch, lost or its reply lost or late,
// with every fate of the router. A late call of a router that lives on is late
// by its network alone; of a dead one, by a server that was slow.
func crashTable() []crash {
	var table []crash
	for _, e := range []effect{reserve, commit, settle, reject, ack, terminate} {
		for _, l := range []loss{callLost, replyLost, callLate} {
			for _, t := range []then{goesOn, restarts, replaced} {
				table = append(table, crash{e, l, t})
			}
		}
	}
	return table
}

// The whole table runs in one world: the journal goes on, and the invariants
// are checked over all of it after every line.
func TestCrashTable(t *testing.T) {
	t.Parallel()
	for _, s := range []setting{{replicas: 1, redis: redisProcess}, {replicas: 3, redis: redisEmbedded}} {
		t.Run(fmt.Sprintf("%d nats, %s", s.replicas, s.redis), func(t *testing.T) {
			t.Parallel()
			s.network, s.ackWait = twoRegions, 500*time.Millisecond
			w := newWorld(t, s)
			for i, c := range crashTable() {
				if !t.Run(c.String(), func(t *testing.T) { w.suffer(t, c, i) }) {
					break // what is broken once stays in the journal
				}
			}
		})
	}
}

// suffer puts a batch in front of a router, lets the mishap happen, and sees
// to it that the orders come to their end all the same.
func (w *world) suffer(t *testing.T, c crash, number int) {
	w.TB = t
	before := len(w.rejections(context.Background()))
	batch := w.publishBatch(fmt.Sprintf("crash-%d", number))
	w.survive(c)
	a := w.check()
	for _, o := range batch {
		want := event.Dispatched
		switch {
		case o == batch[0]:
			want = event.Cancelled
		case o.Lines[0].SKU == "lamp-1":
			want = event.Unroutable
		}
		if got := a.decision(t, o.Key()).Outcome; got != want {
			t.Errorf("order %s: got %s, want %s", o.Key(), got, want)
		}
	}
	if got := len(a.rejections) - before; got != 1 {
		t.Errorf("got %d rejections, want 1", got)
	}
}

// survive lets the mishap happen to a router, and another see what was
// published to its end.
func (w *world) survive(c crash) {
	w.Helper()
	bad := newMishap(c.effect, c.loss, c.then != goesOn)
	bad.journal = w.journal
	victim := w.start("victim", bad.wrap)
	w.await(c.String(), bad.struck)
	heir := victim
	switch c.then {
	case restarts:
		victim.buried()
		heir = w.start("victim")
	case replaced:
		victim.buried()
		heir = w.start("heir")
	}
	w.drained(durable)
	bad.arrive()
	heir.stop()
}

// publishBatch publishes one of everything: orders for either region, orders
// that nobody can serve, one that is no order, and the cancellation of the
// first.
func (w *world) publishBatch(name string) []*event.Order {
	w.Helper()
	batch := slices.Concat(
		orders(4, name+"-mug"),
		orders(2, name+"-print", sku("print-a3")),
		orders(2, name+"-lamp", sku("lamp-1")),
	)
	var messages []stream.Outgoing
	for _, o := range batch {
		messages = append(messages, placed(o))
	}
	w.send(append(messages, garbage(name), cancelled(batch[0]))...)
	return batch
}

func garbage(id string) stream.Outgoing {
	return stream.Outgoing{Subject: event.PlacedSubject(channel), Data: []byte("{" + id)}
}
