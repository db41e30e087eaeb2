package faults

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

const (
	// standstill is so long that heartbeats are missed three times.
	standstill = 7 * time.Second
	// held is how many orders come while nobody pulls: two pulls bring them.
	held = 1000
)

// A router that misses heartbeats asks anew, and NATS, when it goes on, answers
// what it was asked before as well. Nothing of that may be lost on its way: it
// would come again only after AckWait, which this test does not live to see.
func TestStandstillLosesNothing(t *testing.T) {
	t.Parallel()
	w := &world{TB: t, setting: setting{nodes: 1}, dir: t.TempDir()}
	w.startNodes()
	w.startRedis()
	w.connect()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, err := stream.Connect(ctx, stream.Options{URL: w.natsURL(), Name: "router", AckWait: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	in, err := conn.Inbox(ctx, event.StreamOrders, app.Durable)
	if err != nil {
		t.Fatal(err)
	}
	w.asks(1, 1)
	w.nodes[0].freeze()
	<-time.After(standstill)
	w.nodes[0].thaw()
	w.asks(2, 3)

	if err := flood(ctx, w.conn, held); err != nil {
		t.Fatal(err)
	}
	w.durable("everything is under way", func(i *jetstream.ConsumerInfo) error {
		if i.NumPending > 0 {
			return fmt.Errorf("%d orders are not", i.NumPending)
		}
		return nil
	})
	w.arrivesOnce(in, held)
	if err := in.Close(ctx); err != nil {
		t.Error(err)
	}
}

// asks waits until so many pulls stand on the durable, and wants at most so
// many.
func (w *world) asks(least, most int) {
	w.Helper()
	w.durable("the router has asked", func(i *jetstream.ConsumerInfo) error {
		if i.NumWaiting < least {
			return fmt.Errorf("%d pulls stand, want %d", i.NumWaiting, least)
		}
		if i.NumWaiting > most {
			w.Errorf("%d pulls stand, want %d at most", i.NumWaiting, most)
		}
		return nil
	})
}

// durable waits until what is asked of the routers' durable is so.
func (w *world) durable(what string, ask func(*jetstream.ConsumerInfo) error) {
	w.Helper()
	err := eventually(patience, retryEvery, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), asked)
		defer cancel()
		c, err := w.js.Consumer(ctx, event.StreamOrders, app.Durable)
		if err != nil {
			return err
		}
		return ask(c.CachedInfo())
	})
	if err != nil {
		w.Fatalf("waiting until %s: %v", what, err)
	}
}

// arrivesOnce pulls the first n orders, each of which has to come once, the
// first time it was sent.
func (w *world) arrivesOnce(in *stream.Inbox, n int) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	got := map[uint64]bool{}
	for len(got) < n {
		batch, err := in.Pull(ctx, n, 0)
		if err != nil {
			w.Fatalf("after %d of %d orders: %v", len(got), n, err)
		}
		for _, d := range batch {
			if got[d.Sequence] || d.Redelivered {
				w.Errorf("order at %d comes again", d.Sequence)
			}
			got[d.Sequence] = true
			if err := d.Receipt.Ack(); err != nil {
				w.Error(err)
			}
		}
	}
}
