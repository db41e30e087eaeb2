package integration

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// The two networks that reloads alternate between. They differ in what an
// option shows: where a block ends, and what it holds.
var (
	firstDraft  = strings.NewReplacer("parcels: 60, grams: 90000", "parcels: 50000, grams: 90000000", "parcels: 500}", "parcels: 50000}").Replace(twoRegions)
	secondDraft = strings.NewReplacer("10:00-12:00", "10:00-12:30", "parcels: 50000}", "parcels: 40000}").Replace(firstDraft)
)

const (
	reloads    = 200
	orderEvery = 4 * time.Millisecond
)

// TestReloadsUnderLoad changes the network two hundred times, by SIGHUP, over
// HTTP and by closing and opening a site, while orders come in at a steady
// rate. Each is decided once, by a network that somebody meant.
func TestReloadsUnderLoad(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: firstDraft, redis: redisProcess})
	p := w.run("router")
	w.eventually("the process is ready", p.isReady)

	list := w.flow("live", func() { p.reloadMany(reloads, 20*time.Millisecond, firstDraft, secondDraft, "kallio") })
	w.drained(durable)
	a := w.check()
	if len(a.decisions) != len(list) {
		t.Errorf("got decisions on %d orders, want on all %d", len(a.decisions), len(list))
	}
	networks := map[string]*router.Network{}
	for _, o := range list {
		chain := a.decisions[o.Key()]
		if len(chain) != 1 {
			t.Fatalf("order %s: got %d decisions, want 1", o.Key(), len(chain))
		}
		w.asMeant(networks, o, chain[0].Decision)
	}
	closed := 0
	for _, n := range networks {
		closed += len(n.Closures())
	}
	if len(networks) < 3 || len(networks) > 4 || closed == 0 {
		t.Errorf("decided by %d networks, %d of them with a site closed; want 3 or 4, and at least one", len(networks), closed)
	}
}

// asMeant plans an order again under the network that its decision names, as
// the archive has it: the decision has to be what comes out.
func (w *world) asMeant(networks map[string]*router.Network, o *event.Order, d *event.Decision) {
	w.Helper()
	n := networks[d.ConfigRevision]
	if n == nil {
		_, archived, findings, err := app.Archived(context.Background(), w.conn.Config(), d.ConfigRevision, config.Options{})
		if err != nil || archived == nil || archived.Revision != d.ConfigRevision {
			w.Fatalf("order %s: no network %q in the archive: %v\n%s", o.Key(), d.ConfigRevision, err, findings)
		}
		n, networks[d.ConfigRevision] = archived, archived
	}
	plan := n.Plan(router.Request{Order: o, Place: n.Locate(o), Now: d.DecidedAt})
	options, _ := plan.Take(1)
	if d.Outcome != event.Dispatched || len(options) == 0 {
		w.Errorf("order %s: got %s and %d options of network %s, want a dispatch", o.Key(), d.Outcome, len(options), d.ConfigRevision)
		return
	}
	got, err := event.EncodeBody(&d.Consignments[0].Body)
	if err != nil {
		w.Fatal(err)
	}
	want, err := event.EncodeBody(&options[0].Body)
	if err != nil {
		w.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		w.Errorf("order %s: network %s gives\n%s\nnot\n%s", o.Key(), d.ConfigRevision, want, got)
	}
}

// flow publishes an order at every tick for as long as during runs.
func (w *world) flow(prefix string, during func()) (list []*event.Order) {
	w.Helper()
	over, failed := make(chan struct{}), make(chan error, 1)
	conn := w.connect("steady publisher")
	go func() {
		tick := time.NewTicker(orderEvery)
		defer tick.Stop()
		for {
			select {
			case <-over:
				failed <- nil
				return
			case <-tick.C:
			}
			o := order(fmt.Sprintf("%s-%05d", prefix, len(list)))
			list = append(list, o)
			if err := w.sendOn(conn, []stream.Outgoing{placed(o)}); err != nil {
				failed <- err
				return
			}
		}
	}()
	during()
	close(over)
	if err := <-failed; err != nil {
		w.Fatalf("publish: %v", err)
	}
	return list
}

// reloadMany changes the network n times, at a steady rate.
func (p *process) reloadMany(n int, every time.Duration, one, other, site string) {
	p.w.Helper()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for i := range n {
		<-tick.C
		network := one
		if i%2 == 0 {
			network = other
		}
		switch i % 5 {
		case 3:
			p.w.closeSite(site, i%2 == 1)
		case 4:
			p.write(network)
			p.reloadOverHTTP()
		default:
			p.reloadWith(network)
		}
	}
}

// closeSite closes a site for today, or opens all, as staff do.
func (w *world) closeSite(site string, closed bool) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var list []router.Closure
	if closed {
		today := lanes.DateIn(now.Year(), now.Month(), now.Day())
		list = append(list, router.Closure{Site: site, From: today, Until: today})
	}
	data, err := router.EncodeClosures(list)
	if err != nil {
		w.Fatal(err)
	}
	_, basis, err := w.conn.Config().Closures(ctx)
	if err == nil {
		err = w.conn.Config().SetClosures(ctx, data, basis)
	}
	if err != nil {
		w.Fatalf("close %s: %v", site, err)
	}
}

// reloadOverHTTP asks as `nearlane reload` does.
func (p *process) reloadOverHTTP() {
	p.w.Helper()
	response, err := http.Post("http://"+p.Addr()+"/v1/reload", "", nil)
	if err != nil {
		p.w.Fatalf("reload: %v", err)
	}
	defer response.Body.Close()
	var told app.Reloaded
	if err := json.NewDecoder(response.Body).Decode(&told); err != nil || !told.Taken || response.StatusCode != http.StatusOK {
		p.w.Errorf("reload: got %s, %+v, %v, want it taken", response.Status, told, err)
	}
}
