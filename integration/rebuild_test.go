package integration

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nearlane/nearlane/router"
)

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

func (p *metProjection) Begin(ctx context.Context, region, token string, past uint64) (bool, error) {
	needed, err := p.Projection.Begin(ctx, region, token, past)
	p.once.Do(func() {
		p.meeting.Done()
		p.meeting.Wait()
	})
	return needed, err
}

// Redis is wiped a second time in the middle of a rebuild. What was rebuilt is
// gone, so the rebuild must not be declared done.
func TestRedisWipedDuringRebuild(t *testing.T) {
	t.Parallel()
	for _, kind := range []redisKind{redisProcess, redisEmbedded} {
		for _, e := range []effect{raise, restore, end} {
			t.Run(fmt.Sprintf("before %s, %s", e, kind), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, setting{network: twoRegions, redis: kind})
				first := w.start("first")
				w.publish(orders(100, "before")...)
				w.drained(durable)
				first.stop()
				w.cache.Wipe()

				bad := newMishap(e, disturbed, false)
				bad.disturb = w.cache.Wipe
				w.start("first", bad.wrap)
				w.await("redis is wiped again", bad.struck)
				w.publish(orders(600, "after")...)
				w.drained(durable)
				w.check().wantOutcomes(t, 620, 80)
			})
		}
	}
}
