package faults

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/integration/smalldisk"
	"github.com/nearlane/nearlane/lanes/ledger"
)

// The routers' clock starts on a Tuesday in summer at 09:00 in Helsinki, and
// goes on where it was when a router is started again.
var morning = time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)

const grace = 24 * time.Hour

// world is one deployment of real processes. The test's own connections go
// past the links, so that it knows what the servers say.
type world struct {
	testing.TB
	setting
	dir      string
	ahead    time.Duration
	nodes    []*process
	disks    []*smalldisk.Disk // of the nodes
	nodeAt   []string          // host:port
	nodeDirs []string
	redis    *process
	redisAt  string
	routers  []*process
	metrics  []string   // the routers' addresses for HTTP
	editing  sync.Mutex // of config files
	toNATS   [][]*link  // by router, by node
	toRedis  []*link    // by router

	conn   *stream.Conn
	js     jetstream.JetStream
	ledger *ledger.Ledger
}

func newWorld(t testing.TB, s setting) *world {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed: `make test` says what the tests need")
	}
	w := &world{TB: t, setting: s, dir: t.TempDir(), ahead: time.Until(morning)}
	w.startNodes()
	w.startRedis()
	w.connect()
	for i := range routers {
		w.addRouter(i)
	}
	for _, r := range w.routers {
		r.start()
	}
	return w
}

func (w *world) startNodes() {
	w.Helper()
	var routes []string
	if w.setting.nodes > 1 {
		routes = w.freeAddrs(w.setting.nodes)
	}
	w.nodeAt = w.freeAddrs(w.setting.nodes)
	for i, at := range w.nodeAt {
		name := fmt.Sprintf("n%d", i)
		_, text, _ := net.SplitHostPort(at)
		port, _ := strconv.Atoi(text)
		dir := filepath.Join(w.disk(), name)
		p := child(w, name, w.dir, part{Node: name, Dir: dir, Port: port, Routes: routes, Index: i})
		w.nodeDirs = append(w.nodeDirs, dir)
		w.nodes = append(w.nodes, p)
		p.start()
	}
}

func (w *world) startRedis() {
	w.Helper()
	w.redisAt = w.freeAddrs(1)[0]
	_, port, _ := net.SplitHostPort(w.redisAt)
	dir, aof := filepath.Join(w.dir, "redis"), "no"
	if w.appendOnly {
		aof = "yes"
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		w.Fatal(err)
	}
	w.redis = newProcess(w, "redis", w.dir, func() *exec.Cmd {
		return exec.Command("redis-server", "--port", port, "--bind", "127.0.0.1", "--dir", dir, "--save", "",
			"--appendonly", aof, "--appendfsync", "everysec", "--maxmemory-policy", "noeviction")
	})
	w.redis.start()
}

// connect opens the test's own connections and makes the streams.
func (w *world) connect() {
	w.Helper()
	w.conn = w.dial("test")
	ctx := context.Background()
	err := eventually(patience, retryEvery, func() error {
		ctx, cancel := context.WithTimeout(ctx, asked)
		defer cancel()
		return w.conn.Ensure(ctx, stream.Settings{Replicas: w.setting.nodes})
	})
	if err != nil {
		w.Fatalf("make streams: %v\n%s", err, w.nodes[0].tail())
	}
	nc, err := nats.Connect(w.natsURL(), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	if err != nil {
		w.Fatalf("connect: %v", err)
	}
	w.Cleanup(nc.Close)
	if w.js, err = jetstream.New(nc); err != nil {
		w.Fatalf("open jetstream: %v", err)
	}
	err = eventually(patience, retryEvery, func() (err error) {
		w.ledger, err = ledger.Open(ctx, ledger.Options{URL: "redis://" + w.redisAt, Now: w.now, Grace: grace})
		return err
	})
	if err != nil {
		w.Fatalf("open ledger: %v", err)
	}
	w.Cleanup(func() { w.ledger.Close() })
}

func (w *world) now() time.Time { return time.Now().Add(w.ahead) }

func (w *world) natsURL() string {
	urls := make([]string, len(w.nodeAt))
	for i, at := range w.nodeAt {
		urls[i] = "nats://" + at
	}
	return strings.Join(urls, ",")
}

// dial connects past the links.
func (w *world) dial(name string) *stream.Conn {
	w.Helper()
	var c *stream.Conn
	err := eventually(patience, retryEvery, func() (err error) {
		ctx, cancel := context.WithTimeout(context.Background(), asked)
		defer cancel()
		c, err = stream.Connect(ctx, stream.Options{URL: w.natsURL(), Name: name, AckWait: ackWait})
		return err
	})
	if err != nil {
		w.Fatalf("connect %s: %v", name, err)
	}
	w.Cleanup(func() {
		ended, cancel := context.WithCancel(context.Background())
		cancel()
		_ = c.Close(ended)
	})
	return c
}

// addRouter prepares a router that reaches every server through a link of its
// own.
func (w *world) addRouter(i int) {
	w.Helper()
	var urls []string
	var links []*link
	for _, at := range w.nodeAt {
		l := newLink(w, at)
		links, urls = append(links, l), append(urls, "nats://"+l.addr())
	}
	redis := newLink(w, w.redisAt)
	name, http := fmt.Sprintf("r%d", i), w.freeAddrs(1)[0]
	path := w.configOf(i)
	text := network + serversBelow + fmt.Sprintf(`
nats: {url: %q, replicas: %d}
redis: {url: "redis://%s/0"}
secrets: {orderDigest: 0123456789abcdef0123456789abcdef}
dataDir: %s
http: {listen: %q}
`, strings.Join(urls, ","), w.setting.nodes, redis.addr(), filepath.Join(w.dir, name), http)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatalf("write config: %v", err)
	}
	w.toNATS, w.toRedis = append(w.toNATS, links), append(w.toRedis, redis)
	w.metrics = append(w.metrics, http)
	w.routers = append(w.routers, child(w, name, w.dir, part{Router: name, Config: path, Ahead: w.ahead}))
}

func (w *world) configOf(router int) string {
	return filepath.Join(w.dir, fmt.Sprintf("r%d.yaml", router))
}

// edit changes the config file of a router. Faults overlap: none undoes what
// another has changed.
func (w *world) edit(router int, change func(text string) string) {
	w.editing.Lock()
	defer w.editing.Unlock()
	text, err := os.ReadFile(w.configOf(router))
	if err == nil {
		err = os.WriteFile(w.configOf(router), []byte(change(string(text))), 0o600)
	}
	if err != nil {
		w.Errorf("change the config of router %d: %v", router, err)
	}
}

// restartOn starts a router anew with another database of Redis in its config.
func (w *world) restartOn(router, database int) {
	url := "redis://" + w.toRedis[router].addr() + "/"
	w.routers[router].kill()
	w.edit(router, func(text string) string {
		return strings.Replace(text, fmt.Sprint(url, 1-database), fmt.Sprint(url, database), 1)
	})
	w.routers[router].start()
}

// freeAddrs picks n free ports, all held at once so that they differ.
func (w *world) freeAddrs(n int) []string {
	w.Helper()
	addrs := make([]string, n)
	for i := range addrs {
		in, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			w.Fatalf("pick a port: %v", err)
		}
		defer in.Close()
		addrs[i] = in.Addr().String()
	}
	return addrs
}

// wipe is FLUSHALL, behind everybody's back. A Redis that is down has nothing
// to wipe, one that is frozen does it when it thaws.
func (w *world) wipe() {
	c, err := net.DialTimeout("tcp", w.redisAt, asked)
	if err != nil {
		return
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(asked))
	fmt.Fprint(c, "FLUSHALL\r\n")
	_, _ = bufio.NewReader(c).ReadString('\n')
}

// deleteDurable takes the routers' place in ORDERS away: they begin again with
// the first message.
func (w *world) deleteDurable() {
	ctx, cancel := context.WithTimeout(context.Background(), asked)
	defer cancel()
	_ = w.js.DeleteConsumer(ctx, event.StreamOrders, app.Durable) // the stream may have no leader now
}

// roomy is a limit for the journal that no round reaches.
const roomy = 1 << 30

// fillJournal lets the journal take nothing more, emptyJournal lets it again.
// Without a leader neither does anything: healing sets the limit for certain.
// It is filled up, because a limit that is set below what is there would cut a
// batch in two that a single node (2.15.2) is storing.
func (w *world) fillJournal() {
	ctx, cancel := context.WithTimeout(context.Background(), asked)
	defer cancel()
	s, err := w.js.Stream(ctx, event.StreamDispatch)
	if err != nil || w.limitJournal(int64(s.CachedInfo().State.Bytes)+moreThanABatch) != nil {
		return
	}
	for size := moreThanABatch / 8; size > 64; size /= 2 {
		for err = nil; err == nil; {
			_, err = w.js.Publish(ctx, nobodysFence, make([]byte, size))
		}
	}
}

const (
	moreThanABatch = 4 << 20      // bytes
	nobodysFence   = "fence.v1.%" // no router has such a name
)

func (w *world) emptyJournal() { _ = w.limitJournal(roomy) }

func (w *world) limitJournal(bytes int64) error {
	ctx, cancel := context.WithTimeout(context.Background(), asked)
	defer cancel()
	s, err := w.js.Stream(ctx, event.StreamDispatch)
	if err != nil {
		return err
	}
	limited := s.CachedInfo().Config
	limited.MaxBytes = bytes
	_, err = w.js.UpdateStream(ctx, limited)
	return err
}
