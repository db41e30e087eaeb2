package integration

import (
	"errors"
	"testing"
	"time"

	"github.com/nearlane/nearlane/router"
)

// A router that is told to stop finishes the batch in hand and hands back the
// rest, which another router takes at once: nothing here may wait for AckWait,
// which is longer than the test's patience.
func TestGracefulStopInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	w.publishBy(4, orders(router.BatchOrders+600, "order"))
	g := newGate()
	m := w.start("stopped", g.wrap)
	w.await("a batch is in hand", g.reached)
	m.cancel()
	close(g.open)
	m.stop()

	inHand := g.seen()
	if len(inHand) != 1 || inHand[0].err != nil {
		t.Fatalf("got commits %+v after the stop, want the one in hand", inHand)
	}
	if got := w.decided(); got != inHand[0].decisions {
		t.Errorf("got %d orders decided after the stop, want the %d in hand", got, inHand[0].decisions)
	}
	w.start("heir")
	w.drained(durable)
	w.check().wantOutcomes(t, 620, router.BatchOrders+600-620)
}

// One of three routers dies without a word while orders pour in.
func TestRouterKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	for _, e := range []effect{reserve, commit, settle} {
		t.Run(string(e), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions, redis: redisProcess, ackWait: time.Second})
			bad := newMishap(e, replyLost, true)
			all := orders(700, "order")
			w.publishBy(4, all[:300])
			victim := w.start("victim", bad.wrap)
			published := w.publishing(16, all[300:])
			w.start("other-1")
			w.start("other-2")
			w.await("the router dies", bad.struck)
			victim.buried()
			published()
			w.drained(durable)
			w.check().wantOutcomes(t, 620, 80)
		})
	}
}

// A whole process of two stops in the middle. What it had fetched goes to the
// other at once.
func TestProcessStopsInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	stopped, other := w.run("stopped"), w.run("other")
	w.eventually("one process is ready", stopped.isReady)
	w.eventually("the other is ready", other.isReady)
	published := w.publishing(16, orders(700, "order"))
	w.eventually("orders are being decided", func() error {
		if w.decided() == 0 {
			return errors.New("none is")
		}
		return nil
	})
	stopped.stop()
	published()
	w.drained(durable)
	w.check().wantOutcomes(t, 620, 80)
}
