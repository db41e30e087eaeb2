package app

import (
	"context"
	"errors"
	"fmt"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// ErrForeign is a Redis that was filled from another journal.
var ErrForeign = errors.New("the capacity in Redis is of another journal")

// checkOrigin refuses a Redis whose regions were rebuilt from another journal
// than the one at hand: the data folder was deleted, a stream was made anew, or
// two systems were given one Redis. Routing would go by what is gone.
func (a *App) checkOrigin(ctx context.Context) error {
	for _, r := range a.Config.Regions {
		region := r.Key()
		id, found, err := a.Ledger.Epoch(ctx, region)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		subject, err := a.Conn.Journaled(ctx, id)
		switch {
		case errors.Is(err, stream.ErrBeyond):
		case err != nil:
			return err
		case subject == "" || subject == event.EpochSubject(region): // forgotten, or ours
			continue
		default:
			err = fmt.Errorf("that is a message on %s", subject)
		}
		return fmt.Errorf("%w: region %s was rebuilt at sequence %d of stream %s, and here %w; "+
			"give redis.url the Redis of this NATS, or empty that one (FLUSHDB): it is filled from the journal again",
			ErrForeign, region, id, event.StreamDispatch, err)
	}
	return nil
}
