package ledger_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/lanes/ledger/redistest"
)

// metros are regions in several hash slots: each master keeps some.
var metros = []string{"helsinki", "espoo", "tampere", "turku", "oulu", "berlin", "london", "paris", "madrid"}

// newSixWorld is a world on a Redis Cluster of six, every metro rebuilt.
func newSixWorld(t *testing.T) (*world, *redistest.Cluster) {
	t.Helper()
	c := redistest.StartCluster(t)
	w := &world{TB: t, ctx: context.Background(), now: start}
	w.open(ledger.Options{URL: c.URL()})
	for _, metro := range metros {
		w.rebuildRegion(metro)
	}
	return w, c
}

func in(region string, a lanes.Ask) lanes.Ask {
	a.Region = region
	return a
}

// everywhere asks for one place in every metro, in one call.
func (w *world) everywhere(order string) map[string]lanes.Answer {
	w.Helper()
	var asks []lanes.Ask
	for _, metro := range metros {
		asks = append(asks, in(metro, ask(order, 0, offer("body "+metro, morning))))
	}
	got := map[string]lanes.Answer{}
	for i, a := range w.ledger.Reserve(w.ctx, asks) {
		got[metros[i]] = a
	}
	return got
}

// A region's keys stand on one master, those of several regions on all, and a
// call for many regions finds each where it is.
func TestRegionsSpreadOverACluster(t *testing.T) {
	t.Parallel()
	w, c := newSixWorld(t)
	for i := range 2 { // as many as fit
		for metro, a := range w.everywhere(orderName(i)) {
			if a.Err != nil || a.Status != lanes.Granted || string(a.Body) != "body "+metro {
				t.Fatalf("reserve in %s: got %+v, want granted with its own body", metro, a)
			}
		}
	}
	keeps := map[string]int{}
	for _, metro := range metros {
		owner := c.Owner(metro)
		keeps[owner.Port]++
		for _, n := range c.Nodes[:3] {
			keys := strings.Count(n.Do("KEYS nl:{%s}:*", metro), "nl:")
			if want := n == owner; (keys > 0) != want {
				t.Errorf("%s on node %s: got %d keys, want any: %t", metro, n.Port, keys, want)
			}
		}
		w.checkRegion(metro)
	}
	if len(keeps) != 3 {
		t.Errorf("got regions by master %v, want some on each of 3", keeps)
	}
	if err := w.ledger.Ping(w.ctx); err != nil {
		t.Errorf("ping: %v", err)
	}
}

func TestScriptsAreLoadedOnEveryMaster(t *testing.T) {
	t.Parallel()
	w, c := newSixWorld(t)
	for _, n := range c.Nodes[:3] {
		if got := n.Do("INFO memory"); strings.Contains(got, "number_of_cached_scripts:0\r") {
			t.Errorf("node %s has no scripts after opening", n.Port)
		}
		n.Do("SCRIPT FLUSH")
	}
	for metro, a := range w.everywhere(order) {
		if a.Status != lanes.Granted {
			t.Errorf("%s: got %+v, want granted", metro, a)
		}
	}
}

// A promoted replica brings a copy of the epoch, and may have lost a tail. Its
// history is another one all the same: nothing is reserved there before a
// rebuild, and the other masters' regions go on (E1).
func TestFailoverIsAnotherHistory(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func(*redistest.Cluster, *redistest.Node){
		"in agreement": (*redistest.Cluster).FailOver,
		"killed":       (*redistest.Cluster).Kill,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := newSixWorld(t)
			before := w.everywhere(order)
			failed := c.Owner(region)
			affected := map[string]bool{}
			for _, metro := range metros {
				affected[metro] = c.Owner(metro) == failed
			}
			fail(c, failed)
			c.Settled()

			for metro, a := range w.everywhere(orderName(2)) {
				want := lanes.Granted
				if affected[metro] {
					want = lanes.Rebuild
				}
				if a.Err != nil || a.Status != want {
					t.Errorf("%s: got %+v, want status %d", metro, a, want)
				}
			}
			if got := w.metric("nearlane_ledger_histories_total", ""); got != 1 {
				t.Errorf("histories: got %v, want 1", got)
			}
			w.settle(decision(order, 5, before[region].Epoch, morning)) // settles go on
			w.rebuild()
			w.granted(ask(orderName(2), 0, offer("body", morning)))
			w.wantSlots(map[string]int64{morning.Slot: 2})
			if !w.hold(order).Listed {
				t.Error("settled under an epoch of another history: got no verify mark")
			}
			for _, metro := range metros {
				w.checkRegion(metro)
			}
		})
	}
}

// A token that was copied to the replica before it was promoted is worth
// nothing there (E4).
func TestFailoverDuringRebuild(t *testing.T) {
	t.Parallel()
	c := redistest.StartCluster(t)
	w := &world{TB: t, ctx: context.Background(), now: start}
	w.open(ledger.Options{URL: c.Nodes[4].URL()}) // a replica knows the others
	token := ledger.NewToken("router-1")
	w.begin(token)
	c.FailOver(c.Owner(region))
	errs := w.ledger.Settle(w.ctx, []lanes.Settlement{with(token, decision(order, 5, "", morning))})
	wantError(t, errs[0], ledger.ErrTokenGone)
	if w.end(token, 30) {
		t.Error("end after a failover: got done")
	}
	w.rebuild()
}

// Until there is another master the outcome of calls is unknown; the regions
// of the others go on.
func TestMasterGone(t *testing.T) {
	t.Parallel()
	w, c := newSixWorld(t)
	gone := c.Owner(region)
	other := ""
	for _, metro := range metros {
		if c.Owner(metro) != gone {
			other = metro
		}
	}
	c.Replica(gone).Kill()
	gone.Kill()
	if a := w.ledger.Reserve(w.ctx, asksFor(1, morning))[0]; a.Err == nil {
		t.Errorf("reserve without a master: got %+v, want an error", a)
	}
	w.wantStatus(w.ledger.Reserve(w.ctx, []lanes.Ask{in(other, ask(order, 0, offer("body", morning)))})[0], lanes.Granted)
	wantError(t, w.ledger.Ping(w.ctx), ledger.ErrUnreachable)

	gone.Start() // with nothing, as the same member of the cluster
	c.Settled()
	w.wantStatus(w.reserve(ask(order, 0, offer("body", morning))), lanes.Rebuild)
	w.rebuild()
}

// A hash slot that moves to another master takes the data along, but not the
// history. While it is on its way, nothing is done by halves.
func TestMovedSlotIsAnotherHistory(t *testing.T) {
	t.Parallel()
	w, c := newSixWorld(t)
	w.granted(ask(order, 0, offer("body", morning)))
	from := c.Owner(region)
	to := c.Nodes[0]
	if to == from {
		to = c.Nodes[1]
	}
	slot := from.Do("CLUSTER KEYSLOT {%s}", region)
	to.Do("CLUSTER SETSLOT %s IMPORTING %s", slot, from.ID)
	from.Do("CLUSTER SETSLOT %s MIGRATING %s", slot, to.ID)
	if a := w.ledger.Reserve(w.ctx, asksFor(1, morning))[0]; a.Err == nil {
		t.Errorf("reserve while the slot moves: got %+v, want an error", a)
	}
	keys := strings.Fields(from.Do("CLUSTER GETKEYSINSLOT %s 100", slot))
	for _, key := range keys {
		if got := from.Do("MIGRATE 127.0.0.1 %s %s 0 5000", to.Port, key); got != "OK" {
			t.Fatalf("migrate %s: got %s", key, got)
		}
	}
	if a := w.ledger.Reserve(w.ctx, asksFor(1, morning))[0]; a.Err == nil {
		t.Errorf("reserve once the keys have moved: got %+v, want an error", a)
	}
	for _, n := range []*redistest.Node{to, from, c.Nodes[2]} {
		n.Do("CLUSTER SETSLOT %s NODE %s", slot, to.ID)
	}
	w.wantStatus(w.reserve(ask(orderName(2), 0, offer("body", morning))), lanes.Rebuild)
	w.wantSlots(map[string]int64{morning.Slot: 1})
	w.rebuild()
	w.granted(ask(orderName(2), 0, offer("body", morning)))
	w.checkCounters()
}

func TestSeveralServersHaveToBeACluster(t *testing.T) {
	t.Parallel()
	one, other := startProcess(t), startProcess(t)
	_, err := ledger.Open(context.Background(), ledger.Options{URL: one.URL() + ", " + other.URL()})
	wantError(t, err, ledger.ErrUnsafe)
}

// Nobody answers for half a cluster.
func TestOpenRefusesHalfACluster(t *testing.T) {
	t.Parallel()
	p := startProcess(t, "--cluster-enabled", "yes")
	w := &world{TB: t, ctx: context.Background(), now: start}
	w.connect(p.URL())
	if err := w.raw.ClusterAddSlotsRange(w.ctx, 0, 8191).Err(); err != nil {
		t.Fatal(err)
	}
	_, err := ledger.Open(w.ctx, ledger.Options{URL: p.URL()})
	wantError(t, err, ledger.ErrUnreachable)
	if !strings.Contains(fmt.Sprint(err), "hash slot 8192") {
		t.Errorf("got %v, want an error that names the slot", err)
	}
}
