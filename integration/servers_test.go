package integration

import (
	"bufio"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
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
		return startRedisProcess(t)
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
	t    testing.TB
	port string
	cmd  *exec.Cmd
}

func startRedisProcess(t testing.TB) *redisServer {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed: `make test` says what the tests need")
	}
	r := &redisServer{t: t, port: freePort(t)}
	r.start()
	t.Cleanup(r.stop)
	return r
}

func (r *redisServer) URL() string     { return "redis://127.0.0.1:" + r.port }
func (r *redisServer) History() string { return "" }

// start returns when the server says that it is ready.
func (r *redisServer) start() {
	r.t.Helper()
	r.cmd = exec.Command("redis-server", "--port", r.port, "--bind", "127.0.0.1", "--dir", r.t.TempDir(),
		"--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--logfile", "")
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		r.t.Fatalf("pipe: %v", err)
	}
	if err := r.cmd.Start(); err != nil {
		r.t.Fatalf("start redis-server: %v", err)
	}
	var log strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&log, lines.Text())
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go func() {
				for lines.Scan() {
				}
			}()
			return
		}
	}
	r.t.Fatalf("redis-server did not start:\n%s", log.String())
}

func (r *redisServer) stop() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// Wipe empties the server behind everybody's back.
func (r *redisServer) Wipe() {
	r.t.Helper()
	c, err := net.Dial("tcp", "127.0.0.1:"+r.port)
	if err != nil {
		r.t.Fatalf("dial redis-server: %v", err)
	}
	defer c.Close()
	fmt.Fprint(c, "FLUSHALL\r\n")
	if got, err := bufio.NewReader(c).ReadString('\n'); err != nil || got != "+OK\r\n" {
		r.t.Fatalf("flushall: got %q, %v, want +OK", got, err)
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
