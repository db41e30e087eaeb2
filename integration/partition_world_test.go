package integration

import (
	"context"
	"encoding/json"
	"net/url"
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
	server       *server.Server
	south, north *partition
	platform     *nats.Conn
	js           jetstream.JetStream // of the platform
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

// newPartitioned starts everything, NATS by a config file.
func newPartitioned(t *testing.T, conf string) *partitioned {
	t.Helper()
	for _, name := range []string{"SOUTH", "NORTH", "PLATFORM", "PYORA"} {
		t.Setenv(name+"_PASSWORD", "secret")
	}
	p := &partitioned{T: t, server: startFromFile(t, conf)}
	p.south, p.north = p.partition("south"), p.partition("north")
	p.platform = p.connectAs("platform")
	var err error
	if p.js, err = jetstream.New(p.platform); err != nil {
		t.Fatalf("open jetstream: %v", err)
	}
	var collect jetstream.StreamConfig
	readJSON(t, deployed("collect.json"), &collect)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := p.js.CreateStream(ctx, collect); err != nil {
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

// startFromFile runs nats-server with a config file, but for its ports and
// its folder.
func startFromFile(t *testing.T, path string) *server.Server {
	t.Helper()
	o, err := server.ProcessConfigFile(path)
	if err != nil {
		t.Fatalf("read %s: %v", path, err)
	}
	o.Host, o.Port, o.HTTPPort, o.StoreDir = "127.0.0.1", server.RANDOM_PORT, 0, t.TempDir()
	o.NoSigs, o.NoLog = true, true
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatalf("make nats server: %v", err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(patience) {
		t.Fatal("nats server is not ready")
	}
	return s
}

func (p *partitioned) url(user string) string {
	u, err := url.Parse(p.server.ClientURL())
	if err != nil {
		p.Fatal(err)
	}
	u.User = url.UserPassword(user, "secret")
	return u.String()
}

func (p *partitioned) connectAs(user string) *nats.Conn {
	p.Helper()
	nc, err := nats.Connect(p.url(user))
	if err != nil {
		p.Fatalf("connect as %s: %v", user, err)
	}
	p.Cleanup(nc.Close)
	return nc
}

// partition starts a partition's Redis and process by its config file.
func (p *partitioned) partition(name string) *partition {
	p.Helper()
	w := &world{TB: p.T, setting: setting{replicas: 1, redis: redisProcess, ackWait: never},
		nats: natsAccount(p.url(name)), cache: &redisServer{redistest.Start(p.T), p.T}}
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
	c.DataDir, c.HTTP.Listen = dir, "127.0.0.1:0"
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
	return &nats.Msg{Subject: partition + "." + m.Subject, Data: m.Data, Header: nats.Header{jetstream.MsgIDHeader: {m.ID}}}
}
