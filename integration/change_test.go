package integration

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// A router dies between reserve and commit, and the one that takes its orders
// over has another config: what is held is what counts.
func TestConfigChangesBetweenReserveAndCommit(t *testing.T) {
	t.Parallel()
	const blocks = `blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00"], capacity: {parcels: 60, grams: 90000}`
	for _, tt := range []struct {
		name     string
		old, new string // of the network
		site     string // where the orders go
		kept     bool   // the plan of the dead router
	}{
		{"other blocks and limits", blocks, `blocks: ["Mo-Fr 11:00-12:00"], capacity: {parcels: 2}`, "kallio", true},
		{"the lane serves another country", "lanes:\n      bike: {courier: pyora, serviceLevels: [same_day], " + blocks,
			"lanes:\n      bike: {courier: pyora, serviceLevels: [same_day], catchment: {countries: [SE]}, " + blocks, "tapiola", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(twoRegions, tt.old) {
				t.Fatalf("no %q in the network", tt.old)
			}
			w := newWorld(t, setting{network: twoRegions, redis: redisProcess, ackWait: 500 * time.Millisecond})
			bad := newMishap(reserve, replyLost, true)
			w.publish(orders(5, "order")...)
			victim := w.start("victim", bad.wrap)
			w.await("the router dies", bad.struck)
			victim.buried()
			before := w.net.Revision
			w.net = build(t, strings.Replace(twoRegions, tt.old, tt.new, 1))
			w.start("heir")
			w.drained(durable)
			a := w.check()
			a.wantOutcomes(t, 5, 0)
			for key := range a.decisions {
				d := a.decision(t, key)
				if got := d.Consignments[0].Site.SiteID; got != tt.site {
					t.Errorf("order %s: got site %s, want %s", key, got, tt.site)
				}
				if got := d.ConfigRevision == before; got != tt.kept {
					t.Errorf("order %s: got config %s, want the dead router's %s: %t", key, d.ConfigRevision, before, tt.kept)
				}
			}
		})
	}
}

// Some orders of a batch are decided by another router while the batch is on
// its way. It is refused as a whole, and the rest is sent once more under what
// was reserved.
func TestRestOfARefusedBatchIsSentAgain(t *testing.T) {
	t.Parallel()
	for _, replicas := range []int{1, 3} {
		t.Run(map[int]string{1: "1 nats", 3: "3 nats"}[replicas], func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: twoRegions, replicas: replicas})
			all := orders(120, "order")
			w.publish(all...)
			g := newGate()
			w.start("held-up", gathering(len(all)), g.wrap)
			w.await("a batch is reserved", g.reached)
			w.start("other")
			var repeats []stream.Outgoing
			for nth := range moreThanFetched {
				repeats = append(repeats, again(all[nth%60], nth))
			}
			w.send(repeats...)
			w.eventually("an order is decided by the other", func() error {
				if w.decided() == 0 {
					return errors.New("none is")
				}
				return nil
			})
			close(g.open)
			w.drained(durable)
			w.check().wantOutcomes(t, len(all), 0)
			got := g.seen()
			smaller := func(c committed) bool { return c.err == nil && c.decisions < got[0].decisions }
			if !errors.Is(got[0].err, event.ErrMoved) || !slices.ContainsFunc(got, smaller) {
				t.Errorf("got commits %v, want one refused and a smaller one stored", got)
			}
		})
	}
}
