// Package console is the HTTP door of a process: health, readiness and
// metrics. It keeps nothing; losing it loses nothing.
package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const (
	checkTimeout = 2 * time.Second
	stopTimeout  = 2 * time.Second
)

// Check is one thing that has to be well for the process to be ready.
type Check struct {
	Name string
	Ask  func(context.Context) error // nil: well
}

// Console serves /healthz, /readyz and /metrics, and at / their list. All but
// these three answer only by a name of the router's.
type Console struct {
	checks []Check
	mux    *http.ServeMux
	server *http.Server
}

// New returns a console that answers with what checks say. Hosts are the names
// it goes by, beside loopback's and its own address.
func New(metrics prometheus.Gatherer, checks []Check, hosts ...string) *Console {
	mux := http.NewServeMux()
	c := &Console{checks: checks, mux: mux}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "/healthz\n/readyz\n/metrics\n/v1/config\n")
	})
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", c.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{}))
	// A page in somebody's browser is on loopback, too.
	handler := byName(hosts, http.NewCrossOriginProtection().Handler(mux))
	c.server = &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute}
	return c
}

// Serve answers on l until ctx is done.
func (c *Console) Serve(ctx context.Context, l net.Listener) error {
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		timeout, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		_ = c.server.Shutdown(timeout) // not done in time: the process ends anyway
	})
	err := c.server.Serve(l)
	if !stop() {
		<-stopped // requests in hand are answered first
	}
	if !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve http: %w", err)
	}
	return nil
}

// Health is the answer of /readyz: each check's name with "ok" or what is
// wrong.
type Health struct {
	Ready  bool              `json:"ready"`
	Checks map[string]string `json:"checks"`
}

// ready asks all checks at once, so that one that hangs hides no other.
func (c *Console) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), checkTimeout)
	defer cancel()
	waiting := make([]chan error, len(c.checks))
	for i, check := range c.checks {
		waiting[i] = make(chan error, 1)
		go func() { waiting[i] <- check.Ask(ctx) }()
	}
	health := Health{Ready: true, Checks: map[string]string{}}
	for i, check := range c.checks {
		health.Checks[check.Name] = "ok"
		var err error
		select {
		case err = <-waiting[i]:
		case <-ctx.Done():
			err = fmt.Errorf("no answer within %v", checkTimeout)
		}
		if err != nil {
			health.Ready, health.Checks[check.Name] = false, err.Error()
		}
	}
	w.Header().Set("Content-Type", "application/json")
	if !health.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(health)
}
