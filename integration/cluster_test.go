package integration

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes/ledger/redistest"
)

// metros are regions whose hash slots lie on different masters.
var metros = []string{"helsinki", "espoo", "tampere", "turku", "oulu", "vaasa"}

// places is how many parcels each metro takes.
func places(i int) int { return 20 + 5*i }

// manyMetros has one hub in each metro, all of which serve the whole country,
// so that every order tries them one after the other.
func manyMetros() string {
	text := `
network: finland
currency: EUR
defaults: {serviceLevel: same_day}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}}
couriers: {pyora: {}}
regions:
`
	for _, m := range metros {
		text += fmt.Sprintf("  %s: {timezone: Europe/Helsinki}\n", m)
	}
	text += "sites:\n"
	for i, m := range metros {
		text += fmt.Sprintf(`  hub-%s:
    kind: micro_hub
    region: %s
    at: {lat: %.2f, lng: 24.95}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: %d}}
`, m, m, 60.20+0.1*float64(i), places(i))
	}
	return text
}

// Three routers fill lanes in six regions on a Redis Cluster, and in the middle
// a master is failed over, or killed. Its regions are rebuilt before the next
// reserve, so that every lane holds exactly its limit in the end.
func TestFillsOnARedisClusterWhileAMasterFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		replicas int // of NATS
		fail     func(*redistest.Cluster, *redistest.Node)
	}{
		{"failed over", 3, (*redistest.Cluster).FailOver},
		{"killed", 1, (*redistest.Cluster).Kill},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{replicas: tt.replicas, redis: redisSix, ackWait: 2 * time.Second, network: manyMetros()})
			c := w.cache.(*redisCluster).Cluster
			masters := map[*redistest.Node]bool{}
			room := 0
			for i, m := range metros {
				masters[c.Owner(m)] = true
				room += places(i)
			}
			if len(masters) != 3 {
				t.Fatalf("got the regions on %d masters, want them on 3", len(masters))
			}
			var routers []*member
			for i := range 3 {
				routers = append(routers, w.start(fmt.Sprintf("router-%d", i)))
			}
			all := orders(room+40, "order")
			w.publishBy(4, all[:60])
			w.eventually("some are decided", func() error {
				if w.decided() < 30 {
					return errors.New("too few")
				}
				return nil
			})
			published := w.publishing(8, all[60:])
			tt.fail(c, c.Owner(metros[0]))
			published()
			w.drained(durable)

			a := w.check()
			a.wantOutcomes(t, room, 40)
			for i, m := range metros {
				slot := "lane/hub-" + m + "/bike:2026-08-04T10:00:parcels"
				if got, want := a.units(slot)[slot], fmt.Sprintf("%d of %d", places(i), places(i)); got != want {
					t.Errorf("%s: got %s, want %s", slot, got, want)
				}
			}
			for key, chain := range a.decisions {
				if d := chain[0].Decision; d.Outcome == event.Unroutable && !strings.Contains(strings.Join(d.Reasons, " "), "full") {
					t.Errorf("order %s: got reasons %q, want full among them", key, d.Reasons)
				}
			}
			// All of them at the start, and those of the master that failed: by the
			// next reserve, or by a look at it when there is none.
			w.eventually("what failed is rebuilt", func() error {
				rebuilt, want := 0.0, float64(len(metros)+1)
				for _, m := range routers {
					rebuilt += m.counted("rebuilds_total")
				}
				if rebuilt < want {
					return fmt.Errorf("%v rebuilds of a region, want %v at least", rebuilt, want)
				}
				return nil
			})
		})
	}
}
