package integration

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Each rejection takes one lane away, until none is left. The decisions tell
// the whole story, and nothing stays claimed.
func TestReroutedUntilNothingIsLeft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(1)})
	w.start("router")
	o := order("unwanted")
	w.route(o)
	w.report(o, event.Rejected)
	w.report(o, event.Failed)
	last := about(w.lastOf(o.Key()), event.Rejected)
	last.Reason = "Aino was rude" // not a code, so not for the journal
	w.say(last)
	w.drained(durable)
	a := w.check()

	lanes := []string{"kallio/bike", "kallio/van", "tapiola/bike"}
	chain := a.decisions[o.Key()]
	if len(chain) != 4 {
		t.Fatalf("got %d decisions, want 4", len(chain))
	}
	for i, rec := range chain {
		d := rec.Decision
		if d.Attempt != i+1 {
			t.Errorf("decision %d: got attempt %d, want %d", i, d.Attempt, i+1)
		}
		if diff := cmp.Diff(lanes[:i], append([]string{}, d.Excluded...)); diff != "" {
			t.Errorf("decision %d: excluded (-want +got):\n%s", i, diff)
		}
		if d.OrderSequence != 1 || d.OrderDigest != chain[0].Decision.OrderDigest {
			t.Errorf("decision %d: got order %d, digest %s, want those of the first", i, d.OrderSequence, d.OrderDigest)
		}
	}
	a.wantEnd(t, o.Key(), ending{outcome: event.Unroutable, attempt: 4, decisions: 4, reasons: []string{"courier_rejected", "other", "excluded"}})
	a.wantTold(t, o.Key(), "requested pyora", "withdrawn pyora", "requested kuorma", "withdrawn kuorma", "requested lansi", "withdrawn lansi")
	a.wantUnits(t, "", map[string]string{})
}

// The place that a rejected dispatch had is free for another order, in the
// region it leaves as in the one it stays in.
func TestRerouteFreesItsPlaceForAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(1), redis: redisProcess})
	w.start("router")
	all := orders(5, "order")
	w.route(all[0])                // bike
	w.report(all[0], event.Failed) // van
	w.route(all[1])                // bike
	w.report(all[0], event.Failed) // tapiola
	w.route(all[2])                // van
	w.route(all[3])                // nothing left
	w.report(all[1], event.Failed) // nothing left for it, and the bike is free
	w.route(all[4])
	a := w.check()
	a.wantEnd(t, all[0].Key(), ending{outcome: event.Dispatched, lane: "tapiola/bike", attempt: 3, decisions: 3})
	a.wantEnd(t, all[1].Key(), ending{outcome: event.Unroutable, attempt: 2, decisions: 2, reasons: []string{"courier_failed", "vehicle_not_available", "full", "excluded"}})
	a.wantEnd(t, all[2].Key(), ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 1, decisions: 1})
	a.wantEnd(t, all[3].Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
	a.wantEnd(t, all[4].Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
}

// What the order itself excluded stays excluded.
func TestRerouteHeedsTheOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(1)})
	w.start("router")
	o := order("picky", excluding("tapiola"))
	w.route(o)
	w.report(o, event.Rejected)
	w.report(o, event.Rejected)
	a := w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Unroutable, attempt: 3, decisions: 3})
}

// forgetful is an archive whose ORDERS has forgotten everything.
type forgetful struct{}

func (forgetful) Order(context.Context, uint64) (string, []byte, bool, error) {
	return "", nil, false, nil
}

// Without the order's address there is nothing to route. The courier that will
// not have it is told all the same, and the place is free.
func TestRerouteOfAnOrderThatIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: onePlace})
	w.start("router", func(o *router.Options) { o.Archive = forgetful{} })
	o, other := order("old"), order("other")
	w.route(o)
	w.report(o, event.Rejected)
	w.route(other)
	a := w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Unroutable, attempt: 2, decisions: 2,
		reasons: []string{"courier_rejected", "vehicle_not_available", router.OrderExpired}})
	a.wantTold(t, o.Key(), "requested pyora", "withdrawn pyora")
	a.wantEnd(t, other.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", decisions: 1})
}
