package integration

import (
	"fmt"
	"testing"
	"time"
)

// /readyz tells the truth while a server is down and after it is back, and the
// router goes on by itself, with nothing lost.
func TestReadinessIsTruthful(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess, ackWait: time.Second})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	decide := func(round int) {
		w.publish(orders(20, fmt.Sprintf("order-%d", round))...)
		w.drained(durable)
		w.check()
	}
	decide(0)

	redis := w.cache.(*redisServer)
	redis.Kill()
	w.eventually("the process knows that redis is down", func() error { return p.isUnready("redis") })
	w.publish(order("meanwhile")) // has to wait
	w.eventually("the router knows it as well", func() error { return p.isUnready("router") })
	redis.Start()
	w.eventually("the process is ready again", p.isReady)
	decide(1)

	nats := w.nats.(*natsServer)
	nats.Shutdown()
	w.eventually("the process knows that nats is down", func() error { return p.isUnready("nats") })
	nats.start()
	w.eventually("the process is ready again", p.isReady)
	decide(2)
	w.check().wantOutcomes(t, 61, 0)
}
