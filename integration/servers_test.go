package integration

import (
	"net"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/lanes/ledger/redistest"
)

// journalServer is NATS: one server or a cluster of three.
type journalServer interface {
	URL() string
	Shutdown()
}

func startNATS(t testing.TB, replicas int) journalServer {
	t.Helper()
	if replicas == 1 {
		s := &natsServer{t: t, dir: t.TempDir()}
		s.start()
		t.Cleanup(func() { s.Shutdown() })
		return s
	}
	s, err := embedded.Cluster(t.TempDir(), replicas)
	if err != nil {
		t.Fatalf("start nats: %v", err)
	}
	t.Cleanup(s.Shutdown)
	return s
}

// natsServer is one NATS server that keeps its port and folder from one start
// to the next.
type natsServer struct {
	*embedded.NATSServer
	t    testing.TB
	dir  string
	port int
}

func (s *natsServer) start() {
	s.t.Helper()
	var err error
	if s.NATSServer, err = embedded.NATS(embedded.NATSOptions{Dir: s.dir, Port: s.port}); err != nil {
		s.t.Fatalf("start nats: %v", err)
	}
	u, err := url.Parse(s.URL())
	if err != nil {
		s.t.Fatalf("read the URL of nats: %v", err)
	}
	if s.port, err = strconv.Atoi(u.Port()); err != nil {
		s.t.Fatalf("read the port of nats: %v", err)
	}
}

// capacityServer is Redis: a process, a cluster of them, or the one in this
// process.
type capacityServer interface {
	URL() string
	History() string // to tell the ledger; empty where the server tells itself
	Wipe()           // FLUSHALL
}

type redisKind string

const (
	redisProcess  redisKind = "redis-server"
	redisEmbedded redisKind = "in-process"
	redisSix      redisKind = "redis cluster"
)

func startRedis(t testing.TB, kind redisKind, clock func() time.Time) capacityServer {
	t.Helper()
	switch kind {
	case redisProcess:
		return &redisServer{redistest.Start(t), t}
	case redisSix:
		return &redisCluster{redistest.StartCluster(t)}
	}
	s, err := embedded.Redis(embedded.RedisOptions{Clock: clock})
	if err != nil {
		t.Fatalf("start in-process redis: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

// redisCluster is three masters with a replica each.
type redisCluster struct{ *redistest.Cluster }

func (c *redisCluster) History() string { return "" }

// redisServer is a redis-server of one test. It keeps nothing on disk, so that
// a restart loses everything.
type redisServer struct {
	*redistest.Server
	t testing.TB
}

func (r *redisServer) History() string { return "" }

// Wipe empties the server behind everybody's back.
func (r *redisServer) Wipe() {
	r.t.Helper()
	if got := r.Do("FLUSHALL"); got != "OK" {
		r.t.Fatalf("flushall: got %q, want OK", got)
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("pick a port: %v", err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
