package integration

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// member is one router as if it were a process: connections, ledger and
// metrics are its own.
type member struct {
	*router.Router
	w        *world
	registry *prometheus.Registry
	conn     *stream.Conn
	inbox    *app.Inbox
	cancel   context.CancelFunc
	returned chan struct{} // closed when Run has
	once     sync.Once
}

// wrap changes what a router is made of: a mishap, a witness, another durable.
type wrap func(*router.Options)

// start starts a router. It is stopped at the end of the test at the latest.
func (w *world) start(name string, wraps ...wrap) *member {
	w.Helper()
	m := w.prepare(name, durable, wraps...)
	m.run()
	return m
}

// prepare makes a router that does not run yet.
func (w *world) prepare(name, durable string, wraps ...wrap) *member {
	w.Helper()
	ctx := context.Background()
	m := &member{w: w, registry: prometheus.NewRegistry(), conn: w.connect(name), returned: make(chan struct{})}
	journal, err := m.conn.Journal(ctx)
	if err != nil {
		w.Fatalf("open journal: %v", err)
	}
	m.inbox = app.NewInbox(m.conn, durable, event.StreamOrders, event.StreamCourier, event.StreamRetry)
	counts := w.openLedger()
	o := router.Options{
		Name: name, DigestKey: []byte(digestKey), Inbox: m.inbox, Archive: m.conn, Retries: m.conn.Retries(), Journal: journal, History: journal,
		Ledger: counts, Projection: counts, Rejects: m.conn.Rejects(), Clock: stoppedClock, RealClock: time.Now,
		NewToken: func() string { return ledger.NewToken(name) },
		AckWait:  w.ackWait, Retention: stream.KeepOrders, Registerer: m.registry,
	}
	for _, change := range wraps {
		change(&o)
	}
	m.Router = router.New(o, w.net)
	return m
}

func (m *member) run() {
	ctx, cancel := context.WithCancel(context.Background())
	m.cancel = cancel
	go func() {
		defer close(m.returned)
		pulling := make(chan error, 1)
		go func() { pulling <- m.inbox.Run(ctx) }()
		if err := errors.Join(m.Run(ctx), <-pulling); err != nil {
			m.w.Errorf("router %s: run: %v", m.Name, err)
		}
	}()
	m.w.Cleanup(m.stop)
}

// stop is SIGTERM: the batch in hand is finished, the rest is handed back.
func (m *member) stop() {
	m.once.Do(func() {
		m.cancel()
		<-m.returned
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = m.conn.Close(ctx)
	})
}

// buried waits for a router that a mishap has killed, and drops its
// connections. Nothing is handed back.
func (m *member) buried() {
	m.once.Do(func() {
		m.cancel()
		<-m.returned
		closeNow(m.conn)
	})
}

// counted is the value of one of the router's metrics, summed over labels.
func (m *member) counted(name string) (sum float64) {
	m.w.Helper()
	families, err := m.registry.Gather()
	if err != nil {
		m.w.Fatalf("gather metrics: %v", err)
	}
	for _, f := range families {
		if f.GetName() == "nearlane_"+name {
			for _, one := range f.GetMetric() {
				sum += one.GetCounter().GetValue()
			}
			return sum
		}
	}
	m.w.Fatalf("no metric %s", name)
	return 0
}

func (m *member) isReady() error {
	if ready, why := m.Ready(); !ready {
		return errors.New(why)
	}
	return nil
}
