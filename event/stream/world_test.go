package stream_test

import (
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

const (
	patience = 5 * time.Minute // that only a hang outlasts, however busy the machine
	never    = time.Hour       // an AckWait that nobody gets by with
)

// The servers that tests share: one alone, and a cluster of three. Tests keep
// apart by using their own channels; those that stop servers or look at whole
// streams start servers of their own.
var shared struct {
	single  *embedded.NATSServer
	cluster *embedded.NATSCluster
}

func TestMain(m *testing.M) {
	os.Exit(runAll(m))
}

func runAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "stream")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	if shared.single, err = embedded.NATS(embedded.NATSOptions{Dir: dir + "/single"}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer shared.single.Shutdown()
	if shared.cluster, err = embedded.Cluster(dir+"/cluster", 3); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer shared.cluster.Shutdown()
	return m.Run()
}

// onBoth runs a test on one replica and on three.
func onBoth(t *testing.T, test func(*testing.T, *stream.Conn)) {
	t.Helper()
	t.Parallel()
	for replicas, url := range map[int]string{1: shared.single.URL(), 3: shared.cluster.URL()} {
		t.Run(fmt.Sprintf("R%d", replicas), func(t *testing.T) {
			t.Parallel()
			test(t, open(t, url, stream.Settings{Replicas: replicas}))
		})
	}
}

// alone starts a server for one test and makes the streams.
func alone(tb testing.TB, s stream.Settings) (*stream.Conn, *embedded.NATSServer) {
	tb.Helper()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: tb.TempDir()})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(srv.Shutdown)
	return open(tb, srv.URL(), s), srv
}

func open(tb testing.TB, url string, s stream.Settings) *stream.Conn {
	tb.Helper()
	return openAs(tb, stream.Options{URL: url, AckWait: never, CommitWait: patience}, s)
}

func openAs(tb testing.TB, o stream.Options, s stream.Settings) *stream.Conn {
	tb.Helper()
	c := connect(tb, o)
	if err := c.Ensure(tb.Context(), s); err != nil {
		tb.Fatal(err)
	}
	return c
}

func connect(tb testing.TB, o stream.Options) *stream.Conn {
	tb.Helper()
	o.Name = tb.Name()
	c, err := stream.Connect(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close(tb.Context()) })
	return c
}

func journal(tb testing.TB, c *stream.Conn) *stream.Journal {
	tb.Helper()
	j, err := c.Journal(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return j
}

// admin is a client beside the package, for what people do with its streams.
func admin(tb testing.TB, url string) jetstream.JetStream {
	tb.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		tb.Fatal(err)
	}
	return js
}

var (
	channels sync.Map // of testing.TB: its channel
	numbered atomic.Int64
)

// channel is one that no other test uses, nor an earlier run of the same.
func channel(tb testing.TB) string {
	name, ok := channels.Load(tb)
	if !ok {
		name, _ = channels.LoadOrStore(tb, fmt.Sprint(tb.Name(), " ", numbered.Add(1)))
	}
	return name.(string)
}

// key is an order of the test's own channel.
func key(tb testing.TB, order string) event.Key {
	return event.Key{Channel: channel(tb), Order: order}
}

// decision is the message that decides k on basis.
func decision(tb testing.TB, k event.Key, basis uint64) event.Message {
	tb.Helper()
	d := &event.Decision{DecisionID: "d", Outcome: event.Unroutable, Channel: k.Channel, OrderID: k.Order, Basis: basis}
	data, err := event.EncodeDecision(d, time.Unix(1785000000, 0))
	if err != nil {
		tb.Fatal(err)
	}
	subject := event.DecisionSubject(k)
	return event.Message{Subject: subject, Data: data, Expect: &event.Expect{Subject: subject, Sequence: basis}}
}

// dispatch is a message that needs no compare-and-set of its own.
func dispatch(site string) event.Message {
	return event.Message{Subject: event.DispatchSubject("pyora", site), Data: []byte("{}")}
}

func commit(tb testing.TB, j *stream.Journal, batch ...event.Message) []uint64 {
	tb.Helper()
	seqs, err := j.Commit(tb.Context(), batch)
	if err != nil {
		tb.Fatal(err)
	}
	return seqs
}

func last(tb testing.TB, j *stream.Journal, k event.Key) uint64 {
	tb.Helper()
	r, err := j.Last(tb.Context(), k)
	if err != nil {
		tb.Fatal(err)
	}
	return r.Sequence
}
