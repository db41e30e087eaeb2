package stream_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func inspect(t *testing.T, c *stream.Conn, s stream.Settings) map[string]stream.Condition {
	t.Helper()
	list, err := c.Inspect(t.Context(), s, "router")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]stream.Condition{}
	for _, one := range list {
		found[one.Stream] = one
	}
	return found
}

// Looking makes nothing, and says everything that Ensure would refuse.
func TestInspect(t *testing.T) {
	t.Parallel()
	fresh, srv := alone(t, stream.Settings{})
	for name, s := range inspect(t, fresh, stream.Settings{}) {
		if s.Missing || len(s.Differences) > 0 || s.Leaderless || s.Replicas != 1 {
			t.Errorf("%s: got %+v, want nothing to say", name, s)
		}
	}
	js := admin(t, srv.URL())
	orders, err := js.Stream(t.Context(), event.StreamOrders)
	if err != nil {
		t.Fatal(err)
	}
	if names := orders.ListConsumers(t.Context()); len(names.Info()) > 0 {
		t.Error("looking has made a durable")
	}
	if err := js.DeleteStream(t.Context(), event.StreamRetry); err != nil {
		t.Fatal(err)
	}
	cfg := orders.CachedInfo().Config
	cfg.MaxAge = time.Hour
	if _, err := js.UpdateStream(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if _, err := orders.CreateConsumer(t.Context(), jetstream.ConsumerConfig{Durable: "router", AckPolicy: jetstream.AckExplicitPolicy, MaxDeliver: 3}); err != nil {
		t.Fatal(err)
	}
	found := inspect(t, fresh, stream.Settings{})
	if !found[event.StreamRetry].Missing {
		t.Error("RETRY: want it missing")
	}
	if _, err := js.Stream(t.Context(), event.StreamRetry); err == nil {
		t.Error("looking has made RETRY")
	}
	settings := map[string]bool{}
	for _, d := range found[event.StreamOrders].Differences {
		settings[d.Setting] = true
	}
	if !settings["max_age"] || !settings["max_deliver"] {
		t.Errorf("ORDERS: got %v, want max_age and max_deliver of its durable", found[event.StreamOrders].Differences)
	}
}

func TestInspectCluster(t *testing.T) {
	t.Parallel()
	c := open(t, shared.cluster.URL(), stream.Settings{Replicas: 3})
	s := inspect(t, c, stream.Settings{Replicas: 3})[event.StreamDispatch]
	if s.Leader == "" || s.Leaderless || s.Replicas != 3 {
		t.Errorf("got %+v, want a leader and three replicas", s)
	}
}

func TestClock(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		ahead, took, err := c.Clock(t.Context())
		if err != nil || took <= 0 || ahead.Abs() > time.Minute {
			t.Errorf("got %v ahead, in %v, %v, want this machine's", ahead, took, err)
		}
	})
}

func TestLoads(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{OrdersBytes: 1 << 20})
	js := admin(t, srv.URL())
	load := func() stream.Load {
		t.Helper()
		loads, err := c.Loads(t.Context(), map[string]string{event.StreamOrders: "router"})
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range loads {
			if l.Stream == event.StreamOrders {
				return l
			}
		}
		t.Fatal("no ORDERS")
		return stream.Load{}
	}
	if l := load(); l.Durable || l.MaxBytes != 1<<20 || l.Messages != 0 {
		t.Errorf("without a durable: got %+v", l)
	}
	cons, err := js.CreateConsumer(t.Context(), event.StreamOrders, jetstream.ConsumerConfig{Durable: "router", AckPolicy: jetstream.AckExplicitPolicy})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if _, err := js.Publish(t.Context(), event.PlacedSubject("webshop"), []byte("{}")); err != nil {
			t.Fatal(err)
		}
	}
	msg, err := cons.Next()
	if err != nil {
		t.Fatal(err)
	}
	if l := load(); !l.Durable || l.Pending != 2 || l.Unanswered != 1 || l.Messages != 3 || l.Bytes == 0 || time.Since(l.Oldest).Abs() > time.Minute {
		t.Errorf("one of three in hand: got %+v", l)
	}
	if err := msg.DoubleAck(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if msg, err = cons.Next(); err == nil {
			err = msg.DoubleAck(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if l := load(); l.Pending != 0 || l.Unanswered != 0 || !l.Oldest.IsZero() {
		t.Errorf("all answered: got %+v", l)
	}
}
