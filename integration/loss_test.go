package integration

import (
	"fmt"
	"testing"
	"time"
)

// Redis loses everything in the middle, once by FLUSHALL and once by a restart
// with nothing on disk. Capacity is rebuilt from the journal before anything
// is reserved again, so that the limits hold to the last place.
func TestRedisLostInTheMiddle(t *testing.T) {
	t.Parallel()
	restart := func(c capacityServer) {
		c.(*redisServer).Kill()
		c.(*redisServer).Start()
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
