package integration

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// V1: an auditor voided the hold of a router that was only late, which then
// committed on it: oversold. Now the late commit is refused.
func TestV1VoidAgainstALateRouter(t *testing.T) {
	onEveryServer(t, onePlace, func(t *testing.T, w *world) {
		g := newGate()
		w.start("late", g.wrap)
		first := order("first")
		w.publish(first)
		w.await("a batch is reserved", g.reached)
		found := pass(w, w.auditor("auditor", nil).Strays)
		if want := (router.StrayFindings{Seen: 1, Voided: 1}); found != want {
			t.Errorf("got %+v, want %+v", found, want)
		}
		w.wantTaken(t, "helsinki", map[string]int64{})
		w.start("second")
		w.publish(orders(8, "other")...) // the late router may have asked for some of them
		w.eventually("another order has the place", func() error {
			if w.decided() < 2 {
				return errors.New("none is decided")
			}
			return nil
		})
		close(g.open)
		w.drained(durable)
		a := w.audited(0)
		a.wantTold(t, first.Key())
		if got := a.outcomes(first.Key()); got != "void unroutable" {
			t.Errorf("got %q, want the void and then no room", got)
		}
		if d := a.decisions[first.Key()][1].Decision; d.OrderSequence != 1 || d.OrderDigest == "" || d.Voids != 1 {
			t.Errorf("got order %d, digest %q, %d voids, want what the order says and one void", d.OrderSequence, d.OrderDigest, d.Voids)
		}
	})
}

// A router that comes back after the void finds nothing of its hold, and holds
// anew on the void (V2).
func TestV2RouterCommitsOnTheVoid(t *testing.T) {
	onEveryServer(t, onePlace, func(t *testing.T, w *world) {
		g := newGate()
		w.start("late", g.wrap)
		o := order("order")
		w.publish(o)
		w.await("a batch is reserved", g.reached)
		pass(w, w.auditor("auditor", nil).Strays)
		close(g.open)
		w.drained(durable)
		a := w.audited(0)
		a.wantChain(t, o.Key(), "void dispatched")
		a.wantTold(t, o.Key(), "requested pyora")
	})
}

// V3: a void over a rejected order's dispatch, which is still live. It is
// renewed instead: the courier keeps it, its claims stand, and the successor
// withdraws it.
func TestV3RenewalOverALiveDispatch(t *testing.T) {
	onEveryServer(t, threeLanes(1), func(t *testing.T, w *world) {
		before := w.start("before")
		o := order("rejected")
		w.route(o)
		before.stop()
		bad := newMishap(commit, callLost, true)
		victim := w.start("victim", bad.wrap)
		w.say(about(w.lastOf(o.Key()), event.Rejected))
		w.await("the router dies before it commits", bad.struck)
		victim.buried()

		// Two auditors at once: the second finds it done.
		one, two := w.auditor("one", nil), w.auditor("two", nil)
		renewed := 0
		for _, found := range together(w, one.Strays, two.Strays) {
			renewed += found.Renewed
		}
		if renewed != 1 {
			t.Errorf("got %d renewals, want 1", renewed)
		}
		a := w.audited(0)
		a.wantChain(t, o.Key(), "dispatched dispatched")
		a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1})
		a.wantTold(t, o.Key(), "requested pyora")
		w.wantTaken(t, "helsinki", map[string]int64{"lane/kallio/bike:2026-08-04T10:00:parcels": 1})

		w.start("heir") // the report was not answered
		w.drained(durable)
		a = w.audited(0)
		a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 2, decisions: 3})
		a.wantTold(t, o.Key(), "requested pyora", "withdrawn pyora", "requested kuorma")
	})
}

// together makes passes at the same time. On three nodes the one that comes
// second may not learn what became of its commit: its next pass would.
func together[F any](w *world, rules ...func(context.Context) (F, error)) []F {
	w.Helper()
	found := make([]F, len(rules))
	var all sync.WaitGroup
	for i, rule := range rules {
		all.Go(func() {
			var err error
			if found[i], err = rule(context.Background()); err != nil && !errors.Is(err, event.ErrUnknown) {
				w.Errorf("audit: %v", err)
			}
		})
	}
	all.Wait()
	return found
}

// V5: a release that was lost leaked its claims for ever. Auditors that follow
// the journal settle it, also in the region that a re-route left.
func TestV5FollowersSettleWhatRoutersLeave(t *testing.T) {
	onEveryServer(t, threeLanes(1), func(t *testing.T, w *world) {
		before := w.start("before")
		moved, gone := order("moved"), order("gone")
		w.route(moved)
		w.report(moved, event.Rejected) // in the van
		w.route(gone)                   // in the bike
		before.stop()
		victim := w.start("victim", func(o *router.Options) { o.Ledger = unsettling{o.Ledger, "helsinki"} })
		w.say(about(w.lastOf(moved.Key()), event.Rejected)) // to the other region
		w.send(cancelled(gone))
		w.eventually("both are stored", func() error {
			if d := w.lastOf(moved.Key()); d.Attempt != 3 {
				return fmt.Errorf("attempt %d", d.Attempt)
			}
			if d := w.lastOf(gone.Key()); d.Outcome != event.Cancelled {
				return fmt.Errorf("it is %s", d.Outcome)
			}
			return nil
		})
		victim.stop()
		w.wantTaken(t, "helsinki", map[string]int64{
			"lane/kallio/bike:2026-08-04T10:00:parcels": 1,
			"lane/kallio/van:2026-08-04T12:00:parcels":  1,
		})
		w.follower("one")
		w.follower("two")
		w.eventually("both are settled", func() error {
			if taken := w.taken()["helsinki"]; taken["lane/kallio/bike:2026-08-04T10:00:parcels"]+taken["lane/kallio/van:2026-08-04T12:00:parcels"] > 0 {
				return fmt.Errorf("still taken: %v", taken)
			}
			if live := w.taken()["espoo"]["lane/tapiola/bike:2026-08-04T14:00:parcels"]; live != 1 {
				return fmt.Errorf("got %d in espoo, want 1", live)
			}
			return nil
		})
		a := w.audited(0)
		a.wantChain(t, moved.Key(), "dispatched dispatched dispatched")
		a.wantChain(t, gone.Key(), "dispatched cancelled")
	})
}

// unsettling loses every settlement in one region.
type unsettling struct {
	router.Ledger
	region string
}

func (u unsettling) Settle(ctx context.Context, calls []lanes.Settlement) []error {
	errs := make([]error, len(calls))
	for i, c := range calls {
		if errs[i] = errLost; c.Region != u.region {
			errs[i] = u.Ledger.Settle(ctx, calls[i:i+1])[0]
		}
	}
	return errs
}

// Redis loses a tail and nobody notices: holds and counters are gone, or back
// where they were. A comparison repairs it once and counts it.
func TestLostTailIsRepaired(t *testing.T) {
	onEveryServer(t, threeLanes(2), func(t *testing.T, w *world) {
		m := w.start("router")
		moved, left := order("moved"), order("left")
		w.route(moved)
		a := w.auditor("auditor", nil)
		if got := pass(w, a.Compare); got.Drift != 0 || got.Decisions != 1 || got.Holds == 0 {
			t.Errorf("got %+v, want one decision and no drift", got)
		}
		ctx, raw := context.Background(), w.raw()
		hold := "nl:{helsinki}:hold:" + moved.Key().String()
		older := raw.HGetAll(ctx, hold).Val()
		w.report(moved, event.Rejected) // from the bike to the van
		w.route(left)                   // by bike

		w.forget("helsinki", "espoo")
		bike := "nl:{helsinki}:slot:lane/kallio/bike:2026-08-04T10:00:parcels"
		if err := errors.Join(raw.HSet(ctx, hold, older).Err(), raw.Set(ctx, bike, 1, 0).Err()); err != nil {
			t.Fatalf("put the older state back: %v", err)
		}
		if got := pass(w, a.Compare); got.Drift != 2 {
			t.Errorf("got %+v, want a drift of 2", got)
		}
		if got := pass(w, a.Compare); got.Drift != 0 {
			t.Errorf("again: got %+v, want no drift", got)
		}
		w.check()
		m.stop()
	})
}

// A slot that is promised to more than it holds, by decisions written by hand.
// The youngest goes elsewhere, once, however many auditors look.
func TestOversoldSlotIsHealedOnce(t *testing.T) {
	onEveryServer(t, threeLanes(1), func(t *testing.T, w *world) {
		m := w.start("router")
		first, second := order("first"), order("second")
		w.route(first)
		m.stop()
		w.publish(second)
		w.copyDecision(first, second)
		m = w.start("router")
		w.drained(durable)
		slot := "lane/kallio/bike:2026-08-04T10:00:parcels"
		w.wantTaken(t, "helsinki", map[string]int64{slot: 2})

		one, two := w.auditor("one", m), w.auditor("two", m)
		for _, found := range together(w, one.Heal, two.Heal) {
			if want := (router.HealFindings{Oversold: []string{slot}, Orders: []event.Key{second.Key()}}); len(found.Orders) > 0 && !cmp.Equal(want, found) {
				t.Errorf("got %+v, want %+v", found, want)
			}
		}
		w.eventually("the youngest is elsewhere", func() error {
			if d := w.lastOf(second.Key()); d.Attempt != 2 {
				return fmt.Errorf("attempt %d", d.Attempt)
			}
			return nil
		})
		w.eventually("it is settled", func() error {
			if n := w.taken()["helsinki"][slot]; n != 1 {
				return fmt.Errorf("got %d taken", n)
			}
			return nil
		})
		for _, again := range []*router.Auditor{one, two} {
			if found := pass(w, again.Heal); len(found.Oversold) > 0 {
				t.Errorf("again: got %+v, want nothing", found)
			}
		}
		m.stop()
		a := w.audited(1) // the one that the test wrote
		a.wantEnd(t, second.Key(), ending{outcome: event.Dispatched, lane: "kallio/van", attempt: 2, decisions: 2, reasons: []string{router.Healed}})
		a.wantTold(t, second.Key(), "requested pyora", "withdrawn pyora", "requested kuorma")
		a.wantEnd(t, first.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
		if got := m.counted("audit_heals_total"); got != 1 {
			t.Errorf("got %v heals counted, want 1", got)
		}
	})
}

// copyDecision stores one order's decision and dispatch for another order too.
func (w *world) copyDecision(from, to *event.Order) {
	w.Helper()
	d := *w.lastOf(from.Key())
	d.OrderID, d.OrderSequence, d.OrderDigest = to.OrderID, w.last, event.Digest(to, []byte(digestKey))
	d.DecisionID, d.DispatchID = event.DecisionID(to.Key(), 0), event.DispatchID(to.Key(), "1", 1)
	d.Consignments = slices.Clone(d.Consignments)
	c := &d.Consignments[0]
	c.DispatchID = d.DispatchID
	decision, err := event.EncodeDecision(&d, now)
	if err != nil {
		w.Fatalf("encode: %v", err)
	}
	dispatch, err := event.EncodeDispatch(&event.Dispatch{DispatchID: d.DispatchID, OrderID: d.OrderID, Channel: d.Channel,
		ConsignmentID: "1", Attempt: 1, Status: event.Requested, Site: c.Site, CourierID: c.CourierID, Lane: c.Lane, Slot: c.Slot,
		Pickup: c.Pickup, Dropoff: c.Dropoff, Destination: &to.ShipTo, Packages: c.Packages, PromiseDate: c.PromiseDate}, now)
	if err != nil {
		w.Fatalf("encode: %v", err)
	}
	w.eventually("the decision is stored", func() error {
		_, err := w.journal.Commit(context.Background(), []event.Message{
			{Subject: event.DecisionSubject(to.Key()), Data: decision, Expect: &event.Expect{Subject: event.DecisionSubject(to.Key())}},
			{Subject: event.DispatchSubject(c.CourierID, c.Site.SiteID), Data: dispatch},
		})
		return err
	})
}

// V12: a limit that is lowered under promises made withdraws none of them.
func TestV12LoweredLimitHealsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(3)})
	w.start("router")
	w.route(orders(3, "promised")...)
	w.net = build(t, threeLanes(1))
	if found := pass(w, w.auditor("auditor", nil).Heal); len(found.Oversold) > 0 {
		t.Errorf("got %+v, want nothing", found)
	}
	w.check()
}

// An order and a cancellation that somebody acked, without a decision, are
// driven again; garbage that was refused is not.
func TestAnsweredWithoutADecision(t *testing.T) {
	onEveryServer(t, threeLanes(1), func(t *testing.T, w *world) {
		m := w.start("before")
		gone := order("gone")
		w.route(gone)
		w.send(garbage("garbage"))
		w.drained(durable)
		m.stop()
		lost := order("lost")
		w.publish(lost)
		w.send(cancelled(gone))
		w.ackAll()

		m = w.start("router")
		a := w.auditor("auditor", m, later(time.Hour))
		if got, want := pass(w, a.Redrive), (router.RedriveFindings{Checked: 3, Driven: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		w.eventually("both are decided", func() error {
			if d := w.decided(); d != 2 {
				return fmt.Errorf("%d orders are decided", d)
			}
			if d := w.lastOf(gone.Key()); d.Outcome != event.Cancelled {
				return fmt.Errorf("it is %s", d.Outcome)
			}
			return nil
		})
		if got := pass(w, a.Redrive); got.Driven != 0 {
			t.Errorf("again: got %+v, want none driven", got)
		}
		m.stop()
		w.check()
	})
}

// ackAll answers everything on ORDERS, and works on nothing.
func (w *world) ackAll() {
	w.Helper()
	ctx := context.Background()
	inbox, err := w.conn.Inbox(ctx, event.StreamOrders, durable)
	if err != nil {
		w.Fatalf("open inbox: %v", err)
	}
	for seq := uint64(0); seq < w.last; {
		in, err := inbox.Pull(ctx, 16, 50*time.Millisecond)
		if err != nil {
			w.Fatalf("pull: %v", err)
		}
		for _, d := range in {
			seq = max(seq, d.Sequence)
			if err := d.Receipt.Ack(); err != nil {
				w.Fatalf("ack: %v", err)
			}
		}
	}
	w.drained(durable)
	if err := inbox.Close(ctx); err != nil {
		w.Fatalf("close inbox: %v", err)
	}
}

// V8: Redis is wiped, decisions are settled into it without an epoch, and only
// then it is rebuilt. What was settled meanwhile is marked, and verified.
func TestV8SettledWithoutAnEpochIsVerified(t *testing.T) {
	onEveryServer(t, threeLanes(2), func(t *testing.T, w *world) {
		m := w.start("before")
		w.route(orders(3, "order")...)
		m.stop()
		w.cache.Wipe()
		a := w.auditor("auditor", nil)
		if got := pass(w, a.Compare); got.Drift != 3 {
			t.Errorf("got %+v, want a drift of 3", got)
		}
		m = w.start("after")
		w.eventually("it is rebuilt", m.isReady)
		if got, want := pass(w, a.Strays), (router.StrayFindings{Seen: 3, Verified: 3}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if got := pass(w, a.Strays); got.Seen != 0 {
			t.Errorf("again: got %+v, want none", got)
		}
		w.check()
	})
}

// An auditor dies at, or loses, any of its calls. The next one ends what it
// began, and the order is routed once.
func TestAuditorDiesAnywhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100), redis: redisProcess, ackWait: 300 * time.Millisecond})
	number := 0
	for _, e := range []effect{commit, settle} {
		for _, l := range []loss{callLost, replyLost, callLate} {
			t.Run(strings.Join([]string{string(e), string(l)}, ", "), func(t *testing.T) {
				w.TB = t
				number++
				bad := newMishap(commit, callLost, true)
				victim := w.start(fmt.Sprintf("victim-%d", number), bad.wrap)
				o := order(fmt.Sprintf("order-%d", number))
				w.publish(o)
				w.await("the router dies before it commits", bad.struck)
				victim.buried()

				worse := newMishap(e, l, true)
				if _, err := w.auditor("dying", nil, worse.wrap).Strays(context.Background()); err == nil {
					t.Error("got no error, want the one of the lost call")
				}
				found := pass(w, w.auditor("next", nil).Strays)
				if found.Seen > 1 || found.Voided+found.Verified != found.Seen {
					t.Errorf("got %+v, want at most the one stray, ended", found)
				}
				worse.arrive()
				if found := pass(w, w.auditor("last", nil).Strays); found.Voided > 0 {
					t.Errorf("got %+v, want nothing left to void", found)
				}
				heir := w.start(fmt.Sprintf("heir-%d", number))
				w.drained(durable)
				heir.stop()
				a := w.audited(0)
				a.wantChain(t, o.Key(), "void dispatched")
				a.wantTold(t, o.Key(), "requested pyora")
			})
		}
	}
}

// What `audit --repair` does while no router runs.
func TestRepairByHand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(2), redis: redisProcess, ackWait: 30 * time.Second})
	m := w.start("router")
	w.route(orders(3, "order")...)
	m.stop()
	text := w.network + "\nredis: {url: \"" + w.cache.URL() + "\"}\n"
	c, found := config.Load("nearlane.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return []byte(text), nil }})
	if c == nil {
		t.Fatalf("load config:\n%s", found.Format())
	}
	later := func() time.Time { return now.Add(time.Hour) }
	repair := func(context.Context) (*app.Repairs, error) {
		return app.Repair(context.Background(), c, w.conn, w.net, later, zap.NewNop())
	}
	if got := pass(w, repair); got.Drift != 0 || got.Compared != 3 {
		t.Errorf("got %+v, want 3 holds compared and no drift", got)
	}
	w.forget("helsinki")
	if got := pass(w, repair); got.Drift != 3 {
		t.Errorf("got %+v, want a drift of 3", got)
	}
	w.check()
	url := c.Redis.URL
	c.Redis.URL = config.NewSecret(startRedis(t, redisProcess, stoppedClock).URL())
	if got, err := repair(context.Background()); err == nil || !strings.Contains(err.Error(), "not counted in this Redis") {
		t.Errorf("with another Redis: got %+v, %v, want it refused", got, err)
	}
	c.Redis.URL = url
	if got := pass(w, repair); got.Drift != 0 {
		t.Errorf("got %+v, want nothing done by the other", got)
	}
	c.Redis.URL = config.Secret{}
	if _, err := repair(context.Background()); !errors.Is(err, app.ErrInProcess) {
		t.Errorf("got %v, want %v", err, app.ErrInProcess)
	}
}
