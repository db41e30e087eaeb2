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
// and again before it is forgotten. Whether that could be stored is what the
// probe goes by; while it could not, it is tried at every beat. The error is the
// probe's. It then looks at the others, too.
func (k *keeper) present(ctx context.Context) error {
	defer k.leave(ctx)
	var said *Served
	for quiet := 0; ; quiet++ {
		k.company.keep(ctx)
		if served := k.Served(); served != said || quiet >= presenceBeats || !k.probe.well() || k.probe.stuck() {
			if err := k.probe.try(ctx, func(ctx context.Context) error { return k.say(ctx, served) }); err != nil {
				return err
			}
			said, quiet = served, 0
			k.company.observe(ctx)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-k.Beat:
		}
	}
}

const (
	beat = time.Second // the most often that a router speaks, however often it reloads
	// presenceBeats is how many beats a router is silent at most.
	presenceBeats = int(stream.PresenceRefresh / beat)
)

func (k *keeper) say(ctx context.Context, s *Served) error {
	host, _ := os.Hostname()
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	p := stream.Presence{Router: k.Name, Network: s.Network, Host: host, Version: k.Version, Started: k.started, Clock: time.Now().UTC(),
		Revision: s.Revision, Source: s.Source, Follows: k.Follow, Push: s.Push, Closures: len(s.Closures), Error: s.Error}
	k.company.adds(&p)
	return k.presence.Say(ctx, p)
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
