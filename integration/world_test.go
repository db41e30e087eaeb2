// Package integration is the whole thing through its doors: orders published
// on NATS, decisions and dispatches read back from it. The servers are real,
// and the only thing that is not is a mishap, which loses a call or its reply.
// After every scenario the journal is refolded, and Redis, ORDERS and REJECTED
// are held against it (see check). The law of who may import whom is a test
// here as well.
package integration

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// The tests' now is a Tuesday in summer at 09:00 in Helsinki, and stands still:
// what an order can get does not depend on how long a test takes.
var now = time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)

func stoppedClock() time.Time { return now }

const (
	durable    = "router"
	redisGrace = 24 * time.Hour
	digestKey  = "0123456789abcdef0123456789abcdef"
	patience   = 5 * time.Minute // that only a hang outlasts, however busy the machine
	never      = time.Hour       // an AckWait that nobody gets by with
	onceAsked  = 5 * time.Second // a question that finds no leader is never answered, and is asked again
)

// setting is what a world is made of. The zero value is one NATS server, the
// in-process Redis, and an AckWait that no test reaches.
type setting struct {
	replicas int
	redis    redisKind
	ackWait  time.Duration
	network  string // YAML; see yaml
}

// world is one deployment: servers, a network, and the test's own connections
// to look at what the routers made of it.
type world struct {
	testing.TB
	setting
	nats    journalServer
	cache   capacityServer
	net     *router.Network
	conn    *stream.Conn
	journal *stream.Journal
	ledger  *ledger.Ledger
	js      jetstream.JetStream
	waker   *following // if one was started

	mu       sync.Mutex
	last     uint64 // on ORDERS, of all that was published
	reported uint64 // on COURIER, likewise

	reproduced int // decisions that checks have made anew
}

func newWorld(t testing.TB, s setting) *world {
	t.Helper()
	s.replicas = max(s.replicas, 1)
	if s.redis == "" {
		s.redis = redisEmbedded
	}
	if s.ackWait == 0 {
		s.ackWait = never
	}
	w := &world{TB: t, setting: s, nats: startNATS(t, s.replicas), cache: startRedis(t, s.redis, stoppedClock)}
	w.net = build(t, s.network)
	w.look()
	return w
}

// look opens the test's own connections, and makes the streams.
func (w *world) look() {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	w.conn = w.connect("test")
	w.ensure(ctx)
	var err error
	if w.journal, err = w.conn.Journal(ctx); err != nil {
		w.Fatalf("open journal: %v", err)
	}
	if w.ledger == nil {
		w.ledger = w.openLedger()
	}
	nc, err := nats.Connect(w.nats.URL(), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	if err != nil {
		w.Fatalf("connect: %v", err)
	}
	w.Cleanup(nc.Close)
	if w.js, err = jetstream.New(nc); err != nil {
		w.Fatalf("open jetstream: %v", err)
	}
}

// ensure makes the streams. A cluster that has just formed may need a moment
// before it places replicas.
func (w *world) ensure(ctx context.Context) {
	w.Helper()
	w.eventually("streams exist", func() error { return w.conn.Ensure(ctx, stream.Settings{Replicas: w.replicas}) })
}

func (w *world) connect(name string) *stream.Conn {
	w.Helper()
	c, err := stream.Connect(context.Background(), stream.Options{URL: w.nats.URL(), Name: name, AckWait: w.ackWait})
	if err != nil {
		w.Fatalf("connect: %v", err)
	}
	w.Cleanup(func() { closeNow(c) })
	return c
}

// closeNow closes a connection without sending what is still buffered.
func closeNow(c *stream.Conn) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_ = c.Close(ended)
}

func (w *world) openLedger() *ledger.Ledger {
	w.Helper()
	l, err := ledger.Open(context.Background(), ledger.Options{
		URL: w.cache.URL(), History: w.cache.History(), Now: stoppedClock, Grace: redisGrace,
	})
	if err != nil {
		w.Fatalf("open ledger: %v", err)
	}
	w.Cleanup(func() { l.Close() })
	return l
}

// build compiles the network of a YAML text.
func build(t testing.TB, text string) *router.Network {
	t.Helper()
	c, found := config.Load("nearlane.yaml", config.Options{ReadFile: func(path string) ([]byte, error) {
		if path == "FI.tsv" {
			return []byte(gazetteer), nil
		}
		return []byte(text), nil
	}})
	if c == nil {
		t.Fatalf("load network:\n%s", found.Format())
	}
	n, err := router.Build(c)
	if err != nil {
		t.Fatalf("build network: %v", err)
	}
	return n
}

// eventually asks until the answer is nil, and fails the test if it takes
// longer than anything here may take.
func (w *world) eventually(what string, ask func() error) {
	w.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		err := ask()
		if err == nil {
			return
		}
		select {
		case <-deadline.C:
			w.Fatalf("waiting until %s: %v", what, err)
		case <-ticker.C:
		}
	}
}

// await waits for a signal.
func (w *world) await(what string, signal <-chan struct{}) {
	w.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	select {
	case <-signal:
	case <-deadline.C:
		w.Fatalf("waiting until %s: not within %v", what, patience)
	}
}

// regions of the network and of nothing else.
func (w *world) regions() []string { return w.net.Regions() }

// yaml is a network of the given sections, each a part of the file at the top
// level; the regions are the same everywhere.
func yaml(sections ...string) string {
	return strings.Join(slices.Concat([]string{`
network: helsinki
currency: EUR
regions:
  helsinki: {timezone: Europe/Helsinki}
  espoo: {timezone: Europe/Helsinki}
`}, sections), "\n")
}

// key is an order of the channel that all tests use.
func key(order string) event.Key { return event.Key{Channel: channel, Order: order} }
