package integration

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
)

// A journal that has lost its beginning, its middle or its end is refused at the
// start, whatever is left to tell of it, with what to do.
func TestDamagedJournalIsRefused(t *testing.T) {
	t.Parallel()
	h := newPast(t, never)
	for _, tt := range []struct {
		name   string
		damage func(dir string)
		want   string
	}{
		{"first deleted", h.block(0, deleted), "lost its beginning"},
		{"middle deleted", h.block(1, deleted), "in its middle"},
		{"middle zeroed", h.block(1, zeroed), "in its middle"},
		{"middle halved", h.block(1, halved), "in its middle"},
		{"middle bit, no index", and(h.block(1, bitFlipped), unindexed), "in its middle"},
		{"last deleted", h.block(-1, deleted), "in its middle"},
		{"last deleted, no index", and(h.block(-1, deleted), unindexed), "lost its end"},
		{"last zeroed, no index", and(h.block(-1, zeroed), unindexed), "lost its end"},
		{"last halved, no index", and(h.block(-1, halved), unindexed), "lost its end"},
		{"last deleted, no index, by NATS alone", and(h.block(-1, deleted), unindexed, unremembered), "lost its end"},
		{"all gone", lostEverything, "it is another one"},
		{"all gone, by NATS alone", and(lostEverything, unremembered), "it is another one"},
	} {
		a, err := h.open(h.copy(tt.damage), false)
		if err == nil {
			_ = a.Close()
		}
		if !errors.Is(err, app.ErrDamaged) || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "--accept-loss") {
			t.Errorf("%s: got %v, want it refused with %q and what to do", tt.name, err, tt.want)
		}
	}
	a, err := h.open(h.copy(unindexed), false)
	if err != nil {
		t.Fatalf("a journal without index: got %v, want it taken: nothing is lost", err)
	}
	_ = a.Close()
}

// What only ORDERS knows of is enough: its last answered orders had decisions.
func TestLostEndIsKnownByOrders(t *testing.T) {
	t.Parallel()
	h := newPast(t, never)
	dir := h.copy(unremembered)
	a, err := h.open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, nats: served(a.NATSURL()), setting: h.setting, ledger: a.Ledger}
	w.look()
	kv, err := w.js.KeyValue(t.Context(), "CONFIG")
	if err == nil {
		err = kv.Purge(t.Context(), "journal")
	}
	if err != nil {
		t.Fatalf("forget the journal: %v", err)
	}
	_ = a.Close()
	and(h.block(-1, deleted), unindexed, unremembered)(dir)
	a, err = h.open(dir, false)
	if err == nil {
		_ = a.Close()
	}
	if want := "have no decision"; !errors.Is(err, app.ErrDamaged) || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want it refused with %q", err, want)
	}
}

// With --accept-loss, orders that have lost their decision are decided again,
// and the next start needs no more than that. The audit names what is missing.
func TestAcceptedLoss(t *testing.T) {
	t.Parallel()
	h := newPast(t, time.Second)
	for _, tt := range []struct {
		name    string
		damage  func(dir string)
		missing bool // something in the middle, which stays missing
	}{
		{"middle", h.block(1, deleted), true},
		{"end", and(h.block(-1, deleted), unindexed), false},
		{"one that cannot be read", h.block(1, bitFlipped), true},
	} {
		dir := h.copy(tt.damage)
		path := h.config(dir)
		p := &process{w: h.world, path: path, accept: true}
		p.start("")
		h.eventually(tt.name+": the process is ready", p.isReady)
		w := &world{TB: t, nats: served(p.NATSURL()), setting: h.setting, net: h.net, ledger: p.Ledger}
		w.look()
		w.eventually(tt.name+": every order has a decision", func() error {
			records, err := w.journal.LastMany(context.Background(), pastKeys())
			if err != nil {
				return err
			}
			for i, rec := range records {
				if rec.Decision == nil {
					return fmt.Errorf("order %d has none", i)
				}
			}
			return nil
		})
		found, err := app.RunAudit(t.Context(), w.conn, w.net, stoppedClock())
		if err != nil {
			t.Fatal(err)
		}
		if got := found.Missing > 0; got != tt.missing || found.Undecided > 0 {
			t.Errorf("%s: audit finds %d missing and %d undecided, want missing: %t and none undecided", tt.name, found.Missing, found.Undecided, tt.missing)
		}
		p.stop()
		a, err := h.open(dir, false)
		if err != nil {
			t.Errorf("%s: the next start: %v", tt.name, err)
			continue
		}
		_ = a.Close()
	}
}

func pastKeys() (keys []event.Key) {
	for block := range 3 {
		for _, o := range orders(pastOrders, fmt.Sprintf("block-%d", block+1)) {
			keys = append(keys, o.Key())
		}
	}
	return keys
}

// A message that the server has in its index and cannot read is met when the
// journal is read: the process does not route, and says why.
func TestUnreadableMessage(t *testing.T) {
	t.Parallel()
	h := newPast(t, never)
	for name, block := range map[string]int{"middle": 1, "last": -1} {
		p := &process{w: h.world, path: h.config(h.copy(h.block(block, bitFlipped)))}
		p.start("")
		h.eventually(name+": the process says what is wrong", func() error { return p.isUnready("journal") })
		if got := p.metric("nearlane_journal_missing_messages"); got != "1" {
			t.Errorf("%s: got %s missing messages, want 1", name, got)
		}
		w := &world{TB: t, nats: served(p.NATSURL()), setting: h.setting, net: h.net, ledger: p.Ledger}
		w.look()
		found, err := app.RunAudit(t.Context(), w.conn, w.net, stoppedClock())
		if err != nil {
			t.Fatal(err)
		}
		if found.Holds() || !strings.Contains(strings.Join(found.Breaches, "\n"), "missing") {
			t.Errorf("%s: the audit finds %v, want the missing message named", name, found.Breaches)
		}
		p.stop()
	}
}

// A NATS that comes back with less than it had, under a router that runs: it
// stores nothing on it, and goes on once the journal is back.
func TestJournalLostUnderARouter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	h := &past{world: w}
	p := w.run("router")
	w.publish(orders(pastOrders, "block-1")...)
	w.drained(durable)
	h.fill()
	h.fill() // a world's blocks are twice as large
	w.publish(orders(pastOrders, "block-2")...)
	w.drained(durable)

	server := w.nats.(*natsServer)
	server.Shutdown()
	whole := server.dir
	server.dir = h.copyNATS(whole, and(h.block(-1, deleted), unindexed))
	server.start()
	w.eventually("the process says what is wrong", func() error { return p.isUnready("journal") })
	w.publish(orders(5, "meanwhile")...)
	w.eventually("the router has met it", func() error { return p.isUnready("router") })
	s, err := w.js.Stream(t.Context(), event.StreamDispatch)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range orders(5, "meanwhile") {
		if m, err := s.GetLastMsgForSubject(t.Context(), event.DecisionSubject(o.Key())); !errors.Is(err, jetstream.ErrMsgNotFound) {
			t.Errorf("order %s: got %v, %v, want nothing stored on a damaged journal", o.OrderID, m, err)
		}
	}
	server.Shutdown()
	server.dir = whole
	server.start()
	w.eventually("the process is ready again", p.isReady)
	w.publish(orders(5, "after")...)
	w.drained(durable)
	for _, o := range append(orders(pastOrders, "block-2"), orders(5, "after")...) {
		if rec, err := w.journal.Last(t.Context(), o.Key()); err != nil || rec.Decision == nil {
			t.Errorf("order %s: got %v, %v, want its decision", o.OrderID, rec, err)
		}
	}
}
