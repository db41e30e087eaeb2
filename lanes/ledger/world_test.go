package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
)

const (
	region  = "helsinki"
	order   = "webshop/W00001"
	grace   = 2 * time.Hour
	day     = 24 * time.Hour
	epochID = 17
)

// The tests' now is a Saturday in summer, far from the real one.
var start = time.Date(2026, 8, 1, 6, 0, 0, 0, time.UTC)

// world is one server, a ledger on it, and a client beside the ledger.
type world struct {
	testing.TB
	ctx      context.Context
	ledger   *ledger.Ledger
	raw      *redis.Client
	registry *prometheus.Registry
	process  *process              // redis-server, or nil
	embedded *embedded.RedisServer // in-process, or nil

	mu  sync.Mutex
	now time.Time
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// onBoth runs a test on redis-server and on the in-process server. Afterwards
// the counters must be what the holds say.
func onBoth(t *testing.T, test func(w *world)) {
	t.Helper()
	t.Parallel()
	for name, make := range map[string]func(testing.TB) *world{
		"redis-server": newProcessWorld, "in-process": newEmbeddedWorld,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := make(t)
			w.rebuild()
			test(w)
			w.checkCounters()
		})
	}
}

func newProcessWorld(t testing.TB) *world {
	w := &world{TB: t, ctx: context.Background(), now: start}
	w.process = startProcess(t, "--appendonly", "yes", "--appendfsync", "always")
	w.open(ledger.Options{URL: w.process.URL()})
	return w
}

func newClusterWorld(t testing.TB) *world {
	w := &world{TB: t, ctx: context.Background(), now: start}
	w.process = startProcess(t, "--cluster-enabled", "yes")
	w.connect(w.process.URL())
	w.process.cluster(w.raw)
	w.open(ledger.Options{URL: w.process.URL()})
	return w
}

func newEmbeddedWorld(t testing.TB) *world {
	w := &world{TB: t, ctx: context.Background(), now: start}
	s, err := embedded.Redis(embedded.RedisOptions{Clock: w.clock})
	if err != nil {
		t.Fatalf("start in-process server: %v", err)
	}
	t.Cleanup(s.Close)
	w.embedded = s
	w.open(ledger.Options{URL: s.URL(), History: s.History()})
	return w
}

func (w *world) url() string {
	if w.embedded != nil {
		return w.embedded.URL()
	}
	return w.process.URL()
}

func (w *world) open(opts ledger.Options) {
	w.Helper()
	if w.raw == nil && !strings.Contains(opts.URL, ",") {
		w.connect(opts.URL)
	}
	w.registry = prometheus.NewRegistry()
	opts.Now, opts.Grace, opts.Registerer = w.clock, grace, w.registry
	if w.process != nil || w.embedded != nil { // one server, that only a hang keeps from answering
		opts.ReplyWait = 5 * time.Minute
	}
	l, err := ledger.Open(w.ctx, opts)
	if err != nil {
		w.Fatalf("open: %v", err)
	}
	w.Cleanup(func() { l.Close() })
	w.ledger = l
}

func (w *world) connect(url string) {
	w.Helper()
	o, err := redis.ParseURL(url)
	if err != nil {
		w.Fatalf("parse %s: %v", url, err)
	}
	w.raw = redis.NewClient(o)
	w.Cleanup(func() { w.raw.Close() })
}

// rebuild gives the region an epoch as an auditor does on an empty journal.
func (w *world) rebuild() {
	w.Helper()
	w.rebuildRegion(region)
}

func (w *world) rebuildRegion(region string) {
	w.Helper()
	token := ledger.NewToken("router-1")
	if needed, err := w.ledger.Begin(w.ctx, region, token, 0); err != nil || !needed {
		w.Fatalf("begin: got %v, %v, want needed", needed, err)
	}
	if done, err := w.ledger.End(w.ctx, region, token, epochID); err != nil || !done {
		w.Fatalf("end: got %v, %v, want done", done, err)
	}
}

// passes lets time go by, and on the in-process server keys expire.
func (w *world) passes(d time.Duration) {
	w.mu.Lock()
	w.now = w.now.Add(d)
	w.mu.Unlock()
	if w.embedded != nil {
		w.embedded.Expire()
	}
}

func (w *world) reserve(a lanes.Ask) lanes.Answer {
	w.Helper()
	got := w.ledger.Reserve(w.ctx, []lanes.Ask{a})[0]
	if got.Err != nil {
		w.Fatalf("reserve %s: %v", a.Order, got.Err)
	}
	return got
}

func (w *world) granted(a lanes.Ask) lanes.Answer {
	w.Helper()
	got := w.reserve(a)
	if got.Status != lanes.Granted {
		w.Fatalf("reserve %s: got status %d, want Granted", a.Order, got.Status)
	}
	return got
}

func (w *world) settle(s lanes.Settlement) {
	w.Helper()
	if err := w.ledger.Settle(w.ctx, []lanes.Settlement{s})[0]; err != nil {
		w.Fatalf("settle %s at %d: %v", s.Order, s.Seq, err)
	}
}

func (w *world) hold(order string) ledger.Hold {
	w.Helper()
	holds, err := w.ledger.Holds(w.ctx, region)
	if err != nil {
		w.Fatalf("holds: %v", err)
	}
	return holds[order]
}

// wantSlots compares all counters; those at nothing do not matter.
func (w *world) wantSlots(want map[string]int64) {
	w.Helper()
	w.wantSlotsOf(region, want)
}

func (w *world) wantSlotsOf(region string, want map[string]int64) {
	w.Helper()
	got, err := w.ledger.Slots(w.ctx, region)
	if err != nil {
		w.Fatalf("slots: %v", err)
	}
	for slot, n := range got {
		if n == 0 {
			delete(got, slot)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("counters (-want +got):\n%s", diff)
	}
}

// checkCounters is the invariant of every script.
func (w *world) checkCounters() {
	w.Helper()
	w.checkRegion(region)
}

func (w *world) checkRegion(region string) {
	w.Helper()
	holds, err := w.ledger.Holds(w.ctx, region)
	if err != nil {
		w.Fatalf("holds: %v", err)
	}
	want := map[string]int64{}
	count := func(claims []lanes.Claim) {
		for _, c := range claims {
			want[c.Slot] += c.Units
		}
	}
	for _, h := range holds {
		if h.Live != nil {
			count(h.Live.Claims)
		}
		if h.Open != nil {
			count(h.Open.Claims)
			if !h.Listed {
				w.Errorf("order %s: has an open part and is not listed", h.Order)
			}
		}
	}
	w.wantSlotsOf(region, want)
}

func (w *world) ttl(key string) time.Duration {
	w.Helper()
	d, err := w.raw.PTTL(w.ctx, "nl:{"+region+"}:"+key).Result()
	if err != nil {
		w.Fatalf("ttl of %s: %v", key, err)
	}
	return d
}

// wantTTL allows for the time that the test itself takes.
func (w *world) wantTTL(key string, want time.Duration) {
	w.Helper()
	if got := w.ttl(key); got > want || got < want-time.Minute {
		w.Errorf("expiry of %s: got %v, want %v", key, got, want)
	}
}

func (w *world) metric(name, reason string) float64 {
	w.Helper()
	families, err := w.registry.Gather()
	if err != nil {
		w.Fatalf("gather: %v", err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == name && (reason == "" || m.GetLabel()[0].GetValue() == reason) {
				return m.GetCounter().GetValue()
			}
		}
	}
	w.Fatalf("no metric %s %s", name, reason)
	return 0
}

// block is a claim on a bike block of the coming Tuesday.
func block(name string, units, limit int64) lanes.Claim {
	return claim("lane/kallio/bike:2026-08-04T"+name+":parcels", units, limit, start.Add(3*day))
}

func claim(slot string, units, limit int64, ends time.Time) lanes.Claim {
	return lanes.Claim{Slot: slot, Units: units, Limit: limit, Ends: ends}
}

func offer(body string, claims ...lanes.Claim) lanes.Offer {
	return lanes.Offer{Body: []byte(body), Claims: claims}
}

func ask(order string, basis uint64, options ...lanes.Offer) lanes.Ask {
	return lanes.Ask{Region: region, Order: order, Basis: basis, Options: options}
}

func decision(order string, seq uint64, epoch string, claims ...lanes.Claim) lanes.Settlement {
	return lanes.Settlement{Region: region, Order: order, Seq: seq, Epoch: epoch, Claims: claims}
}

func (w *world) wantStatus(got lanes.Answer, want lanes.Status) {
	w.Helper()
	if got.Err != nil || got.Status != want {
		w.Errorf("got status %d (%v), want %d", got.Status, got.Err, want)
	}
}

func orderName(i int) string { return fmt.Sprintf("webshop/W%05d", i) }

func wantError(t testing.TB, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("got error %v, want %v", got, want)
	}
}
