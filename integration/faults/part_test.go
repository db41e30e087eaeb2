package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
)

// partEnv holds the part that a child process plays.
const partEnv = "NEARLANE_FAULTS_PART"

// part is what this binary does when it is started as a child: it is a router,
// as `nearlane run` makes one, or one NATS server.
type part struct {
	Router string        `json:",omitempty"` // its name
	Config string        `json:",omitempty"`
	Ahead  time.Duration `json:",omitempty"` // of the router's clock, before the real one

	Node   string   `json:",omitempty"` // its name
	Dir    string   `json:",omitempty"`
	Port   int      `json:",omitempty"`
	Routes []string `json:",omitempty"` // of the cluster; none: a single server
	Index  int      `json:",omitempty"` // of this node in Routes
}

// play plays a part until SIGTERM, or until the test is gone.
func play(text string) int {
	var p part
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		fmt.Fprintln(os.Stderr, "read part:", err)
		return 1
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	act := p.route
	if p.Node != "" {
		act = p.serve
	}
	if err := act(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "ended by itself:", err)
		return 1
	}
	return 0
}

// route is a router with a supervisor that starts it again until its servers
// can be reached and its config, read anew each time, may come into force.
func (p part) route(ctx context.Context) error {
	log := zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(zap.NewProductionEncoderConfig()), zapcore.Lock(os.Stderr), zap.InfoLevel))
	var opened *app.App
	err := eventually(2*patience, retryEvery, func() (err error) {
		loaded, found := config.Load(p.Config, config.Options{})
		if loaded == nil {
			return fmt.Errorf("load config: %w", found.Err())
		}
		opened, err = app.Open(ctx, app.Options{Config: loaded, Path: p.Config, Name: p.Router, AckWait: ackWait, Log: log,
			Now: func() time.Time { return time.Now().Add(p.Ahead) }})
		if err != nil {
			log.Warn("not started", zap.Error(err))
		}
		return err
	})
	if err != nil {
		return err
	}
	return opened.Run(ctx)
}

const retryEvery = 200 * time.Millisecond

func (p part) serve(ctx context.Context) error {
	o := embedded.NATSOptions{Dir: p.Dir, Name: p.Node, Port: p.Port, Log: zap.NewExample()}
	var server *embedded.NATSServer
	err := eventually(patience, retryEvery, func() (err error) {
		if len(p.Routes) == 0 {
			server, err = embedded.NATS(o)
			return err
		}
		routes := make([]*url.URL, len(p.Routes))
		for i, r := range p.Routes {
			routes[i] = &url.URL{Scheme: "nats-route", Host: r}
		}
		server, err = embedded.Node(o, routes, p.Index)
		return err
	})
	if err != nil {
		return err
	}
	<-ctx.Done()
	server.Shutdown()
	return nil
}
