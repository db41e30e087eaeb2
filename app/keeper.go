package app

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

const (
	keepTimeout = 5 * time.Second        // of one look at the store of configs
	keepEvery   = stream.PresenceRefresh // looks at the store, in case that its news was lost
	leaveWithin = 2 * time.Second        // to say that the router has stopped
)

// keeper keeps the router on the network that it should serve: the config of
// the file or of the last push, with what staff have closed. Its run alone
// changes the network in force; everyone else asks it to.
type keeper struct {
	Options
	own      *config.Config // that the process was started with: its servers, folders and secrets stay
	swap     func(*router.Network)
	rest     func(context.Context) (done func(), err error) // until no order is in hand
	conn     *stream.Conn
	attempts func(ctx context.Context, region string) (map[string][]lanes.Claim, error)
	store    *stream.ConfigStore
	presence *stream.PresenceStore
	probe    *probe
	metrics  *reloadMetrics
	watch    *watch
	company  *company
	started  time.Time
	asked    chan chan<- Reloaded
	served   atomic.Pointer[Served]

	// Owned by run.
	config   *config.Config
	base     *router.Network // of config
	network  *router.Network // in force: was, with what staff have closed
	was      *router.Network // the base of network
	source   string
	closed   []router.Closure // as stored
	push     uint64           // sequence of the last push that was looked at
	deaf     bool             // closures could not be read at the last look
	refused  string           // why the last reload was; empty: it was not
	recorded string           // the revision that the store knows this router to serve
	archived map[string]bool  // revisions that the store has, or cannot take
	lacking  string           // why a revision could not be archived, said once
}

// Served is what a process serves, as others may read it.
type Served struct {
	Router   string           `json:"router"`
	Network  string           `json:"network"`  // its name
	Revision string           `json:"revision"` // of the network: that of the config, and of the closures
	Source   string           `json:"source"`   // file or push
	Push     uint64           `json:"push,omitzero"`
	Error    string           `json:"error,omitzero"` // why the last reload was refused
	Closures []router.Closure `json:"closures"`
	Config   *config.Bundle   `json:"config"` // without secrets
}

// openKeeper finds the network to begin with. Closures that cannot be read are
// none until they can. A push that cannot be followed is an error: this router
// would route by other rules than the rest.
func (a *App) openKeeper(ctx context.Context) (*keeper, error) {
	k := &keeper{Options: a.Options, own: a.Config, store: a.Conn.Config(), presence: a.Conn.Presence(),
		probe:   newProbe(a.nats, a.Log, a.Registry),
		metrics: newReloadMetrics(a.Registry), watch: newWatch(append([]string{a.Path}, a.Config.Files...)...),
		started: time.Now().UTC(), asked: make(chan chan<- Reloaded), archived: map[string]bool{}, swap: func(*router.Network) {},
		conn: a.Conn, attempts: a.Ledger.Attempts, rest: func(context.Context) (func(), error) { return func() {}, nil }}
	k.bounded(ctx, k.readClosures)
	if k.Follow {
		if err := k.followPush(ctx, &Reloaded{}); err != nil {
			return nil, &FollowError{err}
		}
	}
	if k.network == nil { // there is no push
		if err := k.take(ctx, a.Config, fromFile); err != nil {
			return nil, err
		}
	}
	k.metrics.loaded(k.Now())
	k.publish()
	return k, nil
}

// FollowError means that the last push cannot be followed.
type FollowError struct{ Err error }

func (e *FollowError) Error() string { return "follow the last push: " + e.Err.Error() }

func (e *FollowError) Unwrap() error { return e.Err }

// run serves the requests to change the network until ctx is done.
func (k *keeper) run(ctx context.Context) error {
	changed := make(chan struct{}, 1)
	var aside sync.WaitGroup
	aside.Go(func() { k.hear(ctx, changed) })
	defer aside.Wait()
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case _, open := <-k.Reload:
			if !open {
				k.Reload = nil
				continue
			}
			k.reload(ctx)
		case answer := <-k.asked:
			answer <- k.explained(ctx)
		case <-k.Look:
			if !k.Follow && k.watch.changed() {
				k.Log.Info("the config has changed on disk")
				k.reload(ctx)
			}
		case <-changed:
			k.look(ctx)
		case <-tick.C:
			k.look(ctx)
		}
	}
}

func (k *keeper) bounded(ctx context.Context, do func(context.Context)) {
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	do(ctx)
}

// look takes what the store has and the process does not follow yet.
func (k *keeper) look(ctx context.Context) {
	k.bounded(ctx, k.readClosures)
	if k.Follow {
		k.lookForPush(ctx)
	}
	k.putInForce(ctx)
}

// readClosures reads what staff have closed. Nothing waits for closures that
// cannot be read: those known stay in force, which is told once.
func (k *keeper) readClosures(ctx context.Context) {
	closed, err := k.storedClosures(ctx)
	switch {
	case err == nil:
		k.closed, k.deaf = closed, false
	case ctx.Err() == nil && !k.deaf:
		k.deaf = true
		k.Log.Warn("closures not read, those known stay in force", zap.Error(err))
	}
}

func (k *keeper) storedClosures(ctx context.Context) ([]router.Closure, error) {
	data, _, err := k.store.Closures(ctx)
	if err != nil {
		return nil, err
	}
	closed, err := router.DecodeClosures(data)
	if err != nil {
		return nil, fmt.Errorf("%w: 'nats kv purge CONFIG closures' forgets them", err)
	}
	return closed, nil
}
