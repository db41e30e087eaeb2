package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Condition is a stream as it stands, beside what Ensure wants of it.
type Condition struct {
	Stream      string
	Missing     bool
	Differences []Difference // of the stream and of its durable
	Replicas    int
	Leader      string   // empty: a single server, or there is none
	Leaderless  bool     // a cluster without a leader for it
	Behind      []string // replicas that are offline or not current
}

// Inspect looks at every stream, and at those durables that there are, and
// changes nothing.
func (c *Conn) Inspect(ctx context.Context, s Settings, durable string) ([]Condition, error) {
	var list []Condition
	for _, want := range s.streams() {
		found, err := c.condition(ctx, want, durable)
		if err != nil {
			return nil, err
		}
		list = append(list, found)
	}
	return list, nil
}

func (c *Conn) condition(ctx context.Context, want jetstream.StreamConfig, durable string) (Condition, error) {
	found := Condition{Stream: want.Name}
	s, err := c.stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		found.Missing = true
		return found, nil
	}
	if err != nil {
		return found, fmt.Errorf("look at stream %s: %w", want.Name, err)
	}
	info := s.CachedInfo()
	found.Differences, found.Replicas = compare(info.Config, want), info.Config.Replicas
	if cl := info.Cluster; cl != nil && cl.Name != "" {
		found.Leader, found.Leaderless = cl.Leader, cl.Leader == ""
		for _, r := range cl.Replicas {
			if r.Offline || !r.Current {
				found.Behind = append(found.Behind, r.Name)
			}
		}
	}
	if !pulled(want.Name) {
		return found, nil
	}
	cons, err := c.consumer(ctx, want.Name, durable)
	if errors.Is(err, jetstream.ErrConsumerNotFound) {
		return found, nil // the next router makes it
	}
	if err != nil {
		return found, fmt.Errorf("look at durable %s of %s: %w", durable, want.Name, err)
	}
	found.Differences = append(found.Differences, compareDurable(want.Name, cons.CachedInfo().Config, c.durable(want.Name, durable))...)
	return found, nil
}

// pulled reports whether routers pull from a stream.
func pulled(stream string) bool {
	return stream == event.StreamOrders || stream == event.StreamCourier || stream == event.StreamRetry
}

// Version is that of the server, as it says.
func (c *Conn) Version() string { return c.nc.ConnectedServerVersion() }

// Clock is the clock of the server that leads ORDERS, as far ahead of this
// machine's as it seems, give or take half of the time that asking took.
func (c *Conn) Clock(ctx context.Context) (ahead, took time.Duration, _ error) {
	s, err := c.stream(ctx, event.StreamOrders)
	if err != nil {
		return 0, 0, fmt.Errorf("open stream %s: %w", event.StreamOrders, err)
	}
	var asked time.Time
	info, err := ask(ctx, askWithin, func(ctx context.Context) (*jetstream.StreamInfo, error) {
		asked = time.Now()
		return s.Info(ctx)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("ask for stream %s: %w", event.StreamOrders, err)
	}
	took = time.Since(asked)
	return info.TimeStamp.Sub(asked.Add(took / 2)), took, nil
}

// Server is where the connection is to, HOST:PORT.
func (c *Conn) Server() string { return c.nc.ConnectedAddr() }
