package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Load is how full a stream is, and how far its durable has come.
type Load struct {
	Stream   string
	Messages uint64
	Bytes    uint64
	MaxBytes int64 // -1: no limit

	Consumers    int    // of anybody
	Fullest      string // the subject with most messages, where there is a quota; empty: there is none
	FullestHolds uint64 // messages of it
	Quota        int64  // that it may hold; -1: no quota

	Durable     bool      // the rest is known
	Pending     uint64    // not delivered yet
	Unanswered  int       // delivered, and not acked yet
	Redelivered int       // of these, delivered more than once
	Oldest      time.Time // when the oldest unanswered message was stored; zero: there is none
}

// Loads asks for every stream that there is, and for the durable that durables
// has for it.
func (c *Conn) Loads(ctx context.Context, durables map[string]string) ([]Load, error) {
	var loads []Load
	for _, want := range (Settings{}).streams() {
		s, err := c.stream(ctx, want.Name)
		if errors.Is(err, jetstream.ErrStreamNotFound) {
			continue // the others are no less full
		}
		if err != nil {
			return nil, fmt.Errorf("open stream %s: %w", want.Name, err)
		}
		state := s.CachedInfo().State
		l := Load{Stream: want.Name, Messages: state.Msgs, Bytes: state.Bytes, MaxBytes: s.CachedInfo().Config.MaxBytes,
			Consumers: state.Consumers, Quota: -1}
		if s.CachedInfo().Config.DiscardNewPerSubject {
			if err := l.quota(ctx, s); err != nil {
				return nil, err
			}
		}
		if durable := durables[want.Name]; durable != "" {
			if err := l.durable(ctx, c, s, durable); err != nil {
				return nil, err
			}
		}
		loads = append(loads, l)
	}
	return loads, nil
}

// quota fills in how near to its quota the nearest subject is. Streams that have
// one have few subjects.
func (l *Load) quota(ctx context.Context, s jetstream.Stream) error {
	held, err := held(ctx, s)
	if err != nil {
		return fmt.Errorf("count the subjects of %s: %w", l.Stream, err)
	}
	l.Quota = s.CachedInfo().Config.MaxMsgsPerSubject
	for _, h := range held {
		if h.messages > l.FullestHolds || h.messages == l.FullestHolds && h.subject < l.Fullest {
			l.Fullest, l.FullestHolds = h.subject, h.messages
		}
	}
	return nil
}

// durable fills in how far the durable has come.
func (l *Load) durable(ctx context.Context, c *Conn, s jetstream.Stream, name string) error {
	cons, err := c.consumer(ctx, l.Stream, name)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look at durable %s of %s: %w", name, l.Stream, err)
	}
	info := cons.CachedInfo()
	l.Durable, l.Pending, l.Unanswered, l.Redelivered = true, info.NumPending, info.NumAckPending, info.NumRedelivered
	if l.Stream == event.StreamRetry || l.Pending == 0 && l.Unanswered == 0 {
		return nil // schedules stand between the due ones
	}
	oldest, err := messageAt(ctx, s, max(info.AckFloor.Stream+1, s.CachedInfo().State.FirstSeq))
	if err != nil || oldest == nil {
		return err // forgotten meanwhile
	}
	l.Oldest = oldest.Time
	return nil
}

// Reconnects is how often the connection was lost and made again.
func (c *Conn) Reconnects() uint64 { return c.nc.Stats().Reconnects }

// Connected reports whether there is a connection now.
func (c *Conn) Connected() bool { return c.nc.IsConnected() }
