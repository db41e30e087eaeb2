package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/nats-io/nats.go/jetstream"
)

// Part is a stream, a bucket or a durable as it stands, beside what Ensure and
// the routers want of it.
type Part struct {
	Name     string    `json:"name"` // ORDERS, or ORDERS durable router
	Missing  bool      `json:"missing"`
	Settings []Setting `json:"settings"`
}

// Setting is one that is compared.
type Setting struct {
	Name   string `json:"name"`         // as nats-server names it
	Is     string `json:"is,omitempty"` // empty: the part is missing
	Want   string `json:"want"`
	ByHand string `json:"byHand,omitempty"` // where they differ and the server does not change it: what to do
	Drops  uint64 `json:"drops,omitempty"`  // messages that the server would remove with the change
	Why    string `json:"why,omitempty"`    // it would
}

// Differs reports whether the setting is not as it should be.
func (s *Setting) Differs() bool { return s.Is != s.Want }

// Well reports whether nothing of the part is missing or differs.
func (p *Part) Well() bool {
	return !p.Missing && !slices.ContainsFunc(p.Settings, func(s Setting) bool { return s.Differs() })
}

// Drops is how many messages the server would remove to make the part as it
// should be.
func (p *Part) Drops() (n uint64) {
	for _, s := range p.Settings {
		n += s.Drops
	}
	return n
}

// Parts looks at every stream and bucket, and at the durables that routers pull
// from, by stream. It changes nothing.
func (c *Conn) Parts(ctx context.Context, s Settings, durables map[string]string) ([]Part, error) {
	var list []Part
	for _, want := range s.streams() {
		p, got, err := c.streamPart(ctx, want)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
		durable := durables[want.Name]
		if durable == "" {
			continue
		}
		if p, err = c.durablePart(ctx, got, c.durable(want.Name, durable), want.Name); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// streamPart gives the stream, too; nil: it is missing.
func (c *Conn) streamPart(ctx context.Context, want jetstream.StreamConfig) (Part, jetstream.Stream, error) {
	s, err := c.stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return missing(want.Name, compareAll(want, want)), nil, nil
	}
	if err != nil {
		return Part{}, nil, fmt.Errorf("look at stream %s: %w", want.Name, err)
	}
	got := s.CachedInfo().Config
	p := part(want.Name, compareAll(got, want), func(setting string) string { return byHand(setting, got, want) })
	if err := c.losses(ctx, s, want, &p); err != nil {
		return Part{}, nil, err
	}
	return p, s, nil
}

func (c *Conn) durablePart(ctx context.Context, s jetstream.Stream, want jetstream.ConsumerConfig, stream string) (Part, error) {
	asWanted := compareDurableAll(stream, want, want)
	if s == nil {
		return missing(asWanted.stream, asWanted), nil
	}
	var cons jetstream.Consumer
	err := c.withLeader(ctx, func(ctx context.Context) (err error) {
		cons, err = s.Consumer(ctx, want.Durable)
		return err
	})
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return missing(asWanted.stream, asWanted), nil
	}
	if err != nil {
		return Part{}, fmt.Errorf("look at %s: %w", asWanted.stream, err)
	}
	anew := func(setting string) string {
		if durableSetters[setting] != nil {
			return ""
		}
		return fmt.Sprintf("nats consumer rm %s %s; a router makes it anew, and reads the stream again to no effect", stream, want.Durable)
	}
	return part(asWanted.stream, compareDurableAll(stream, cons.CachedInfo().Config, want), anew), nil
}

func missing(name string, d *differ) Part {
	p := Part{Name: name, Missing: true}
	for _, one := range d.seen {
		p.Settings = append(p.Settings, Setting{Name: one.Setting, Want: one.Want})
	}
	return p
}

func part(name string, d *differ, byHand func(setting string) string) Part {
	p := Part{Name: name}
	for _, one := range d.seen {
		s := Setting{Name: one.Setting, Is: one.Got, Want: one.Want}
		if s.Differs() {
			s.ByHand = byHand(s.Name)
		}
		p.Settings = append(p.Settings, s)
	}
	return p
}
