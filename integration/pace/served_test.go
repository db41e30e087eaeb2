package pace

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
)

// served is a process as `nearlane run` starts it.
type served struct {
	*app.App
	w      *world
	path   string
	crowd  crowd
	cancel context.CancelFunc
	ended  chan struct{}
}

func (w *world) serve(c crowd) *served {
	w.Helper()
	p := &served{w: w, path: filepath.Join(w.dir, "nearlane.yaml"), crowd: c, ended: make(chan struct{})}
	p.write()
	loaded, found := config.Load(p.path, config.Options{})
	if loaded == nil {
		w.Fatalf("load config:\n%s", found.Format())
	}
	var err error
	if p.App, err = app.Open(context.Background(), app.Options{Config: loaded, Path: p.path, Name: "r0", Now: stoppedClock}); err != nil {
		w.Fatalf("open: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	go func() {
		defer close(p.ended)
		if err := p.Run(ctx); err != nil {
			w.Errorf("run: %v", err)
		}
	}()
	w.Cleanup(p.stop)
	w.await(&runner{ready: func() bool { ready, _ := p.Router.Ready(); return ready }})
	return p
}

// stop is SIGTERM, and waits for the end.
func (p *served) stop() {
	p.cancel()
	<-p.ended
}

func (p *served) write() {
	p.w.Helper()
	text := p.crowd.config() + fmt.Sprintf("nats: {url: %q}\nredis: {url: %q}\nsecrets: {orderDigest: %s}\ndataDir: %s\nhttp: {listen: 127.0.0.1:0}\n",
		p.w.natsURL(), p.w.redisURL, digestKey, filepath.Join(p.w.dir, "data"))
	if err := os.WriteFile(p.path, []byte(text), 0o600); err != nil {
		p.w.Fatalf("write config: %v", err)
	}
}

// reload has every parcel cost a cent more, and returns when that is in force.
func (p *served) reload() {
	p.w.Helper()
	p.crowd.cents = (p.crowd.cents + 1) % 100
	p.write()
	resp, err := http.Post("http://"+p.Addr()+"/v1/reload", "", nil)
	if err != nil {
		p.w.Fatalf("reload: %v", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	var told app.Reloaded
	if err == nil {
		err = json.Unmarshal(body, &told)
	}
	if err != nil || !told.Taken || !told.Changed {
		p.w.Fatalf("reload: %v, %s %.300s", err, resp.Status, body)
	}
}
