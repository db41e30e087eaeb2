package stream_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// An order can be read the moment it is acknowledged, on a replicated stream
// too: a replica that is behind would say that it is gone.
func TestOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		subject := event.PlacedSubject(channel(t))
		for _, id := range []string{"1", "2", "3", "4", "5"} {
			var stored stream.Outcome
			p := c.Publisher(func(_ stream.Outgoing, o stream.Outcome) { stored = o })
			m := stream.Outgoing{Subject: subject, Data: []byte("order " + id)}
			if err := errors.Join(p.Send(t.Context(), m), p.Flush(t.Context()), stored.Err); err != nil {
				t.Fatal(err)
			}
			at, data, found, err := c.Order(t.Context(), stored.Sequence)
			if err != nil || !found || at != subject || string(data) != "order "+id {
				t.Errorf("at %d: got %q on %q, found %v, %v", stored.Sequence, data, at, found, err)
			}
		}
		if _, _, found, err := c.Order(t.Context(), 1<<40); err != nil || found {
			t.Errorf("never stored: found %v, %v, want neither", found, err)
		}
	})
}

func TestOrderForgotten(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	publish(t, c, 3)
	js := admin(t, srv.URL())
	update(t, js, event.StreamOrders, func(cfg *jetstream.StreamConfig) {
		cfg.MaxMsgs, cfg.Discard, cfg.DiscardNewPerSubject = 1, jetstream.DiscardOld, false // forgets from its beginning, as by age
	})
	for seq, want := range map[uint64]bool{1: false, 2: false, 3: true} {
		if _, _, found, err := c.Order(t.Context(), seq); err != nil || found != want {
			t.Errorf("at %d: found %v, %v, want %v", seq, found, err, want)
		}
	}

	update(t, js, event.StreamOrders, func(cfg *jetstream.StreamConfig) { cfg.AllowDirect = true })
	var differs *stream.SettingsError
	if _, _, _, err := c.Order(t.Context(), 3); !errors.As(err, &differs) {
		t.Errorf("with direct reads: got %v, want a *SettingsError", err)
	}
	if err := c.Ensure(t.Context(), stream.Settings{}); !errors.As(err, &differs) || len(differs.Differences) != 4 {
		t.Errorf("ensure: got %v, want max_msgs, discard, discard_new_per_subject and allow_direct", err)
	}

	srv.Shutdown()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // or it would be asked for longer
	defer cancel()
	if _, _, found, err := c.Order(ctx, 3); err == nil {
		t.Errorf("without a server: found %v, want an error", found)
	}
}

// update changes a stream behind the package's back.
func update(t *testing.T, js jetstream.JetStream, name string, change func(*jetstream.StreamConfig)) {
	t.Helper()
	s, err := js.Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	cfg := s.CachedInfo().Config
	change(&cfg)
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}
