package integration

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

const reloaded = "nearlane_config_last_reload_successful"

// reloadWas waits until the last reload has ended like that.
func (p *process) reloadWas(want string) {
	p.w.Helper()
	p.w.eventually("the reload is done", func() error {
		if got := p.metric(reloaded); got != want {
			return fmt.Errorf("%s is %s, want %s", reloaded, got, want)
		}
		return nil
	})
}

// A good config takes effect with the next batch, a bad one not at all, and a
// good one after it again. Orders pour in all the while.
func TestReloadInTheMiddle(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	tight := p.Router.Network().Revision

	published := w.publishing(16, orders(300, "order", excluding("tapiola")))
	p.reloadWith(roomier)
	w.eventually("the new network is in force", func() error {
		if p.Router.Network().Revision == tight {
			return fmt.Errorf("%s is", tight)
		}
		return nil
	})
	published()
	w.publish(orders(300, "more", excluding("tapiola"))...)
	w.drained(durable)
	a := w.check()
	roomy := p.Router.Network().Revision
	limits := map[string]int64{tight: 60, roomy: 600}
	for _, chain := range a.decisions {
		d := chain[0].Decision
		want, known := limits[d.ConfigRevision]
		if !known {
			t.Fatalf("order %s: got config %s, want %s or %s", d.OrderID, d.ConfigRevision, tight, roomy)
		}
		if d.Outcome == event.Dispatched && d.Claims[0].Limit != want {
			t.Errorf("order %s: got limit %d under config %s, want %d", d.OrderID, d.Claims[0].Limit, d.ConfigRevision, want)
		}
	}
	if got := a.decision(t, key("more-000")); got.ConfigRevision != roomy || got.Outcome != event.Dispatched {
		t.Errorf("order after the reload: got %s under %s, want dispatched under %s", got.Outcome, got.ConfigRevision, roomy)
	}
}

func TestBadReloadChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)
	was := p.Router.Network().Revision
	for i, bad := range []string{
		"network: [",
		strings.Replace(twoRegions, "blocks:", "blcoks:", 1),
		strings.Replace(twoRegions, "courier: pyora", "courier: nobody", 1),
	} {
		p.reloadWith(bad)
		p.reloadWas("0")
		if got := p.Router.Network().Revision; got != was {
			t.Errorf("bad config %d: got revision %s, want %s still", i, got, was)
		}
		id := fmt.Sprintf("during-%d", i)
		w.publish(order(id))
		w.drained(durable)
		if got := w.check().decision(t, key(id)); got.ConfigRevision != was || got.Outcome != event.Dispatched {
			t.Errorf("order under bad config %d: got %s under %s, want dispatched under %s", i, got.Outcome, got.ConfigRevision, was)
		}
		p.reloadWith(twoRegions)
		p.reloadWas("1")
	}
}
