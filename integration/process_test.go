package integration

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/console"
)

// process is what `nearlane run` starts, with a config file of its own, and
// reached through its doors: NATS, HTTP and the signal to reload.
type process struct {
	*app.App
	w        *world
	path     string
	log      *zap.Logger // nil: none
	reload   chan struct{}
	look     chan time.Time
	beat     chan time.Time // nil: by the machine's clock
	follow   bool
	redis    string // URL; default: the world's
	key      string // of digests; default: digestKey
	accept   bool   // a loss of the journal
	cancel   context.CancelFunc
	returned chan struct{}
}

// run starts a process on the world's servers.
func (w *world) run(name string) *process {
	w.Helper()
	p := &process{w: w, path: filepath.Join(w.TempDir(), name+".yaml")}
	p.write(w.network)
	p.start(name)
	return p
}

// start starts a process with the config file that is there.
func (p *process) start(name string) {
	w := p.w
	w.Helper()
	p.reload, p.look, p.returned = make(chan struct{}), make(chan time.Time), make(chan struct{})
	loaded, found := config.Load(p.path, config.Options{})
	if loaded == nil {
		w.Fatalf("load config:\n%s", found.Format())
	}
	var err error
	p.App, err = app.Open(context.Background(), app.Options{
		Config: loaded, Path: p.path, Name: name, Now: stoppedClock, Reload: p.reload, Look: p.look, Beat: p.beat, Follow: p.follow, AcceptLoss: p.accept, AckWait: w.ackWait, Log: p.log,
	})
	if err != nil {
		w.Fatalf("open %s: %v", name, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func(running *app.App, returned chan struct{}) {
		defer close(returned)
		if err := running.Run(ctx); err != nil {
			w.Errorf("run %s: %v", name, err)
		}
	}(p.App, p.returned)
	w.Cleanup(p.stop)
}

// write makes network, with the servers of this world, the content of the
// config file.
func (p *process) write(network string) {
	p.w.Helper()
	text := network + fmt.Sprintf(`
nats: {url: %q, replicas: %d}
redis: {url: %q}
secrets: {orderDigest: %s}
dataDir: %s
http: {listen: 127.0.0.1:0}
`, p.w.nats.URL(), p.w.replicas, cmp.Or(p.redis, p.w.cache.URL()), cmp.Or(p.key, digestKey), strings.TrimSuffix(p.path, ".yaml"))
	if err := os.WriteFile(p.path, []byte(text), 0o600); err != nil {
		p.w.Fatalf("write config: %v", err)
	}
}

// stop is SIGTERM, and waits for the end.
func (p *process) stop() {
	p.cancel()
	<-p.returned
}

// reloadWith is SIGHUP after an edit of the file. It returns before the reload
// is done.
func (p *process) reloadWith(network string) {
	p.w.Helper()
	p.write(network)
	select {
	case p.reload <- struct{}{}:
	case <-p.returned:
		p.w.Fatal("the process has ended")
	}
}

// health asks /readyz.
func (p *process) health() (status int, h console.Health) {
	p.w.Helper()
	resp, err := http.Get("http://" + p.Addr() + "/readyz")
	if err != nil {
		p.w.Fatalf("ask /readyz: %v", err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(resp.Body).Decode(&h); err != nil {
		p.w.Fatalf("read /readyz: %v", err)
	}
	return resp.StatusCode, h
}

// isReady is nil once /readyz says so.
func (p *process) isReady() error {
	if status, h := p.health(); status != http.StatusOK || !h.Ready {
		return fmt.Errorf("/readyz answers %d: %v", status, h.Checks)
	}
	return nil
}

// isUnready is nil once /readyz blames the check of that name.
func (p *process) isUnready(check string) error {
	if status, h := p.health(); status != http.StatusServiceUnavailable || h.Ready || h.Checks[check] == "ok" {
		return fmt.Errorf("/readyz answers %d: %v", status, h.Checks)
	}
	return nil
}

// metric reads one line of /metrics.
func (p *process) metric(name string) string {
	p.w.Helper()
	resp, err := http.Get("http://" + p.Addr() + "/metrics")
	if err != nil {
		p.w.Fatalf("ask /metrics: %v", err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			return value
		}
	}
	p.w.Fatalf("no metric %s", name)
	return ""
}
