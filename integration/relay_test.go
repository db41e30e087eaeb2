package integration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// somePlaces is a network with room for one full batch and a part of the next.
var somePlaces = strings.Replace(onePlace, "parcels: 1", "parcels: 300", 1)

// While a full batch is with the journal, the next one reserves. Both were
// reserved before Redis was wiped, so neither may be stored as it is: the fence
// that the first learns of on the way is not the one that the second was
// reserved under (E5).
func TestFenceKeepsBothBatchesInHandOut(t *testing.T) {
	t.Parallel()
	for _, s := range []setting{{replicas: 1, redis: redisEmbedded}, {replicas: 3, redis: redisProcess}} {
		t.Run(fmt.Sprintf("%d nats, %s", s.replicas, s.redis), func(t *testing.T) {
			t.Parallel()
			s.network = somePlaces
			w := newWorld(t, s)
			w.publishBy(4, orders(moreThanFetched, "order"))
			g := newGate()
			w.start("late", gathering(router.BatchOrders), g.wrap)
			w.await("a batch is with the journal", g.reached)
			w.eventually("the next one has reserved", func() error { return w.open("helsinki", 300) })
			w.cache.Wipe()
			m := w.start("rebuilder")
			w.eventually("the region is rebuilt", m.isReady)
			close(g.open)
			w.drained(durable)
			w.check().wantOutcomes(t, 300, moreThanFetched-300)
			if got := g.seen(); refusals(got) < 2 {
				t.Errorf("got commits %+v, want both refused that were reserved before the wipe", got)
			}
		})
	}
}

// An order that comes again while its first delivery is with the journal waits
// for what becomes of that: two decisions on the same basis would have the
// journal refuse everything around the second (J1).
func TestRepeatWaitsForTheBatchInHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: roomier, redis: redisProcess})
	all := orders(router.BatchOrders, "order")
	w.publishBy(1, all)
	w.send(again(all[7], 1))
	w.publishBy(1, orders(50, "more"))
	g := newGate()
	w.start("router", gathering(router.BatchOrders), g.wrap)
	w.await("a batch is with the journal", g.reached)
	close(g.open)
	w.drained(durable)
	w.check().wantOutcomes(t, router.BatchOrders+50, 0)
	if got := g.seen(); refusals(got) > 0 {
		t.Errorf("got commits %+v, want none refused", got)
	}
}

// open is nil if at least n orders hold something in the region that is not
// stored yet.
func (w *world) open(region string, n int) error {
	holds, err := w.ledger.Holds(context.Background(), region)
	if err != nil {
		return err
	}
	open := 0
	for _, h := range holds {
		if h.Open != nil {
			open++
		}
	}
	if open < n {
		return fmt.Errorf("%d open holds, want %d", open, n)
	}
	return nil
}

func refusals(of []committed) (n int) {
	for _, c := range of {
		if errors.Is(c.err, event.ErrMoved) {
			n++
		}
	}
	return n
}
