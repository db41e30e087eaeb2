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
	for said := false; ctx.Err() == nil; {
		began := time.Now()
		err := k.store.Changes(ctx, func() {
			select {
			case changed <- struct{}{}:
			default: // told already
			}
		})
		if ctx.Err() == nil {
			if !said || time.Since(began) > keepTimeout { // told once until it works again
				said = true
				k.Log.Warn("the store of configs is not followed, trying again", zap.Error(err))
			}
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

// present tells everybody that this router runs, and what: soon after a change,
// and again before it is forgotten. It then looks at the others too.
func (k *keeper) present(ctx context.Context) {
	every := min(presentEvery, k.PresenceEvery)
	tick := time.NewTicker(every)
	defer tick.Stop()
	var said *Served
	for quiet := time.Duration(0); ; quiet += every {
		k.company.keep(ctx)
		if served := k.Served(); served != said || quiet >= k.PresenceEvery {
			k.say(ctx, served)
			said, quiet = served, 0
			k.company.observe(ctx)
		}
		select {
		case <-ctx.Done():
			k.leave(ctx)
			return
		case <-tick.C:
		}
	}
}

// presentEvery is the most often that a router speaks, however often it
// reloads.
const presentEvery = time.Second

func (k *keeper) say(ctx context.Context, s *Served) {
	host, _ := os.Hostname()
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	p := stream.Presence{Router: k.Name, Network: s.Network, Host: host, Version: k.Version, Started: k.started, Clock: time.Now().UTC(),
		Revision: s.Revision, Source: s.Source, Follows: k.Follow, Push: s.Push, Closures: len(s.Closures), Error: s.Error}
	k.company.adds(&p)
	err := k.presence.Say(ctx, p)
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
