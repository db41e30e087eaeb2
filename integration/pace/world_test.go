package pace

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

const (
	durable  = "router"
	patience = 2 * time.Minute
	grace    = 24 * time.Hour
)

// world is fresh servers for one turn.
type world struct {
	testing.TB
	mode
	mix   mix
	net   *router.Network
	dir   string
	ports []string // of the nodes
	hosts []string // of the nodes among themselves; none: a single node
	nodes []*process
	redis *process // nil: in this process

	bare bool // whoever routes makes the streams

	accounts []string // of NATS, each of them a partition; none: there is one for all
	account  string   // this world's

	redisURL, history string
	conn              *stream.Conn
	js                jetstream.JetStream
}

func newWorld(t testing.TB, m mode) *world {
	t.Helper()
	w := worldOf(t, m)
	w.begin()
	return w
}

// worldOf is a world whose servers do not run yet.
func worldOf(t testing.TB, m mode) *world {
	t.Helper()
	w := &world{TB: t, mode: m, mix: mixes[m.mix], dir: t.TempDir()}
	w.routers, w.mode.nodes = max(m.routers, 1), max(m.nodes, 1)
	w.net = build(t, w.mix.network())
	w.ports = freeAddrs(t, w.mode.nodes)
	if w.mode.nodes > 1 {
		w.hosts = freeAddrs(t, w.mode.nodes)
	}
	return w
}

func (w *world) begin() {
	w.Helper()
	w.startRedis()
	w.startNodes(false)
	w.connect()
}

// close ends the servers, so that the next turn has the machine to itself.
func (w *world) close() {
	_ = w.conn.Close(context.Background())
	w.js.Conn().Close()
	for _, n := range w.nodes {
		n.stop()
	}
	if w.redis != nil {
		w.redis.stop()
	}
}

func (w *world) startNodes(fsync bool) {
	w.Helper()
	w.nodes = nil
	for i, at := range w.ports {
		_, text, _ := net.SplitHostPort(at)
		port, _ := strconv.Atoi(text)
		name := fmt.Sprintf("n%d", i)
		w.nodes = append(w.nodes, child(w, part{Node: name, Dir: filepath.Join(w.dir, name), Port: port, Fsync: fsync, Routes: w.hosts, Index: i, Accounts: w.accounts}))
	}
}

// sync starts the nodes again, with an fsync before every acknowledgement if
// that is what is measured: orders are loaded without, because one by one they
// would take longer than the turn.
func (w *world) sync() {
	w.Helper()
	if !w.fsync {
		return
	}
	_ = w.conn.Close(context.Background())
	w.js.Conn().Close()
	for _, n := range w.nodes {
		n.stop()
	}
	w.startNodes(true)
	w.connect()
}

func (w *world) startRedis() {
	w.Helper()
	if w.inProcess {
		s, err := embedded.Redis(embedded.RedisOptions{Clock: stoppedClock})
		if err != nil {
			w.Fatalf("start in-process redis: %v", err)
		}
		w.Cleanup(s.Close)
		w.redisURL, w.history = s.URL(), s.History()
		return
	}
	at := freeAddrs(w, 1)[0]
	_, port, _ := net.SplitHostPort(at)
	w.redis = started(w, exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", w.dir,
		"--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"))
	w.redisURL = "redis://" + at
}

// connect opens the test's own connections and makes the streams.
func (w *world) connect() {
	w.Helper()
	eventually(w, "streams exist", func(ctx context.Context) (err error) {
		if w.conn, err = stream.Connect(ctx, stream.Options{URL: w.natsURL(), Name: "test"}); err != nil {
			return err
		}
		if w.bare {
			return nil
		}
		if err = w.conn.Ensure(ctx, stream.Settings{Replicas: w.mode.nodes}); err != nil {
			_ = w.conn.Close(ctx)
		}
		return err
	})
	nc, err := nats.Connect(w.natsURL())
	if err != nil {
		w.Fatalf("connect: %v", err)
	}
	if w.js, err = jetstream.New(nc); err != nil {
		w.Fatalf("open jetstream: %v", err)
	}
}

func (w *world) natsURL() string {
	urls := make([]string, len(w.ports))
	for i, at := range w.ports {
		u := url.URL{Scheme: "nats", Host: at}
		if w.account != "" {
			u.User = url.UserPassword(w.account, w.account)
		}
		urls[i] = u.String()
	}
	return strings.Join(urls, ",")
}

func (w *world) dial(name string) *stream.Conn {
	w.Helper()
	c, err := stream.Connect(context.Background(), stream.Options{URL: w.natsURL(), Name: name})
	if err != nil {
		w.Fatalf("connect %s: %v", name, err)
	}
	return c
}

func (w *world) openLedger() (l *ledger.Ledger) {
	w.Helper()
	eventually(w, "redis answers", func(ctx context.Context) (err error) {
		l, err = ledger.Open(ctx, ledger.Options{URL: w.redisURL, History: w.history, Now: stoppedClock, Grace: grace})
		return err
	})
	return l
}

// load stores the first n messages of the mix on ORDERS.
func (w *world) load(n int) {
	w.Helper()
	w.send(n, func(i int) stream.Outgoing { _, m := w.mix.outgoing(i); return m })
}

// send stores n messages.
func (w *world) send(n int, message func(i int) stream.Outgoing) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	p := w.conn.Publisher(func(m stream.Outgoing, o stream.Outcome) {
		if o.Err != nil {
			w.Errorf("publish %.80s: %v", m.Data, o.Err)
		}
	})
	for i := range n {
		if err := p.Send(ctx, message(i)); err != nil {
			w.Fatal(err)
		}
	}
	if err := p.Flush(ctx); err != nil {
		w.Fatal(err)
	}
}

// journalled is how many messages the journal holds.
func (w *world) journalled() uint64 { return w.state(event.StreamDispatch).Msgs }

// last is the sequence of a stream's last message.
func (w *world) last(name string) uint64 { return w.state(name).LastSeq }

func (w *world) state(name string) jetstream.StreamState {
	w.Helper()
	s, err := w.js.Stream(context.Background(), name)
	if err != nil {
		w.Fatalf("open %s: %v", name, err)
	}
	return s.CachedInfo().State
}

// busy is the processor time of NATS and of Redis.
func (w *world) busy() (inNATS, inRedis time.Duration) {
	for _, n := range w.nodes {
		inNATS += n.busy()
	}
	if w.redis != nil {
		inRedis = w.redis.busy()
	}
	return inNATS, inRedis
}

// freeAddrs picks n free ports, all held at once so that they differ.
func freeAddrs(t testing.TB, n int) []string {
	t.Helper()
	addrs := make([]string, n)
	for i := range addrs {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatalf("pick a port: %v", err)
		}
		defer l.Close()
		addrs[i] = l.Addr().String()
	}
	return addrs
}

// eventually asks until the answer is nil, the more often the less time has
// passed: how long it takes may be what is measured.
func eventually(t testing.TB, what string, ask func(context.Context) error) {
	t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for start := time.Now(); ; {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		err := ask(ctx)
		cancel()
		if err == nil {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("waiting until %s: %v", what, err)
		case <-time.After(min(max(time.Since(start)/20, time.Millisecond/2), 20*time.Millisecond)):
		}
	}
}

// median sorts its argument.
func median[T cmp.Ordered](of []T) T { return quantile(of, 0.5) }
