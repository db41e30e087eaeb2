package integration

import (
	"errors"
	"testing"
	"time"

	"github.com/nearlane/nearlane/router"
)

// A router that is told to stop finishes the batches that have reserved, and
// hands back the rest, which another router takes at once: nothing here may
// wait for AckWait, which is longer than the test's patience.
func TestGracefulStopInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: roomier, redis: redisProcess})
	w.publishBy(4, orders(moreThanFetched, "order"))
	g := newGate()
	m := w.start("stopped", gathering(router.BatchOrders), g.wrap)
	w.await("a batch is with the journal", g.reached)
	w.eventually("the next one has reserved", func() error { return w.open("helsinki", router.BatchOrders+1) })
	m.cancel()
	close(g.open)
	m.stop()

	stored, commits := 0, g.seen()
	for _, c := range commits {
		stored += c.decisions
	}
	if got := w.decided(); len(commits) != 2 || got != stored {
		t.Errorf("got %d orders decided and commits %+v after the stop, want the two in hand", got, commits)
	}
	if err := w.open("helsinki", 1); err == nil {
		t.Error("got open holds after the stop, want all settled")
	}
	w.start("heir")
	w.drained(durable)
	w.check().wantOutcomes(t, moreThanFetched, 0)
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
