package integration

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/integration/smalldisk"
)

// onDisk is a world with the embedded default on a small disk, and the
// process in it.
func onDisk(t *testing.T, disk *smalldisk.Disk) (*world, *process) {
	t.Helper()
	w := &world{TB: t, setting: setting{network: twoRegions, replicas: 1, ackWait: time.Second}, net: build(t, twoRegions)}
	p := &process{w: w, path: filepath.Join(t.TempDir(), "nearlane.yaml")}
	text := twoRegions + fmt.Sprintf("\ndataDir: %s\nhttp: {listen: 127.0.0.1:0}\nnats: {listen: 127.0.0.1:%s}\n",
		filepath.Join(disk.Dir, "data"), freePort(t))
	if err := os.WriteFile(p.path, []byte(text), 0o600); err != nil {
		t.Fatalf("write config: %v", err)
	}
	return w, p
}

// begin starts the process, and looks at its servers.
func (p *process) begin() {
	p.w.Helper()
	p.start("")
	p.w.eventually("the process is ready", p.isReady)
	p.w.nats, p.w.ledger = served(p.NATSURL()), p.Ledger
	p.w.look()
}

// tick is one beat.
func (p *process) tick() {
	p.w.Helper()
	select {
	case p.beat <- now:
	case <-p.returned:
		p.w.Fatal("the process has ended")
	}
}

// offer publishes orders until ORDERS does not answer, and returns those that
// it acknowledged.
func (w *world) offer(prefix string) (acknowledged []*event.Order) {
	w.Helper()
	for i := 0; ; i++ {
		o := order(fmt.Sprintf("%s-%d", prefix, i))
		out := placed(o)
		ctx, cancel := context.WithTimeout(context.Background(), onceAsked)
		ack, err := w.js.Publish(ctx, out.Subject, out.Data)
		cancel()
		if err != nil {
			return acknowledged
		}
		acknowledged = append(acknowledged, o)
		w.mu.Lock()
		w.last = max(w.last, ack.Sequence)
		w.mu.Unlock()
	}
}

// wantDecided is that each of the orders has a decision.
func (a *account) wantDecided(t testing.TB, list []*event.Order) {
	t.Helper()
	for _, o := range list {
		a.decision(t, o.Key())
	}
}

// A disk that was full is known as soon as NATS refuses a write, and once it
// has room all is well again without anybody's doing. What was acknowledged
// before, meanwhile and after is decided once.
func TestDiskFullAndFreed(t *testing.T) {
	t.Parallel()
	disk := smalldisk.Make(t, 64<<20)
	w, p := onDisk(t, disk)
	p.begin()
	list := orders(20, "before")
	w.publish(list...)
	w.drained(durable)

	disk.Fill()
	list = append(list, w.offer("meanwhile")...)
	w.eventually("the process knows that nothing is stored", func() error { return p.isUnready("store") })
	if _, h := p.health(); !strings.Contains(h.Checks["store"], "no space left") {
		t.Errorf("the reason is %q, want that of the disk", h.Checks["store"])
	}
	if got := p.metric("nearlane_store_writable"); got != "0" {
		t.Errorf("nearlane_store_writable is %s, want 0", got)
	}

	disk.Free()
	w.eventually("the process is ready again", p.isReady)
	if got := p.metric("nearlane_store_restarts_total"); got != "1" {
		t.Errorf("nats was started again %s times, want once", got)
	}
	after := orders(20, "after")
	w.publish(after...)
	w.drained(durable)
	list = append(list, after...)
	w.check().wantDecided(t, list)

	p.stop() // and nothing of it was kept in memory alone
	p.begin()
	w.check().wantDecided(t, list)
}

// A probe finds a full disk although nobody publishes, at the tenth beat at the
// latest.
func TestProbeFindsFullDisk(t *testing.T) {
	t.Parallel()
	disk := smalldisk.Make(t, 64<<20)
	w, p := onDisk(t, disk)
	p.beat = make(chan time.Time)
	p.begin()
	disk.Fill()
	for range 10 {
		p.tick()
	}
	w.eventually("the process knows that nothing is stored", func() error { return p.isUnready("store") })
	disk.Free()
	w.eventually("the process is ready again", func() error { p.tick(); return p.isReady() })
	list := orders(20, "after")
	w.publish(list...)
	w.drained(durable)
	w.check().wantDecided(t, list)
}

// On a NATS of one's own, the router is not ready until that has been started
// again on a disk with room.
func TestDiskOfOwnNATSFull(t *testing.T) {
	t.Parallel()
	disk := smalldisk.Make(t, 64<<20)
	server := &natsServer{t: t, dir: filepath.Join(disk.Dir, "nats")}
	server.start()
	t.Cleanup(func() { server.Shutdown() })
	w := &world{TB: t, setting: setting{network: twoRegions, replicas: 1, ackWait: time.Second}, net: build(t, twoRegions),
		nats: server, cache: startRedis(t, redisProcess, stoppedClock)}
	w.look()
	p := &process{w: w, path: filepath.Join(t.TempDir(), "router.yaml"), beat: make(chan time.Time)}
	p.write(twoRegions)
	p.start("router")
	w.eventually("the process is ready", p.isReady)

	disk.Fill()
	list := w.offer("meanwhile")
	w.eventually("the process knows that nothing is stored", func() error { p.tick(); return p.isUnready("store") })
	disk.Free()
	server.Shutdown()
	server.start()
	w.eventually("the process is ready again", func() error { p.tick(); return p.isReady() })
	after := orders(20, "after")
	w.publish(after...)
	w.drained(durable)
	w.check().wantDecided(t, append(list, after...))
}

// A process that is started on a full disk says so, with the error that ends in
// an exit code of its own, and leaves nothing half-written behind.
func TestStartOnFullDisk(t *testing.T) {
	t.Parallel()
	disk := smalldisk.Make(t, 64<<20)
	w, p := onDisk(t, disk)
	refused := func(when string) {
		t.Helper()
		disk.Fill()
		loaded, found := config.Load(p.path, config.Options{})
		if loaded == nil {
			t.Fatalf("load config:\n%s", found.Format())
		}
		opened, err := app.Open(context.Background(), app.Options{Config: loaded, Path: p.path, Now: stoppedClock, AckWait: w.ackWait})
		if err == nil {
			opened.Close()
		}
		if !errors.Is(err, embedded.ErrUnavailable) || !strings.Contains(err.Error(), "no space left") {
			t.Errorf("%s: got error %v, want %v and that of the disk", when, err, embedded.ErrUnavailable)
		}
		disk.Free()
	}
	refused("first start")
	p.begin()
	list := orders(20, "before")
	w.publish(list...)
	w.drained(durable)
	name := p.Name
	p.stop()
	refused("second start")
	p.begin()
	if p.Name != name {
		t.Errorf("got name %s, want %s as before", p.Name, name)
	}
	w.check().wantDecided(t, list)
}
