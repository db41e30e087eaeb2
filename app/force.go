package app

import (
	"context"
	"errors"
	"slices"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// putInForce makes the network of the config and of the closures that are not
// over the one of the batches to come, and archives what it is made of first: a
// decision should not name a revision that nobody has.
func (k *keeper) putInForce(ctx context.Context) {
	next := k.base.WithClosures(k.base.Lasting(k.closed, k.Now()))
	k.bounded(ctx, func(ctx context.Context) { k.archive(ctx, next) })
	defer k.bounded(ctx, k.record)
	if k.was == k.base && slices.Equal(k.network.Closures(), next.Closures()) {
		return
	}
	if k.network != nil && !slices.Equal(k.network.Closures(), next.Closures()) {
		k.Log.Info("what staff have closed has changed", zap.Int("closures", len(next.Closures())), zap.String("revision", next.Revision))
	}
	k.network, k.was = next, k.base
	k.swap(next)
	k.metrics.inForce(next.Revision, len(next.Closures()))
	k.publish()
}

// record notes which config this router serves: a start with another one is
// judged by what is different. What cannot be noted is tried again at every
// look.
func (k *keeper) record(ctx context.Context) {
	if k.recorded == k.base.Revision {
		return
	}
	if err := k.store.SetServed(ctx, k.Name, k.base.Revision); err != nil {
		k.Log.Debug("what is served not noted", zap.Error(err))
		return
	}
	k.recorded = k.base.Revision
}

// archive does so once per revision. Routing goes on without: what cannot be
// archived is told once, and tried again at every look unless it is too large
// for the server.
func (k *keeper) archive(ctx context.Context, next *router.Network) {
	if k.archived[next.Revision] {
		return
	}
	err := archive(ctx, k.store, k.config, next)
	if err == nil || errors.Is(err, stream.ErrTooLarge) { // which it stays
		k.archived[next.Revision] = true
	}
	if err != nil && ctx.Err() == nil && k.lacking != next.Revision {
		k.lacking = next.Revision
		k.Log.Warn("config not archived: its decisions cannot be planned again", zap.Error(err))
	}
}

// publish tells others what is served now.
func (k *keeper) publish() {
	k.served.Store(&Served{Router: k.Name, Network: k.config.Network, Revision: k.network.Revision, Source: k.source, Push: k.push, Error: k.refused,
		Closures: append([]router.Closure{}, k.network.Closures()...), Config: k.config.Bundle().Blanked()})
}

// Served is what the process serves at the moment.
func (k *keeper) Served() *Served { return k.served.Load() }

// Ask reloads, as SIGHUP does, and returns what became of it.
func (k *keeper) Ask(ctx context.Context) (Reloaded, error) {
	answer := make(chan Reloaded, 1)
	select {
	case k.asked <- answer:
	case <-ctx.Done():
		return Reloaded{}, ctx.Err()
	}
	return <-answer, nil // it is bounded
}
