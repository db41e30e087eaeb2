package integration

import (
	"errors"
	"fmt"
	"testing"

	"github.com/nearlane/nearlane/event"
)

// onePlace is a network with room for one parcel.
var onePlace = yaml(`
defaults: {serviceLevel: same_day}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}}
couriers: {pyora: {}}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1}}
`)

// A batch that was reserved before Redis was wiped must not be stored after
// another router has rebuilt it: the last place is long given away (E5).
func TestFenceKeepsLateBatchesOut(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		taken  bool // the place, by an order that was decided after the rebuild
		wanted event.Outcome
	}{
		{"place is still free", false, event.Dispatched},
		{"place is given away", true, event.Unroutable},
	} {
		for _, s := range []setting{{replicas: 1, redis: redisEmbedded}, {replicas: 3, redis: redisProcess}} {
			t.Run(fmt.Sprintf("%s, %d nats, %s", tt.name, s.replicas, s.redis), func(t *testing.T) {
				t.Parallel()
				s.network = onePlace
				w := newWorld(t, s)
				g := newGate()
				w.start("late", g.wrap)
				w.publish(order("first"))
				w.await("a batch is reserved", g.reached)
				w.cache.Wipe()
				m := w.start("rebuilder")
				w.eventually("the region is rebuilt", m.isReady)
				if tt.taken {
					w.publish(orders(moreThanFetched, "other")...)
					w.eventually("another order has the place", func() error {
						if w.decided() == 0 {
							return errors.New("none is decided")
						}
						return nil
					})
				}
				close(g.open)
				w.drained(durable)
				a := w.check()
				if got := g.seen(); len(got) < 2 || !errors.Is(got[0].err, event.ErrMoved) || got[1].err != nil {
					t.Errorf("got commits %+v, want the first refused by the fence and another stored", got)
				}
				if got := a.decision(t, key("first")).Outcome; got != tt.wanted {
					t.Errorf("late order: got %s, want %s", got, tt.wanted)
				}
			})
		}
	}
}
