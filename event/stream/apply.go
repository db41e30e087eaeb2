package stream

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"
)

// ErrWouldDrop: a part was left as it is, because the change would remove
// messages.
var ErrWouldDrop = errors.New("left as it is: the change would remove messages")

// Apply makes the parts that are missing and changes those that differ, only
// where they differ, and tells what became of each of them. Where messages
// would be removed it leaves the whole part, unless drop is set. What the
// server does not change stays.
func (c *Conn) Apply(ctx context.Context, s Settings, durables map[string]string, drop bool, told func(Part, error)) error {
	for _, want := range s.streams() {
		p, got, err := c.streamPart(ctx, want)
		if err != nil {
			return err
		}
		if !p.Well() {
			if got == nil || drop || p.Drops() == 0 {
				err = c.applyStream(ctx, &p, got, want)
			} else {
				err = ErrWouldDrop
			}
			told(p, err)
		}
		durable := durables[want.Name]
		if durable == "" || got == nil && err != nil {
			continue
		}
		if err := c.applyDurable(ctx, want.Name, durable, told); err != nil {
			return err
		}
	}
	return nil
}

// applyStream makes a stream, or changes the one that got is.
func (c *Conn) applyStream(ctx context.Context, p *Part, got jetstream.Stream, want jetstream.StreamConfig) error {
	if got == nil {
		return c.withLeader(ctx, func(ctx context.Context) error {
			_, err := c.ensureStream(ctx, want)
			return err
		})
	}
	next, changed := got.CachedInfo().Config, false
	// A limit where there was none has to leave room for what stands.
	want.MaxBytes = max(want.MaxBytes, 2*int64(got.CachedInfo().State.Bytes))
	for i := range p.Settings {
		one := &p.Settings[i]
		if set := streamSetters[one.Name]; one.Differs() && one.ByHand == "" && set != nil {
			set(&next, &want)
			changed = true
		}
	}
	if !changed {
		return nil
	}
	return c.withLeader(ctx, func(ctx context.Context) error {
		_, err := c.js.UpdateStream(ctx, next)
		return err
	})
}

// applyDurable makes a durable, or changes the one that there is.
func (c *Conn) applyDurable(ctx context.Context, stream, name string, told func(Part, error)) error {
	s, err := c.stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("open stream %s: %w", stream, err)
	}
	want := c.durable(stream, name)
	p, err := c.durablePart(ctx, s, want, stream)
	if err != nil || p.Well() {
		return err
	}
	if p.Missing {
		told(p, c.withLeader(ctx, func(ctx context.Context) error {
			_, err := c.ensureDurable(ctx, stream, name)
			return err
		}))
		return nil
	}
	cons, err := s.Consumer(ctx, name)
	if err != nil {
		return fmt.Errorf("look at durable %s of %s: %w", name, stream, err)
	}
	next, changed := cons.CachedInfo().Config, false
	for i := range p.Settings {
		one := &p.Settings[i]
		if set := durableSetters[one.Name]; one.Differs() && one.ByHand == "" && set != nil {
			set(&next, &want)
			changed = true
		}
	}
	if changed {
		err = c.withLeader(ctx, func(ctx context.Context) error {
			_, err := s.UpdateConsumer(ctx, next)
			return err
		})
	}
	told(p, err)
	return nil
}
