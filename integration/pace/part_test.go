package pace

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

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event/stream"
)

// partEnv holds the part that a child process plays.
const partEnv = "NEARLANE_PACE_PART"

// part is what this binary does when it is started as a child: it is a NATS
// server, a platform that sends orders at a steady rate, or `nearlane run`.
type part struct {
	Node   string   `json:",omitempty"` // its name
	Dir    string   `json:",omitempty"`
	Port   int      `json:",omitempty"`
	Fsync  bool     `json:",omitempty"` // before every acknowledgement
	Routes []string `json:",omitempty"` // of the cluster; none: a single server
	Index  int      `json:",omitempty"` // of this node in Routes

	Accounts []string `json:",omitempty"` // see serveAccounts

	URL       string    `json:",omitempty"`
	Mix       string    `json:",omitempty"`
	Orders    int       `json:",omitempty"`
	PerSecond int       `json:",omitempty"`
	Start     time.Time `json:",omitzero"` // when the first order is due

	Config string `json:",omitempty"` // see route
}

// play plays a part until it is done, until SIGTERM, or until the test is gone.
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
	act := p.send
	switch {
	case len(p.Accounts) > 0:
		act = p.serveAccounts
	case p.Node != "":
		act = p.serve
	case p.Config != "":
		act = p.route
	}
	if err := act(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "ended by itself:", err)
		return 1
	}
	return 0
}

func (p part) serve(ctx context.Context) error {
	o := embedded.NATSOptions{Dir: p.Dir, Name: p.Node, Port: p.Port, SyncAlways: p.Fsync, Log: zap.NewExample(zap.IncreaseLevel(zap.WarnLevel))}
	start := func() (*embedded.NATSServer, error) { return embedded.NATS(o) }
	if len(p.Routes) > 0 {
		routes := make([]*url.URL, len(p.Routes))
		for i, r := range p.Routes {
			routes[i] = &url.URL{Scheme: "nats-route", Host: r}
		}
		start = func() (*embedded.NATSServer, error) { return embedded.Node(o, routes, p.Index) }
	}
	server, err := start()
	if err != nil {
		return err
	}
	<-ctx.Done()
	server.Shutdown()
	return nil
}

// send publishes each order when it is due, whatever became of those before:
// a server that is slow is not spared.
func (p part) send(ctx context.Context) error {
	messages := make([]stream.Outgoing, p.Orders)
	for i := range messages {
		_, messages[i] = mixes[p.Mix].outgoing(i)
	}
	conn, err := stream.Connect(ctx, stream.Options{URL: p.URL, Name: "platform"})
	if err != nil {
		return err
	}
	var failed error
	out := conn.Publisher(func(_ stream.Outgoing, o stream.Outcome) {
		if o.Err != nil {
			failed = o.Err
		}
	})
	for i, m := range messages {
		select { // at the instant it is due, which is what is measured
		case <-time.After(time.Until(due(p.Start, i, p.PerSecond))):
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := out.Send(ctx, m); err != nil {
			return err
		}
	}
	if err := out.Flush(ctx); err != nil {
		return err
	}
	return failed
}

// due is when the i-th order is to be sent.
func due(start time.Time, i, perSecond int) time.Time {
	return start.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
}
