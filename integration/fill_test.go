package integration

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
)

// everyKind has a service level for every kind of limit, so that each is
// filled by orders of its own, and nothing to fall back to.
var everyKind = yaml(`
serviceLevels:
  parcels: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  grams: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  both: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  collections: {promise: {workingDays: 1, by: "21:00"}, whenFull: reject}
  units: {promise: {elapsed: 60h}, whenFull: reject}
  lockers: {promise: {elapsed: 84h}, whenFull: reject}
  regions: {promise: {sameDayBy: "21:00"}, whenFull: reject}
couriers:
  pyora: {}
  posti: {}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      parcels: {courier: pyora, serviceLevels: [parcels], blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00"], capacity: {parcels: 7}}
      grams: {courier: pyora, serviceLevels: [grams], blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00"], capacity: {grams: 15000}}
      both: {courier: pyora, serviceLevels: [both], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 6, grams: 10000}}
      post: {courier: posti, serviceLevels: [collections], collections: ["Mo-Fr 12:30", "Mo-Fr 17:30"], transit: {workingDays: [1, 1]}, capacity: {parcels: 5}}
      lockers: {courier: pyora, serviceLevels: [lockers], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 100}, lockers: [sornainen]}
      regions: {courier: pyora, serviceLevels: [regions], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 4}}
  tapiola:
    kind: micro_hub
    region: espoo
    at: {lat: 60.1755, lng: 24.8049}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      regions: {courier: pyora, serviceLevels: [regions], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 5}}
  vallila-works:
    kind: microfactory
    region: helsinki
    at: {lat: 60.1953, lng: 24.9561}
    hours: "Mo-Fr 07:00-19:00"
    makes: {resin: {skus: ["figure-*"], unitsPerDay: 12, lead: 2h}}
    catchment: {countries: [FI]}
    lanes:
      units: {courier: pyora, serviceLevels: [units], blocks: ["Mo-Fr 15:00-17:00"], capacity: {parcels: 100}}
lockers:
  sornainen:
    region: helsinki
    at: {lat: 60.1870, lng: 24.9600}
    offer: {withinKm: 2}
    dwell: 1d
    sizes: [{size: S, count: 4, mm: [80, 100, 100]}, {size: M, count: 3, mm: [200, 400, 400]}]
`)

// toFill are more orders of every kind than there is room for. Whatever fits
// into two places is more than both together hold, so that the order in which
// they come makes no difference.
func toFill() []*event.Order {
	return slices.Concat(
		orders(20, "parcels", level("parcels")),
		orders(10, "grams", level("grams"), grams(5000)),
		orders(8, "light", level("both"), grams(1000)),
		orders(3, "heavy", level("both"), grams(7000)),
		orders(15, "collections", level("collections")),
		orders(25, "units", level("units"), sku("figure-fox"), quantity(2)),
		orders(20, "small", level("lockers"), methods(event.MethodLocker), sides(80, 90, 100)),
		orders(9, "middle", level("lockers"), methods(event.MethodLocker), sides(150, 90, 100)),
		orders(12, "regions", level("regions")),
	)
}

// filled is what every slot then holds: exactly its limit. Blocks limited both
// ways are full as soon as one of the two is, so they are not in it.
var filled = map[string]string{
	"lane/kallio/parcels:2026-08-04T10:00:parcels":  "7 of 7",
	"lane/kallio/parcels:2026-08-04T14:00:parcels":  "7 of 7",
	"lane/kallio/grams:2026-08-04T10:00:grams":      "15000 of 15000",
	"lane/kallio/grams:2026-08-04T14:00:grams":      "15000 of 15000",
	"lane/kallio/post:2026-08-04T12:30:parcels":     "5 of 5",
	"lane/kallio/post:2026-08-04T17:30:parcels":     "5 of 5",
	"lane/kallio/regions:2026-08-04T10:00:parcels":  "4 of 4",
	"lane/tapiola/regions:2026-08-04T10:00:parcels": "5 of 5",
	"make/vallila-works/resin:2026-08-04:units":     "12 of 12",
	"make/vallila-works/resin:2026-08-05:units":     "12 of 12",
	"locker/sornainen/S:2026-08-04:parcels":         "4 of 4",
	"locker/sornainen/S:2026-08-05:parcels":         "4 of 4",
	"locker/sornainen/S:2026-08-06:parcels":         "4 of 4",
	"locker/sornainen/S:2026-08-07:parcels":         "4 of 4",
	"locker/sornainen/M:2026-08-04:parcels":         "3 of 3",
	"locker/sornainen/M:2026-08-05:parcels":         "3 of 3",
	"locker/sornainen/M:2026-08-06:parcels":         "3 of 3",
	"locker/sornainen/M:2026-08-07:parcels":         "3 of 3",
}

func TestFillsToExactlyTheLimits(t *testing.T) {
	t.Parallel()
	for _, s := range []setting{
		{replicas: 1, redis: redisProcess}, {replicas: 1, redis: redisEmbedded},
		{replicas: 3, redis: redisProcess}, {replicas: 3, redis: redisEmbedded},
	} {
		t.Run(fmt.Sprintf("%d nats, %s", s.replicas, s.redis), func(t *testing.T) {
			t.Parallel()
			s.network = everyKind
			w := newWorld(t, s)
			for i := range 3 {
				w.start(fmt.Sprintf("router-%d", i))
			}
			w.publishBy(16, toFill())
			w.drained(durable)
			a := w.check()
			a.wantFilled(t)
			w.checkBoth(a)
			w.checkRefused(a)
		})
	}
}

func (a *account) wantFilled(t *testing.T) {
	t.Helper()
	for slot, want := range filled {
		if u := a.Slots[slot]; fmt.Sprintf("%d of %d", u.Units, u.Limit) != want {
			t.Errorf("slot %s: got %d of %d, want %s", slot, u.Units, u.Limit, want)
		}
	}
}

// checkBoth looks at the block that limits parcels and grams: whichever was
// reached first, nothing more would have fitted.
func (w *world) checkBoth(a *account) {
	w.Helper()
	parcels := a.Slots["lane/kallio/both:2026-08-04T10:00:parcels"].Units
	carried := a.Slots["lane/kallio/both:2026-08-04T10:00:grams"].Units
	left := false // an order that would have fitted
	for key, chain := range a.decisions {
		d := chain[0].Decision
		if d.ServiceLevel != "both" || d.Outcome == event.Dispatched {
			continue
		}
		weighs := int64(1000)
		if key.Order[0] == 'h' {
			weighs = 7000
		}
		left = left || parcels < 6 && carried+weighs <= 10000
	}
	if left || parcels > 6 || carried > 10000 {
		w.Errorf("block of 6 parcels and 10000 g: got %d parcels and %d g, want no order left that fits", parcels, carried)
	}
}

// checkRefused compares how many of each kind found room; the others have to
// know why not.
func (w *world) checkRefused(a *account) {
	w.Helper()
	got := map[string]int{}
	for _, chain := range a.decisions {
		d := chain[0].Decision
		if d.Outcome == event.Dispatched {
			got[d.ServiceLevel]++
		} else if len(d.Reasons) == 0 || d.Reasons[0] != "full" {
			w.Errorf("order %s: got reasons %q, want full before any other", d.Key(), d.Reasons)
		}
	}
	delete(got, "both") // depends on who came first
	want := map[string]int{"parcels": 14, "grams": 6, "collections": 10, "units": 18, "lockers": 14, "regions": 9}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("dispatched by level (-want +got):\n%s", diff)
	}
}

// A leader that goes away in the middle costs a pause, and no order.
func TestFillsWhileTheJournalsLeaderStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{replicas: 3, redis: redisProcess, ackWait: 2 * time.Second, network: everyKind})
	for i := range 2 {
		w.start(fmt.Sprintf("router-%d", i))
	}
	published := w.publishing(16, toFill())
	var leader *embedded.NATSServer
	w.eventually("the journal has a leader", func() error {
		if leader = w.nats.(*embedded.NATSCluster).Leader(event.StreamDispatch); leader == nil {
			return errors.New("none")
		}
		return nil
	})
	leader.Shutdown()
	published()
	w.drained(durable)
	a := w.check()
	a.wantFilled(t)
	w.checkBoth(a)
	w.checkRefused(a)
}
