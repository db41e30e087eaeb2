package integration

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

// replayTown has little of everything: bikes, weight, a carrier, production
// and lockers.
var replayTown = yaml(`
defaults: {serviceLevel: same_day, deliveryMethods: [courier], parcel: {mm: [300, 200, 150]}}
serviceLevels:
  same_day: {cutoff: ["Mo-Fr 17:00"], promise: {sameDayBy: "21:00"}, fallback: national}
  national: {promise: {workingDays: 2, by: "21:00"}, whenFull: reject}
couriers: {pyora: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}, posti: {}}
lockers:
  sornainen: {region: helsinki, at: {lat: 60.187, lng: 24.955}, offer: {withinKm: 2}, dwell: 1d, costPerParcel: 0.90,
              sizes: [{size: S, count: 2, mm: [80, 400, 600], maxGrams: 4000}, {size: M, count: 2, mm: [200, 400, 600], maxGrams: 9000}]}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    handling: {time: 20m, costPerOrder: 0.60}
    stocks: ["mug-*"]
    catchment: {withinKm: 3}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00", "Mo-Fr 18:00-20:30"], closesBefore: 15m, capacity: {parcels: 4, grams: 12000}, cost: {perParcel: 4.20}, lockers: [sornainen]}
      post: {courier: posti, serviceLevels: [national], catchment: {countries: [FI]}, collections: ["Mo-Fr 17:30"], transit: {workingDays: [1, 2]}, capacity: {parcels: 5}, cost: {perParcel: 6.90}}
  vallila-works:
    kind: microfactory
    region: helsinki
    at: {lat: 60.1953, lng: 24.9561}
    hours: "Mo-Fr 07:00-19:00"
    makes: {lathe: {skus: ["lamp-*"], unitsPerDay: 6, lead: 2h, cost: {perUnit: 1.80}}}
    catchment: {withinKm: 4}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 15:00-17:00", "Mo-Fr 18:00-20:00"], capacity: {parcels: 3}, cost: {perParcel: 4.40}}
`)

// monday is the morning of the day before the tests' now.
var monday = now.Add(-25 * time.Hour)

// recorded is a random day of orders and cancellations, within a span that
// begins on Monday.
func recorded(seed uint64, orders int, span time.Duration) []replay.Input {
	chance := rand.New(rand.NewPCG(seed, 1))
	var inputs []replay.Input
	for i := range orders {
		at := monday.Add(time.Duration(chance.Int64N(int64(span/time.Second))) * time.Second)
		o := order(fmt.Sprintf("r%d-%03d", seed, i), func(o *event.Order) {
			o.PlacedAt = at
			o.ShipTo.Geo.Latitude += chance.Float64()*0.05 - 0.025
			o.ShipTo.Geo.Longitude += chance.Float64()*0.10 - 0.05
			o.Lines[0].Quantity = 1 + chance.Int64N(2)
			switch chance.IntN(6) {
			case 0, 1:
				o.Lines[0].SKU = "lamp-arc"
			case 2:
				o.ServiceLevel = "national"
			case 3, 4:
				o.DeliveryMethods = []string{event.MethodLocker, event.MethodCourier}
			}
		})
		inputs = append(inputs, replay.Input{Order: o})
		if chance.IntN(4) == 0 { // some before their orders
			c := &event.Cancellation{OrderID: fmt.Sprintf("r%d-%03d", seed, chance.IntN(orders)), Channel: channel, Reason: "changed_mind"}
			c.CancelledAt = monday.Add(time.Duration(chance.Int64N(int64(span/time.Second))) * time.Second)
			inputs = append(inputs, replay.Input{Cancellation: c})
		}
		if chance.IntN(10) == 0 {
			inputs = append(inputs, replay.Input{Order: o})
		}
	}
	replay.Sort(inputs)
	return inputs
}

// feed publishes the inputs one by one to a router whose clock stands at the
// instant of each, and waits for its answer every time.
func (w *world) feed(inputs []replay.Input) {
	w.Helper()
	var clock atomic.Int64
	clock.Store(monday.Unix())
	w.start("router", func(o *router.Options) {
		o.Clock = func() time.Time { return time.Unix(clock.Load(), 0).UTC() }
	})
	for i, in := range inputs {
		clock.Store(in.At().Unix())
		if in.Order != nil {
			w.send(again(in.Order, i))
		} else {
			c := in.Cancellation
			body := fmt.Sprintf(`{"orderId":%q,"channel":%q,"cancelledAt":%q,"reason":%q}`, c.OrderID, c.Channel, c.CancelledAt.Format(time.RFC3339), c.Reason)
			w.send(stream.Outgoing{Subject: event.CancelledSubject(c.Channel), Data: []byte(body)})
		}
		w.drained(durable)
		if in.Order == nil {
			w.quiet()
		}
	}
}

// ended is what an order came to, in a decision or in a replay.
type ended struct {
	Outcome event.Outcome
	Reasons []string
	Body    *event.Body // of what is dispatched
}

// wantAsReplayed compares the last decision on every order with a replay.
func (w *world) wantAsReplayed(inputs []replay.Input) *replay.Result {
	w.Helper()
	a, result := w.check(), replay.Run(w.net, inputs, nil)
	want, got := map[event.Key]ended{}, map[event.Key]ended{}
	for key := range a.decisions {
		d := a.decision(w, key)
		e := ended{Outcome: d.Outcome, Reasons: d.Reasons}
		if d.Outcome == event.Dispatched {
			e.Reasons, e.Body = nil, &d.Consignments[0].Body
		}
		want[key] = e
	}
	for _, j := range result.Journeys {
		if j.Order == nil {
			continue // the key is in the cancellation alone
		}
		e := ended{Outcome: j.Outcome, Reasons: j.Reasons}
		if j.Dispatched() {
			e.Body = j.Sent
		}
		got[j.Order.Key()] = e
	}
	for key := range want {
		if _, replayed := got[key]; !replayed && want[key].Outcome == event.Cancelled {
			delete(want, key)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("decisions of the router (-) and of the replay (+):\n%s", diff)
	}
	return result
}

// What a replay makes of a record is what a router makes of it, order by order:
// the same sites, lanes, slots, lockers, promises, costs and reasons.
func TestReplayIsWhatTheRouterDoes(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			inputs := recorded(seed, 60, 9*time.Hour)
			w := newWorld(t, setting{network: replayTown})
			w.feed(inputs)
			r := w.wantAsReplayed(inputs).Report()
			if r.Dispatched == 0 || r.Unroutable == 0 || r.Cancelled == 0 || r.Late == 0 || r.Repeats == 0 {
				t.Errorf("got %d dispatched, %d unroutable, %d cancelled, %d late and %d repeats, want some of each", r.Dispatched, r.Unroutable, r.Cancelled, r.Late, r.Repeats)
			}
		})
	}
}

// Nor does it differ for orders that wait: the span is shorter than the hour
// after which an order looks for itself, which the server keeps in real time.
func TestReplayWaitsAsTheRouterDoes(t *testing.T) {
	t.Parallel()
	inputs := recorded(5, 50, 50*time.Minute)
	w := newWorld(t, setting{network: strings.Replace(replayTown, "whenFull: reject", "whenFull: wait", 1)})
	w.wake()
	w.feed(inputs)
	a, waiting, woken := w.check(), 0, 0
	result := replay.Run(w.net, inputs, nil)
	for _, j := range result.Journeys {
		if j.Order == nil {
			continue
		}
		d := a.decision(t, j.Order.Key())
		switch {
		case d.Outcome == event.Waiting: // the replay goes on until the order gives up
			waiting++
			if !j.Waited || j.Outcome != event.Unroutable {
				t.Errorf("order %s waits; in the replay it is %s", j.Order.OrderID, j.Outcome)
			}
		case d.Outcome != j.Outcome:
			t.Errorf("order %s is %s; in the replay it is %s", j.Order.OrderID, d.Outcome, j.Outcome)
		case d.Outcome == event.Dispatched:
			if diff := cmp.Diff(&d.Consignments[0].Body, j.Sent); diff != "" {
				t.Errorf("order %s, by the router (-) and in the replay (+):\n%s", j.Order.OrderID, diff)
			}
			if j.Waited {
				woken++
			}
		}
	}
	if waiting == 0 || woken == 0 {
		t.Errorf("%d wait and %d were woken, want some of each", waiting, woken)
	}
}
