package integration

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// inAnHour is the clock of an auditor that finds everything old.
var inAnHour = at(now.Add(time.Hour))

// auditor is one whose passes the test makes. What it hands out goes to a
// router that runs, if there is one.
func (w *world) auditor(name string, to *member, wraps ...wrap) *router.Auditor {
	w.Helper()
	own := w.prepare(name, "unused", append([]wrap{inAnHour}, wraps...)...)
	o := router.AuditorOptions{Holds: w.ledger, Backlog: w.conn.Backlog(event.StreamOrders, durable), Registerer: own.registry,
		Hand: func(context.Context, []event.Delivery) error { return errors.New("no router is here") }}
	if to != nil {
		o.Hand = to.inbox.Hand
	}
	return router.NewAuditor(own.Router, o)
}

// follower runs an auditor that follows the journal.
func (w *world) follower(name string) *prometheus.Registry {
	w.Helper()
	own := w.prepare(name, "unused")
	a, journal := app.NewAuditor(own.Router, own.conn, w.openLedger(), own.inbox, false, own.registry)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 2)
	go func() { done <- a.Run(ctx) }()
	go func() { done <- journal.Run(ctx) }()
	w.Cleanup(func() {
		cancel()
		if err := errors.Join(<-done, <-done); err != nil {
			w.Errorf("auditor %s: %v", name, err)
		}
	})
	return own.registry
}

// pass makes one pass of a rule, which must not fail.
func pass[F any](w *world, rule func(context.Context) (F, error)) F {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	found, err := rule(ctx)
	if err != nil {
		w.Fatalf("audit: %v", err)
	}
	return found
}

// audited is check for scenarios with auditors: a chain of decisions may have
// voids and renewals in it, and breaches that the test itself wrote.
func (w *world) audited(breaches int) *account {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	a := w.refold(ctx)
	if got := a.Breached(); got != breaches {
		w.Errorf("got %d broken invariants, want %d: %q", got, breaches, a.Breaches)
	}
	for _, region := range w.regions() {
		w.checkRegion(ctx, region, a)
	}
	if len(a.strays) > 0 {
		w.Errorf("got open parts of %v, want none", a.strays)
	}
	return a
}

// raw is a client beside the ledger.
func (w *world) raw() *redis.Client {
	w.Helper()
	u, err := url.Parse(w.cache.URL())
	if err != nil {
		w.Fatalf("parse URL: %v", err)
	}
	c := redis.NewClient(&redis.Options{Addr: u.Host, Protocol: 2})
	w.Cleanup(func() { c.Close() })
	return c
}

// forget takes holds and counters away, epochs stay: a tail that was lost and
// that nobody noticed.
func (w *world) forget(regions ...string) {
	w.Helper()
	ctx, c := context.Background(), w.raw()
	for _, region := range regions {
		keys, err := c.Keys(ctx, "nl:{"+region+"}:*").Result()
		if err != nil {
			w.Fatalf("list keys: %v", err)
		}
		for _, k := range keys {
			if !strings.HasSuffix(k, ":epoch") {
				c.Del(ctx, k)
			}
		}
	}
}

// outcomes is the chain of an order's decisions.
func (a *account) outcomes(key event.Key) string {
	var list []string
	for _, rec := range a.decisions[key] {
		list = append(list, string(rec.Decision.Outcome))
	}
	return strings.Join(list, " ")
}

func (a *account) wantChain(t testing.TB, key event.Key, want string) {
	t.Helper()
	if got := a.outcomes(key); got != want {
		t.Errorf("order %s: got decisions %q, want %q", key, got, want)
	}
}

// onEveryServer runs a test on one NATS node with redis-server, and on three
// with the in-process Redis.
func onEveryServer(t *testing.T, network string, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	for name, s := range map[string]setting{
		"1 nats, redis-server": {replicas: 1, redis: redisProcess},
		"3 nats, in-process":   {replicas: 3, redis: redisEmbedded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s.network, s.ackWait = network, time.Second
			test(t, newWorld(t, s))
		})
	}
}
