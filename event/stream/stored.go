package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/nearlane/nearlane/event"
)

// ErrBeyond is a sequence that the journal has not reached.
var ErrBeyond = errors.New("it is not in the journal")

// Journaled gives the subject of the message at a sequence of the journal, read
// from the leader. It is empty for one that the journal has forgotten. The
// error wraps ErrBeyond if the journal has not come that far.
func (c *Conn) Journaled(ctx context.Context, seq uint64) (subject string, err error) {
	s, err := c.leaderRead(ctx, event.StreamDispatch)
	if err != nil {
		return "", err
	}
	if last := s.CachedInfo().State.LastSeq; seq > last {
		return "", fmt.Errorf("%w, which ends at %d", ErrBeyond, last)
	}
	msg, err := messageAt(ctx, s, seq)
	if err != nil || msg == nil {
		return "", err
	}
	return msg.Subject, nil
}

// Holds reports whether the journal's message at a milestone can be read from
// the leader, and is the one that was stored then.
func (c *Conn) Holds(ctx context.Context, m Milestone) (bool, error) {
	s, err := c.leaderRead(ctx, event.StreamDispatch)
	if err != nil {
		return false, err
	}
	msg, err := messageAt(ctx, s, m.Sequence)
	return msg != nil && msg.Time.Equal(m.StoredAt), err
}
