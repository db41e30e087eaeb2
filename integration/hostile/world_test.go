package hostile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

const patience = 2 * time.Minute // only a hang takes so long

const network = `
network: helsinki
currency: EUR
regions: {helsinki: {timezone: Europe/Helsinki}}
defaults: {serviceLevel: same_day}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}}
couriers: {pyora: {}, kuorma: {}}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 100000}}
`

// world is one router with its servers inside, and a client of its NATS.
type world struct {
	testing.TB
	tally
	*app.App
	dir        string
	js         jetstream.JetStream
	pending    []try
	duplicates int // publishes that were answered as such
	last       map[string]uint64
}

func start(t *testing.T) *world {
	t.Helper()
	w := &world{TB: t, dir: t.TempDir(), last: map[string]uint64{}}
	path := filepath.Join(w.dir, "router.yaml")
	if err := os.WriteFile(path, []byte(network+w.rest()), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded, found := config.Load(path, config.Options{})
	if loaded == nil {
		t.Fatalf("load config:\n%s", found.Format())
	}
	var err error
	if w.App, err = app.Open(context.Background(), app.Options{Config: loaded, Path: path, Name: "r", Now: stoppedClock}); err != nil {
		t.Fatalf("open router: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- w.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("run router: %v", err)
		}
	})
	nc, err := nats.Connect(w.NATSURL())
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(nc.Close)
	if w.js, err = jetstream.New(nc); err != nil {
		t.Fatal(err)
	}
	return w
}

// rest is the part of the config that is about this process.
func (w *world) rest() string {
	return fmt.Sprintf("secrets: {orderDigest: 0123456789abcdef0123456789abcdef}\ndataDir: %s\nhttp: {listen: 127.0.0.1:0}\n", filepath.Join(w.dir, "data"))
}

// publish sends a message as a client does that knows nothing of Nearlane.
func (w *world) publish(subject string, data []byte, header nats.Header) (*jetstream.PubAck, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ack, err := w.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data, Header: header})
	if err == nil && !ack.Duplicate {
		w.last[ack.Stream] = max(w.last[ack.Stream], ack.Sequence)
	}
	return ack, err
}

// stored publishes as a platform has to that sends ids: what is answered as a
// duplicate is taken for not stored, and sent again without one.
func (w *world) stored(subject string, data []byte, id string) (*jetstream.PubAck, error) {
	ack, err := w.publish(subject, data, nats.Header{jetstream.MsgIDHeader: {id}})
	if err == nil && ack.Duplicate {
		w.duplicates++
		ack, err = w.publish(subject, data, nil)
	}
	return ack, err
}

// squat takes an id for a message of another shop.
func (w *world) squat(id string) {
	w.Helper()
	ack, err := w.publish(event.PlacedSubject("shop-b"), []byte("{}"), nats.Header{jetstream.MsgIDHeader: {id}})
	if err != nil || ack.Duplicate {
		w.Fatalf("take the id %s: %+v, %v", id, ack, err)
	}
}

// stands notes that the router has to answer through a message.
func (w *world) stands(stream string, seq uint64) place {
	w.last[stream] = max(w.last[stream], seq)
	return place{stream, seq}
}

// drained returns once the router has answered all that was stored.
func (w *world) drained() {
	w.Helper()
	for stream, last := range w.last {
		if stream == event.StreamOrders || stream == event.StreamCourier {
			w.eventually(stream+" is answered", func() error { return w.answered(stream, last) })
		}
	}
}

func (w *world) answered(stream string, last uint64) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	c, err := w.js.Consumer(ctx, stream, app.Durable)
	if err != nil {
		return err
	}
	info, err := c.Info(ctx)
	if err == nil && (info.AckFloor.Stream < last || info.NumAckPending > 0) {
		err = fmt.Errorf("answered through %d of %d", info.AckFloor.Stream, last)
	}
	return err
}

func (w *world) eventually(what string, ask func() error) {
	w.Helper()
	deadline, ticker := time.NewTimer(patience), time.NewTicker(10*time.Millisecond)
	defer deadline.Stop()
	defer ticker.Stop()
	for err := ask(); err != nil; err = ask() {
		select {
		case <-deadline.C:
			w.Fatalf("waiting until %s: %v", what, errors.Join(err))
		case <-ticker.C:
		}
	}
}
