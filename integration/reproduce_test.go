package integration

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router/reproduce"
)

// checkReproduced makes every decision that a plan on the world's network led
// to anew from its order and from what it says of capacity: it has to come out
// the same to the letter, whatever crashed and however often it was repeated.
func (w *world) checkReproduced(key event.Key, s *said, a *account) {
	w.Helper()
	var before *event.Decision
	for _, rec := range a.decisions[key] {
		d := rec.Decision
		o := s.placed[d.OrderSequence]
		if o != nil && d.ConfigRevision == w.net.Revision && reproduce.NotPlanned(d, before) == "" {
			got := reproduce.Decision(w.net, reproduce.Case{Order: o, Stored: d, Before: before, WrittenAt: a.written[rec.Sequence]})
			for _, diff := range got.Differences {
				w.Errorf("decision %d on order %s, made anew, differs in %s: then %q, now %q", rec.Sequence, key, diff.Field, diff.Then, diff.Now)
			}
			w.reproduced++
		}
		before = d
	}
}

// Every decision is reproduced from what its router archived: rerouted,
// waiting and freed ones, under the config before a reload and the one after.
// Made anew under the other config, the change is named.
func TestReproducedFromTheArchive(t *testing.T) {
	t.Parallel()
	dearer := strings.Replace(threeLanes(1), "kuorma: {}", "kuorma: {maxParcel: {grams: 500}}", 1)
	w := newWorld(t, setting{network: threeLanes(1), redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	first := p.Router.Network().Revision
	unwanted, unlucky, after := order("unwanted"), order("unlucky"), order("after")
	w.route(unwanted)
	w.report(unwanted, event.Rejected) // from the bike to the van
	w.route(unlucky)                   // the bike
	w.report(unlucky, event.Failed)    // to Tapiola: the van is full
	p.reloadWith(dearer)
	w.eventually("the new network is in force", func() error {
		if p.Router.Network().Revision == first {
			return errors.New("it is not")
		}
		return nil
	})
	w.cancel(unwanted) // the van is free, and takes no parcel of a kilogram any more
	w.report(unlucky, event.Delivered)
	w.route(after, order("late"))
	a := w.check()

	past := w.archived(first)
	present := w.archived(p.Router.Network().Revision)
	got := map[string]int{}
	for key, chain := range a.decisions {
		var before *event.Decision
		for _, rec := range chain {
			c := reproduce.Case{Order: w.orderAt(rec.Decision.OrderSequence), Stored: rec.Decision, Before: before, WrittenAt: a.written[rec.Sequence]}
			then, other := past, present
			if rec.Decision.ConfigRevision != first {
				then, other = present, past
			}
			r := reproduce.Of(c, then, other)
			got[string(r.Status)]++
			if len(r.Changes) > 0 || r.Status == reproduce.Differs {
				t.Errorf("decision %d on %s: got %s %+v %+v", rec.Sequence, key, r.Status, r.Differences, r.Changes)
			}
			if r.Today != nil {
				got["elsewhere by "+r.Today.Changes[0].Kind]++
			}
			before = rec.Decision
		}
	}
	want := map[string]int{
		string(reproduce.Reproduced): 6, // twice two, and two
		string(reproduce.NotAPlan):   2, // a cancellation, and a delivery
		"elsewhere by config":        2, // to the van, and not to it
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// archived is the network of a revision, as routers have archived it.
func (w *world) archived(revision string) *reproduce.Network {
	w.Helper()
	data, found, err := w.conn.Config().Revision(context.Background(), revision)
	if err != nil || !found {
		w.Fatalf("config %s: found %t: %v", revision, found, err)
	}
	bundle, err := config.DecodeBundle(data)
	if err != nil {
		w.Fatal(err)
	}
	n, err := reproduce.Then(revision, bundle, nil, config.Options{ReadFile: os.ReadFile})
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) orderAt(seq uint64) *event.Order {
	w.Helper()
	subject, data, found, err := w.conn.Order(context.Background(), seq)
	if err != nil || !found {
		w.Fatalf("order at %d: found %t: %v", seq, found, err)
	}
	o, refusal := event.DecodeOrder(subject, data, now)
	if refusal != nil {
		w.Fatal(refusal)
	}
	return o
}

// A router that finds its order's hold in place learns nothing of what was
// full, and its decision lists no lane as full. It is reproduced all the same.
func TestReproducedBesideAHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(1), ackWait: 500 * time.Millisecond})
	first := w.start("first")
	w.route(order("first")) // the bike is full
	first.stop()
	bad := newMishap(reserve, replyLost, true)
	bad.spares = 1 // which finds the bike full
	second := order("second")
	w.publish(second)
	victim := w.start("victim", bad.wrap)
	w.await("the router dies", bad.struck)
	victim.buried()
	w.start("heir")
	w.drained(durable)
	a := w.check()
	rec := a.decisions[second.Key()][0]
	r := reproduce.Decision(w.net, reproduce.Case{Order: second, Stored: rec.Decision, WrittenAt: a.written[rec.Sequence]})
	if got := rec.Decision.Consignments[0].Lane; got != "van" || !r.Held || len(r.Differences) > 0 {
		t.Errorf("got lane %s, beside a hold %t, differences %v; want the van beside a hold", got, r.Held, r.Differences)
	}
}
