package integration

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Redis loses everything in the middle, once by FLUSHALL and once by a restart
// with nothing on disk. Capacity is rebuilt from the journal before anything
// is reserved again, so that the limits hold to the last place.
func TestRedisLostInTheMiddle(t *testing.T) {
	t.Parallel()
	restart := func(c capacityServer) {
		c.(*redisServer).stop()
		c.(*redisServer).start()
	}
	for _, tt := range []struct {
		name     string
		replicas int
		redis    redisKind
		lose     func(capacityServer)
	}{
		{"wiped, redis-server", 1, redisProcess, capacityServer.Wipe},
		{"wiped, in-process", 1, redisEmbedded, capacityServer.Wipe},
		{"restarted", 1, redisProcess, restart},
		{"restarted, 3 nats", 3, redisProcess, restart},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions, replicas: tt.replicas, redis: tt.redis, ackWait: 2 * time.Second})
			var routers []*member
			for i := range 3 {
				routers = append(routers, w.start(fmt.Sprintf("router-%d", i)))
			}
			all := orders(700, "order")
			w.publishBy(4, all[:200])
			w.drained(durable)
			published := w.publishing(16, all[200:450])
			tt.lose(w.cache)
			published()
			tt.lose(w.cache)
			w.publishBy(4, all[450:])
			w.drained(durable)
			w.check().wantOutcomes(t, 620, 80)
			rebuilt := 0.0
			for _, m := range routers {
				rebuilt += m.counted("rebuilds_total")
			}
			// Once at the start and once after the last loss, in both regions;
			// the first loss may go by before anybody notices.
			if rebuilt < 4 {
				t.Errorf("got %v rebuilds of a region, want at least 4", rebuilt)
			}
		})
	}
}

// Every side effect of a rebuild is lost or late, like those of a batch. Each
// line starts with an empty Redis and a journal full of decisions.
func TestRebuildCrashTable(t *testing.T) {
	t.Parallel()
	for _, s := range []setting{{replicas: 1, redis: redisProcess}, {replicas: 3, redis: redisEmbedded}} {
		t.Run(fmt.Sprintf("%d nats, %s", s.replicas, s.redis), func(t *testing.T) {
			t.Parallel()
			s.network, s.ackWait = twoRegions, 500*time.Millisecond
			w := newWorld(t, s)
			number := 0
			for _, e := range []effect{begin, raise, restore, end} {
				for _, l := range []loss{callLost, replyLost, callLate} {
					for _, th := range []then{goesOn, restarts, replaced} {
						c := crash{e, l, th}
						ok := t.Run(c.String(), func(t *testing.T) {
							w.TB = t
							w.decideOne(number)
							w.cache.Wipe()
							w.suffer(t, c, number)
						})
						if !ok {
							return
						}
						number++
					}
				}
			}
		})
	}
}

// decideOne makes sure that there is something to rebuild.
func (w *world) decideOne(number int) {
	w.Helper()
	m := w.start("before")
	w.publish(order(fmt.Sprintf("before-%d", number)))
	w.drained(durable)
	m.stop()
}

// Two routers that find Redis empty rebuild it at the same time.
func TestTwoRoutersRebuildAtOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range []redisKind{redisProcess, redisEmbedded} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions, redis: kind})
			first := w.start("first")
			w.publishBy(4, orders(300, "before"))
			w.drained(durable)
			first.stop()
			w.cache.Wipe()

			both := &meeting{}
			both.Add(2)
			for _, name := range []string{"first", "second"} {
				w.start(name, both.wrap)
			}
			w.publishBy(4, orders(400, "after"))
			w.drained(durable)
			w.check().wantOutcomes(t, 620, 80)
		})
	}
}

// meeting lets the first Begin of a rebuild return only when everybody's has.
type meeting struct{ sync.WaitGroup }

func (m *meeting) wrap(o *router.Options) {
	o.Projection = &metProjection{Projection: o.Projection, meeting: m}
}

type metProjection struct {
	router.Projection
	meeting *meeting
	once    sync.Once
}

func (p *metProjection) Begin(ctx context.Context, region, token string) (bool, error) {
	needed, err := p.Projection.Begin(ctx, region, token)
	p.once.Do(func() {
		p.meeting.Done()
		p.meeting.Wait()
	})
	return needed, err
}

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
					w.publish(orders(8, "other")...) // the late router may have asked for some of them
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
