package integration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger/redistest"
	"github.com/nearlane/nearlane/router"
)

// partitioned is deploy/partitioned as it would run: its NATS, a Redis and a
// process for each partition, and those who publish and read from outside.
type partitioned struct {
	*testing.T
	url          *url.URL // of one node, for no user
	nodes        int
	south, north *partition
	platform     *nats.Conn
	js           jetstream.JetStream // of the platform
	operator     jetstream.JetStream // of the platform's account
	courier      *courierDesk
}

// partition is a Nearlane of its own. The world in it looks from inside, and
// holds the partition's journal, Redis and ORDERS against each other.
type partition struct {
	*world
	name   string
	config string
	cancel context.CancelFunc
	ended  chan struct{}
}

// natsAccount is the URL by which a user of nats.conf connects.
type natsAccount string

func (a natsAccount) URL() string { return string(a) }
func (a natsAccount) Shutdown()   {}

// passwords puts them into the environment, where nats.conf looks for them.
func passwords() error {
	var errs []error
	for _, user := range []string{"SOUTH", "NORTH", "PLATFORM", "PYORA", "OPERATOR", "NATS", "WEBSHOP"} {
		errs = append(errs, os.Setenv(user+"_PASSWORD", password))
	}
	return errors.Join(errs...)
}

const password = "secret"

// newPartitioned starts everything, so many nodes of NATS by a config file.
func newPartitioned(t *testing.T, conf string, nodes int) *partitioned {
	t.Helper()
	p := &partitioned{T: t, url: startFromFile(t, conf, nodes), nodes: nodes}
	p.south, p.north = p.partition("south"), p.partition("north")
	p.platform = p.connectAs("platform")
	var err error
	if p.js, err = jetstream.New(p.platform); err != nil {
		t.Fatalf("open jetstream: %v", err)
	}
	if p.operator, err = jetstream.New(p.connectAs("operator")); err != nil {
		t.Fatalf("open jetstream: %v", err)
	}
	var collect jetstream.StreamConfig
	readJSON(t, deployed("collect.json"), &collect)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	collect.Replicas = nodes
	if _, err := p.operator.CreateStream(ctx, collect); err != nil {
		t.Fatalf("make the collecting stream: %v", err)
	}
	p.courier = p.desk(p.connectAs("pyora"))
	return p
}

func deployed(file string) string { return "../deploy/partitioned/" + file }

func readJSON(t *testing.T, path string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(read(t, path)), into); err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
}

// startFromFile runs so many nodes of nats-server with a config file, and
// returns where one of them is.
func startFromFile(t *testing.T, path string, nodes int) *url.URL {
	t.Helper()
	routes := make([]*url.URL, nodes)
	for i := range routes {
		routes[i] = &url.URL{Scheme: "nats-route", Host: net.JoinHostPort("127.0.0.1", freePort(t))}
	}
	all := make([]*server.Server, nodes)
	for i := range all {
		var err error
		if all[i], err = server.NewServer(nodeOptions(t, path, routes, i)); err != nil {
			t.Fatalf("make nats server: %v", err)
		}
		all[i].Start()
		t.Cleanup(func() { all[i].Shutdown(); all[i].WaitForShutdown() })
	}
	for _, s := range all {
		if !s.ReadyForConnections(patience) {
			t.Fatal("nats server is not ready")
		}
	}
	at, err := url.Parse(all[0].ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// nodeOptions are those of the config file, but for ports and folder, and name
// and routes where there is more than one node.
func nodeOptions(t *testing.T, path string, routes []*url.URL, i int) *server.Options {
	t.Helper()
	o, err := server.ProcessConfigFile(path)
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	o.Host, o.Port, o.HTTPPort, o.StoreDir = "127.0.0.1", server.RANDOM_PORT, 0, t.TempDir()
	o.NoSigs, o.NoLog = true, true
	if len(routes) > 1 {
		port, err := strconv.Atoi(routes[i].Port())
		if err != nil {
			t.Fatal(err)
		}
		o.ServerName = fmt.Sprintf("%s-%d", o.ServerName, i)
		o.Cluster = server.ClusterOpts{Name: "nearlane", Host: o.Host, Port: port, NoAdvertise: true}
		o.Routes = routes
	}
	return o
}

// as is where a user connects.
func (p *partitioned) as(user string) string {
	u := *p.url
	u.User = url.UserPassword(user, password)
	return u.String()
}

func (p *partitioned) connectAs(user string) *nats.Conn {
	p.Helper()
	nc, err := nats.Connect(p.as(user), nats.CustomInboxPrefix("_INBOX_"+user))
	if err != nil {
		p.Fatalf("connect as %s: %v", user, err)
	}
	p.Cleanup(nc.Close)
	return nc
}

// partition starts a partition's Redis and process by its config file.
func (p *partitioned) partition(name string) *partition {
	p.Helper()
	w := &world{TB: p.T, setting: setting{replicas: p.nodes, redis: redisProcess, ackWait: never},
		nats: natsAccount(p.as(name)), cache: &redisServer{redistest.Start(p.T), p.T}}
	part := &partition{world: w, name: name, config: deployed(name + ".yaml")}
	var err error
	if w.net, err = router.Build(part.load(p.TempDir())); err != nil {
		p.Fatalf("build %s: %v", part.config, err)
	}
	part.start()
	w.look()
	var wanted jetstream.ConsumerConfig
	readJSON(p.T, deployed("pyora-"+name+".json"), &wanted)
	if _, err := w.js.CreatePushConsumer(context.Background(), event.StreamDispatch, wanted); err != nil {
		p.Fatalf("make the consumer of pyora in %s: %v", name, err)
	}
	return part
}

// load reads the partition's config file, as an operator has set it up.
func (p *partition) load(dir string) *config.Config {
	p.Helper()
	env := map[string]string{"NEARLANE_NATS_URL": p.nats.URL(), "NEARLANE_REDIS_URL": p.cache.URL(), "NEARLANE_DIGEST_KEY": digestKey}
	c, found := config.Load(p.config, config.Options{Getenv: func(name string) (string, bool) { v, ok := env[name]; return v, ok }})
	if c == nil {
		p.Fatalf("load %s:\n%s", p.config, found.Format())
	}
	c.DataDir, c.HTTP.Listen, c.NATS.Replicas = dir, "127.0.0.1:0", p.replicas
	return c
}

// start starts the partition's process. It is ready by itself.
func (p *partition) start() {
	p.Helper()
	a, err := app.Open(context.Background(), app.Options{Config: p.load(p.TempDir()), Name: p.name, Now: stoppedClock, AckWait: never})
	if err != nil {
		p.Fatalf("open %s: %v", p.name, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	p.cancel, p.ended = cancel, ended
	go func() {
		defer close(ended)
		if err := a.Run(ctx); err != nil {
			p.Errorf("run %s: %v", p.name, err)
		}
	}()
	p.Cleanup(func() { cancel(); <-ended })
}

// stop is SIGTERM, and waits for the end.
func (p *partition) stop() {
	p.cancel()
	<-p.ended
}

// courierDesk takes down every dispatch that pyora gets, by the partition that
// it comes from, and acks it.
type courierDesk struct {
	nc  *nats.Conn
	mu  sync.Mutex
	got map[string][]*event.Dispatch // guarded by mu
}

func (p *partitioned) desk(nc *nats.Conn) *courierDesk {
	p.Helper()
	d := &courierDesk{nc: nc, got: map[string][]*event.Dispatch{}}
	for _, from := range []string{"south", "north"} {
		if _, err := nc.Subscribe("dispatches."+from, func(m *nats.Msg) {
			one, err := event.DecodeDispatch(m.Data)
			if err != nil {
				p.Errorf("dispatch on %s: %v", m.Subject, err)
				return
			}
			d.mu.Lock()
			d.got[from] = append(d.got[from], one)
			d.mu.Unlock()
			if err := m.Ack(); err != nil {
				p.Errorf("ack: %v", err)
			}
		}); err != nil {
			p.Fatalf("subscribe: %v", err)
		}
	}
	return d
}

// told is which orders came from a partition, and with which status.
func (d *courierDesk) told(partition string) (list []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, one := range d.got[partition] {
		list = append(list, one.OrderID+" "+one.Status)
	}
	return list
}

// outside makes a platform's message for the partition that it picks.
func outside(partition string, m stream.Outgoing) *nats.Msg {
	return &nats.Msg{Subject: partition + "." + m.Subject, Data: m.Data, Header: nats.Header{jetstream.MsgIDHeader: {event.MsgID(m.Subject, m.Data)}}}
}
