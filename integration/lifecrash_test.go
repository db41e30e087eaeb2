package integration

import (
	"fmt"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
)

// lanesAndBoxes is what the crash table of an order's life needs: three lanes
// to be re-routed along, and a locker bank to collect from.
var lanesAndBoxes = yaml(`
defaults: {serviceLevel: same_day, deliveryMethods: [courier]}
serviceLevels:
  same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  box: {promise: {elapsed: 36h}, whenFull: reject}
couriers: {pyora: {}, lansi: {}}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1000}}
      box: {courier: pyora, serviceLevels: [box], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1000}, lockers: [sornainen]}
  tapiola:
    kind: micro_hub
    region: espoo
    at: {lat: 60.1755, lng: 24.8049}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: lansi, serviceLevels: [same_day], blocks: ["Mo-Fr 14:00-16:00"], capacity: {parcels: 1000}}
lockers:
  sornainen:
    region: helsinki
    at: {lat: 60.1870, lng: 24.9600}
    offer: {withinKm: 2}
    dwell: 1d
    sizes: [{size: S, count: 1000, mm: [100, 100, 100]}]
`)

// occasion is a message that has a decided order decided again.
type occasion string

const (
	cancels  occasion = "cancel"
	rejects  occasion = "rejected"
	collects occasion = "collected"
)

// lifeCrash is one line of the crash table of an order's life.
type lifeCrash struct {
	occasion occasion
	crash
}

func (c lifeCrash) String() string { return string(c.occasion) + ": " + c.crash.String() }

// lifeCrashTable is every call of a batch that decides an order again, lost or
// its reply lost, of a router that goes on and of one that dies. Those that
// change something also come late, when another router has done the work.
func lifeCrashTable() []lifeCrash {
	var table []lifeCrash
	add := func(o occasion, e effect, losses []loss, fates ...then) {
		for _, l := range losses {
			for _, f := range fates {
				table = append(table, lifeCrash{o, crash{e, l, f}})
			}
		}
	}
	lost, late := []loss{callLost, replyLost}, []loss{callLate}
	for _, o := range []occasion{cancels, rejects, collects} {
		changes := []effect{commit, settle}
		if o == rejects { // to another region
			changes = []effect{reserve, commit, settle}
			add(o, fetch, lost[:1], goesOn, replaced)
		}
		for _, e := range changes {
			add(o, e, lost, goesOn, replaced)
			add(o, e, late, replaced)
		}
		add(o, ack, lost, goesOn)
	}
	return table
}

// The whole table runs in one world, on orders that were dispatched before.
func TestLifeCrashTable(t *testing.T) {
	t.Parallel()
	for _, s := range []setting{{replicas: 1, redis: redisProcess}, {replicas: 3, redis: redisEmbedded}} {
		t.Run(fmt.Sprintf("%d nats, %s", s.replicas, s.redis), func(t *testing.T) {
			t.Parallel()
			s.network, s.ackWait = lanesAndBoxes, 300*time.Millisecond
			w := newWorld(t, s)
			table := lifeCrashTable()
			all := make([]*event.Order, len(table))
			for i, c := range table {
				all[i] = order(fmt.Sprintf("life-%d", i))
				if c.occasion == collects {
					all[i].ServiceLevel, all[i].DeliveryMethods = "box", []string{event.MethodLocker}
				}
			}
			first := w.start("first")
			w.route(all...)
			first.stop()
			w.check().wantOutcomes(t, len(all), 0)
			for i, c := range table {
				ok := t.Run(c.String(), func(t *testing.T) {
					w.TB = t
					w.occur(c.occasion, all[i])
					w.survive(c.crash)
					w.check().wantLife(t, c.occasion, all[i].Key())
				})
				if !ok {
					break // what is broken once stays in the journal
				}
			}
		})
	}
}

// occur publishes the occasion, and waits for nothing.
func (w *world) occur(c occasion, o *event.Order) {
	w.Helper()
	switch c {
	case cancels:
		w.send(cancelled(o))
	case rejects:
		w.say(about(w.lastOf(o.Key()), event.Rejected))
	case collects:
		w.say(about(w.lastOf(o.Key()), event.Collected))
	}
}

// wantLife is what came of the occasion, once and no more.
func (a *account) wantLife(t *testing.T, c occasion, key event.Key) {
	t.Helper()
	switch c {
	case cancels:
		a.wantEnd(t, key, ending{outcome: event.Cancelled, attempt: 1, decisions: 2})
		a.wantTold(t, key, "requested pyora", "withdrawn pyora")
	case rejects:
		a.wantEnd(t, key, ending{outcome: event.Dispatched, lane: "tapiola/bike", attempt: 2, decisions: 2})
		a.wantTold(t, key, "requested pyora", "withdrawn pyora", "requested lansi")
	case collects:
		a.wantEnd(t, key, ending{outcome: event.Completed, lane: "kallio/box", attempt: 1, decisions: 2})
		a.wantTold(t, key, "requested pyora")
		for _, claim := range a.decision(t, key).Claims {
			if claim.Slot == boxTomorrow {
				t.Errorf("order %s still claims %s", key, claim.Slot)
			}
		}
	}
}
