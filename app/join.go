package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event/stream"
)

// joinBeats is how many beats a router tries to be heard before it gives up.
const joinBeats = 3 * presenceBeats

// join makes the router one of those that run, or refuses: nobody may run with
// another digest key, nor, unless the journal already counts in the Redis at
// hand, on another Redis. It is called before anything is reserved. A router
// that was killed is listed for a while: only one that speaks again is known to
// run, and join waits until either is clear.
func (a *App) join(ctx context.Context) (err error) {
	c, k := a.keeper.company, a.keeper
	defer func() {
		if err != nil {
			k.leave(ctx)
		}
	}()
	heard := map[string]time.Time{} // when each stranger had spoken, at first sight
	told := false                   // or there is nowhere to tell it
	for beats := 0; ; beats++ {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if !told || beats%presenceBeats == 0 {
			c.keep(ctx)
			err := k.say(ctx, k.Served())
			if told = err == nil || errors.Is(err, stream.ErrNoBucket); !told && beats >= joinBeats {
				return fmt.Errorf("tell other routers that this one runs: %w", err)
			}
		}
		strangers, err := a.unwelcome(ctx)
		if err != nil {
			return err
		}
		for _, s := range strangers {
			at, known := heard[s.Router]
			if known && s.Seen.After(at) {
				return c.refusal(s)
			}
			if !known {
				heard[s.Router] = s.Seen
				a.Log.Warn("is a router running apart from this one? waiting until it speaks or is forgotten",
					zap.String("router", s.Router), zap.Duration("at most", stream.PresenceTTL), zap.String("why", c.refusal(s).Error()))
			}
		}
		if told && len(strangers) == 0 {
			c.joining.Store(false)
			return nil
		}
		select {
		case <-ctx.Done():
		case <-k.Beat:
		}
	}
}

// unwelcome lists the strangers that this router must not run beside.
func (a *App) unwelcome(ctx context.Context) ([]Stranger, error) {
	strangers, err := a.keeper.company.look(ctx)
	if err != nil || len(strangers) == 0 {
		return nil, err
	}
	strange, err := a.Router.Strange(ctx)
	if err != nil {
		return nil, err
	}
	var first []Stranger
	for _, s := range strangers {
		if (s.OtherKey || strange) && a.keeper.company.first(s) {
			first = append(first, s)
		}
	}
	return first, nil
}
