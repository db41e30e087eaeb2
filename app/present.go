package app

import (
	"context"
	"os"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event/stream"
)

// hear passes on that the store of configs has changed, until ctx ends.
func (k *keeper) hear(ctx context.Context, changed chan<- struct{}) {
	for ctx.Err() == nil {
		err := k.store.Changes(ctx, func() {
			select {
			case changed <- struct{}{}:
			default: // told already
			}
		})
		if ctx.Err() == nil {
			k.Log.Warn("the store of configs is not followed, trying again", zap.Error(err))
			pause(ctx, keepTimeout)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// say tells everybody that this router runs, and what.
func (k *keeper) say(ctx context.Context) {
	host, _ := os.Hostname()
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	err := k.presence.Say(ctx, stream.Presence{Router: k.Name, Host: host, Version: k.Version, Started: k.started, Clock: k.Now().UTC(),
		Revision: k.network.Revision, Source: k.source, Follows: k.Follow, Push: k.push, Closures: len(k.network.Closures()), Error: k.refused})
	if err != nil && ctx.Err() == nil {
		k.Log.Debug("presence not told", zap.Error(err))
	}
}

// leave says that the router has stopped, so that nobody waits for it to fall
// silent.
func (k *keeper) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveWithin)
	defer cancel()
	if err := k.presence.Leave(ctx, k.Name); err != nil {
		k.Log.Debug("leaving not told", zap.Error(err))
	}
}
