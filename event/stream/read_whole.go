package stream

import (
	"context"
	"errors"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// ReadWhole is Read on the journal, where no sequence may be missing: missing is
// called with every gap, before the message behind it is visited. Its error ends
// the read.
func (c *Conn) ReadWhole(ctx context.Context, from, through uint64, visit Visit, missing func(Gap) error) error {
	first, last, err := c.Bounds(ctx, event.StreamDispatch)
	if err != nil {
		return err
	}
	next := max(from, first, 1)
	skip := func(to uint64) error { // what is before to and was not visited
		gap := Gap{next, to - 1}
		if next = to; gap.From > gap.Through {
			return nil
		}
		first, _, err := c.Bounds(ctx, event.StreamDispatch)
		if err != nil {
			return err
		}
		if gap.From = max(gap.From, first); gap.From > gap.Through { // forgotten meanwhile
			return nil
		}
		return missing(gap)
	}
	err = c.Read(ctx, event.StreamDispatch, from, through, func(seq uint64, subject string, data []byte) error {
		if err := skip(seq); err != nil {
			return err
		}
		next = seq + 1
		return visit(seq, subject, data)
	})
	if err != nil || first > last {
		return err
	}
	if through == 0 {
		through = last
	}
	return skip(max(next, through+1)) // an end that cannot be read
}

// errNoMore: what a reader waits for cannot be read.
var errNoMore = errors.New("nothing more can be read")

// next waits for the next message. A server that cannot read the message at the
// end does not say so, and would be waited for for ever: after a while of
// silence, it is asked for what is left.
func (c *Conn) next(ctx, waiting context.Context, stream string, iter jetstream.MessagesContext, seen uint64, end ending) (jetstream.Msg, error) {
	if end.through == 0 || seen >= end.through {
		return iter.Next(jetstream.NextContext(waiting))
	}
	for {
		quiet, cancel := context.WithTimeout(waiting, apiTimeout)
		msg, err := iter.Next(jetstream.NextContext(quiet))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || waiting.Err() != nil {
			return msg, err
		}
		if left, err := c.left(ctx, stream, seen+1, end.through); err != nil || left {
			continue // it answers again, or the context ends
		}
		return nil, errNoMore
	}
}

// left reports whether any message between two sequences can be read.
func (c *Conn) left(ctx context.Context, stream string, from, through uint64) (bool, error) {
	const most = 1000 // that are asked for one by one
	if through-from >= most {
		return true, nil
	}
	s, err := c.stream(ctx, stream)
	if err != nil {
		return false, err
	}
	if state := s.CachedInfo().State; state.LastSeq < through {
		return true, nil // yet to be stored
	}
	for seq := from; seq <= through; seq++ {
		if msg, err := messageAt(ctx, s, seq); err != nil || msg != nil {
			return true, err
		}
	}
	return false, nil
}
