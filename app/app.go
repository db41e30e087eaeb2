// Package app is the process: it starts what the config asks for, wires the
// adapters to the router, follows reloads and stops everything in order. What
// it keeps in the data folder is the router's lasting name, the digest key of
// the embedded default, and the embedded server's streams; losing the streams
// loses the journal, losing the rest costs a new name.
package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/console"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// Durable is the consumer of ORDERS and of COURIER that all routers share.
const Durable = "router"

// stopTimeout bounds each step of a stop.
const stopTimeout = 10 * time.Second

// Options are what a process is started with. Config is required.
type Options struct {
	Config  *config.Config
	Path    string           // of the config, read again on Reload
	Name    string           // the router's lasting name; default: kept in the data folder
	Now     func() time.Time // the process's clock; default: time.Now
	Reload  <-chan struct{}  // each receive reloads the config; nil: never
	Look    <-chan time.Time // each receive looks whether the config has changed on disk; nil: never
	Beat    <-chan time.Time // each receive is a time to speak, and every tenth to probe NATS; default: every second
	Follow  bool             // pushes instead of the file, once there is one
	Version string           // of the binary, for those who ask who runs what
	AckWait time.Duration    // of the ORDERS durable; default: stream.AckWait
	Log     *zap.Logger

	// AcceptLoss goes on with a journal that has lost messages, after saying what
	// comes of it.
	AcceptLoss bool
}

// App is a started process. Run it once.
type App struct {
	Options
	Registry *prometheus.Registry
	Router   *router.Router
	Conn     *stream.Conn
	Ledger   *ledger.Ledger

	natsURL  string
	nats     *embedded.NATSServer  // nil: external
	redis    *embedded.RedisServer // nil: external
	inbox    *Inbox
	auditor  *router.Auditor
	journal  *Inbox // the auditor's
	listener net.Listener
	console  *console.Console
	keeper   *keeper
	memory   *memory
	cleanups []cleanup // undone last first
}

type cleanup struct {
	name string
	undo func(context.Context) error
}

// Open starts everything but the routing. It is long because it is the list of
// what a process is made of, in the order in which the parts need each other.
// On an error, what was started is stopped again.
func Open(ctx context.Context, o Options) (_ *App, err error) {
	a := &App{Options: o.withDefaults(), Registry: prometheus.NewRegistry()}
	a.Registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	defer func() {
		if err != nil {
			err = a.blame(err)
			a.close()
		}
	}()
	home, err := openHome(a.Config, a.Name)
	if err != nil {
		return nil, err
	}
	a.Name = home.name
	a.onClose("data folder", func(context.Context) error { home.close(); return nil })
	if a.listener, err = listen(a.Config.HTTP.Listen); err != nil {
		return nil, err
	}
	a.onClose("http", func(context.Context) error { return ignoreClosed(a.listener.Close()) })
	if err := a.openJournal(ctx); err != nil {
		return nil, err
	}
	if err := a.openLedger(ctx); err != nil {
		return nil, err
	}
	if err := a.checkOrigin(ctx); err != nil {
		return nil, err
	}
	journal, err := a.Conn.Journal(ctx)
	if err != nil {
		return nil, err
	}
	if a.memory, err = a.openMemory(ctx, journal, home.dir); err != nil {
		return nil, err
	}
	a.inbox = NewInbox(a.Conn, Durable, event.StreamOrders, event.StreamCourier, event.StreamRetry)
	if a.keeper, err = a.openKeeper(ctx); err != nil {
		return nil, err
	}
	a.keeper.company = newCompany(a, home.digestKey)
	geocoder, err := a.openGeocoder(home.digestKey)
	if err != nil {
		return nil, err
	}
	a.Router = router.New(router.Options{
		Name: a.Name, DigestKey: home.digestKey, Geocoder: geocoder,
		Inbox: a.inbox, Archive: a.Conn, Retries: a.Conn.Retries(), Journal: journal, History: journal, Ledger: a.Ledger, Projection: a.Ledger, Rejects: a.Conn.Rejects(),
		Company: a.keeper.company, Clock: a.Now, RealClock: time.Now, NewToken: func() string { return ledger.NewToken(a.Name) },
		AckWait: a.Conn.AckWait(), Retention: stream.KeepOrders, Registerer: a.Registry, Log: a.Log.Named("router"),
	}, a.keeper.network)
	a.keeper.swap, a.keeper.rest = a.Router.Swap, a.Router.Rest
	if err := a.join(ctx); err != nil {
		return nil, err
	}
	if err := a.inbox.Open(ctx); err != nil {
		return nil, err
	}
	a.auditor, a.journal = NewAuditor(a.Router, a.Conn, a.Ledger, a.inbox, a.AcceptLoss, a.Registry)
	a.Registry.MustRegister(&gauges{conn: a.Conn, redis: a.Ledger.Ping, router: a.Router, damage: journal.Damage, version: a.Version,
		filling: &fillings{network: a.Router.Network, counts: a.Ledger.Counts, now: a.Now}})
	a.console = console.New(a.Registry, a.checks(), a.names()...)
	a.console.Live(console.Live{Config: func() any { return a.keeper.Served() }, Reload: a.askReload})
	return a, nil
}

// openJournal connects to NATS, starting one first if none is configured.
func (a *App) openJournal(ctx context.Context) error {
	a.natsURL = a.Config.NATS.URL.Reveal()
	if a.natsURL == "" {
		server, err := a.startNATS()
		if err != nil {
			return err
		}
		a.nats, a.natsURL = server, server.URL()
		a.onClose("nats server", func(context.Context) error { server.Shutdown(); return nil })
		if full := server.Roomy(); full != nil { // or every stream would be asked for in vain
			return fmt.Errorf("%w: %w: make room and start again", embedded.ErrUnavailable, full)
		}
	}
	conn, err := stream.Connect(ctx, stream.Options{URL: a.natsURL, Name: "nearlane " + a.Name, AckWait: a.AckWait, Log: a.Log.Named("nats")})
	if err != nil {
		return err
	}
	a.Conn = conn
	a.onClose("nats", conn.Close)
	return conn.Ensure(ctx, StreamSettings(a.Config))
}

// StreamSettings are those that a process with this config makes the streams
// with.
func StreamSettings(c *config.Config) stream.Settings {
	limits := c.NATS.MaxBytes
	return stream.Settings{Replicas: c.NATS.Replicas, OrdersBytes: limits.Orders, DispatchBytes: limits.Dispatch,
		CourierBytes: limits.Courier, RetryBytes: limits.Retry, RejectedBytes: limits.Rejected,
		ChannelQuota: c.NATS.Quotas.Channel, CourierQuota: c.NATS.Quotas.Courier}
}

// openLedger connects to Redis, starting an in-process one if none is
// configured. The router refolds the journal into it before it reserves.
func (a *App) openLedger(ctx context.Context) error {
	o := ledger.Options{URL: a.Config.Redis.URL.Reveal(), Now: a.Now, Grace: a.Config.Redis.Grace, Log: a.Log.Named("redis"), Registerer: a.Registry}
	if o.URL == "" {
		server, err := embedded.Redis(embedded.RedisOptions{Clock: a.Now})
		if err != nil {
			return err
		}
		a.redis = server
		a.onClose("redis server", func(context.Context) error { server.Close(); return nil })
		o.URL, o.History = server.URL(), server.History()
	}
	opened, err := ledger.Open(ctx, o)
	if err != nil {
		return err
	}
	a.Ledger = opened
	a.onClose("redis", func(context.Context) error { return opened.Close() })
	return nil
}

// NATSURL is where clients on this machine find NATS.
func (a *App) NATSURL() string { return a.natsURL }

// Addr is where health and metrics are served.
func (a *App) Addr() string { return a.listener.Addr().String() }

// Run routes until ctx is done, then finishes the batches in hand, hands back
// the rest and stops everything. Call it once.
func (a *App) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	// /readyz tells of the stop for as long as it takes.
	serving, quiet := context.WithCancel(context.WithoutCancel(ctx))
	defer quiet()
	group.Go(func() error { defer quiet(); return a.Router.Run(ctx) })
	group.Go(func() error { return a.inbox.Run(ctx) })
	group.Go(func() error { return a.auditor.Run(ctx) })
	group.Go(func() error { return a.journal.Run(ctx) })
	group.Go(func() error {
		return router.NewWaker(a.Conn.Standings(), a.Ledger, a.Log.Named("waker"), a.Registry).Run(ctx)
	})
	group.Go(func() error { return a.console.Serve(serving, a.listener) })
	group.Go(func() error { return a.keeper.run(ctx) })
	group.Go(func() error { return a.keeper.present(ctx) })
	group.Go(func() error { return a.memory.run(ctx) })
	if a.redis != nil {
		group.Go(func() error { return a.redis.Run(ctx) })
	}
	err := group.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	a.memory.look(context.WithoutCancel(ctx), true)
	return errors.Join(err, a.close())
}

// Close stops what Open started, for an App that is never run.
func (a *App) Close() error { return a.close() }

func (a *App) onClose(name string, undo func(context.Context) error) {
	a.cleanups = append(a.cleanups, cleanup{name, undo})
}

func (a *App) close() error {
	var errs []error
	for ; len(a.cleanups) > 0; a.cleanups = a.cleanups[:len(a.cleanups)-1] {
		c := a.cleanups[len(a.cleanups)-1]
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		if err := c.undo(ctx); err != nil {
			errs = append(errs, fmt.Errorf("close %s: %w", c.name, err))
		}
		cancel()
	}
	return errors.Join(errs...)
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.Beat == nil {
		o.Beat = time.Tick(beat)
	}
	return o
}
