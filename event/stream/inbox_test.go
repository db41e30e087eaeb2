package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// publish puts n orders on ORDERS, with the data "1", "2" and so on.
func publish(tb testing.TB, c *stream.Conn, n int) {
	tb.Helper()
	p := c.Publisher(func(m stream.Outgoing, o stream.Outcome) {
		if o.Err != nil {
			tb.Errorf("publish %s: %v", m.Data, o.Err)
		}
	})
	for i := range n {
		m := stream.Outgoing{Subject: event.PlacedSubject("webshop"), Data: fmt.Append(nil, i+1)}
		if err := p.Send(tb.Context(), m); err != nil {
			tb.Fatal(err)
		}
	}
	if err := p.Flush(tb.Context()); err != nil {
		tb.Fatal(err)
	}
}

func orders(tb testing.TB, c *stream.Conn) *stream.Inbox { return inbox(tb, c, event.StreamOrders) }

func inbox(tb testing.TB, c *stream.Conn, name string) *stream.Inbox {
	tb.Helper()
	o, err := c.Inbox(tb.Context(), name, "router")
	if err != nil {
		tb.Fatal(err)
	}
	return o
}

// pullAll pulls n orders and returns them by their data.
func pullAll(tb testing.TB, o *stream.Inbox, n int) map[string]event.Delivery {
	tb.Helper()
	got := make(map[string]event.Delivery)
	ctx, cancel := context.WithTimeout(tb.Context(), patience)
	defer cancel()
	for len(got) < n {
		batch, err := o.Pull(ctx, 256, 2*time.Millisecond)
		if err != nil {
			tb.Fatalf("after %d of %d orders: %v", len(got), n, err)
		}
		for _, d := range batch {
			got[string(d.Data)] = d
		}
	}
	return got
}

func TestPull(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	before := time.Now()
	publish(t, c, 600)
	o := orders(t, c)

	batch, err := o.Pull(t.Context(), 100, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if len(batch) != 100 {
		t.Fatalf("got %d orders, want the 100 asked for", len(batch))
	}
	for i, d := range batch {
		got := fmt.Sprint(d.Stream, " ", d.Subject, " ", string(d.Data), " ", d.Sequence, " ", d.Redelivered)
		if want := fmt.Sprintf("ORDERS orders.v1.webshop.placed %d %d false", i+1, i+1); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		if d.StoredAt.Before(before.Add(-time.Second)) || d.StoredAt.After(time.Now().Add(time.Second)) {
			t.Fatalf("stored at: got %v, want about %v", d.StoredAt, before)
		}
	}
	for _, d := range append(batch, slices.Collect(values(pullAll(t, o, 500)))...) {
		if err := d.Receipt.Ack(); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	acknowledged(t, srv.URL(), 600)
}

// The durables of the two streams have one name and know nothing of each other.
func TestPullReports(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	publish(t, c, 2)
	p, _ := collect(c)
	subject := event.ReportSubject("py ora", event.PickedUp)
	for _, data := range []string{"picked up", "picked up again"} {
		if err := p.Send(t.Context(), stream.Outgoing{Subject: subject, Data: []byte(data)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	i := inbox(t, c, event.StreamCourier)
	var got []string
	for _, d := range pullAll(t, i, 2) {
		got = append(got, fmt.Sprint(d.Stream, " ", d.Subject, " ", d.Sequence, " ", string(d.Data)))
	}
	slices.Sort(got)
	want := []string{"COURIER courier.v1.py%20ora.picked_up 1 picked up", "COURIER courier.v1.py%20ora.picked_up 2 picked up again"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reports (-want +got):\n%s", diff)
	}
	if got := len(pullAll(t, orders(t, c), 2)); got != 2 {
		t.Errorf("orders: got %d, want 2", got)
	}
}

// Large messages are more than is fetched ahead at once, and still all arrive.
func TestPullLarge(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	const n = 60
	p, _ := collect(c)
	for i := range n {
		m := outgoing(fmt.Sprint(i), 900<<10)
		if err := p.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, d := range pullAll(t, orders(t, c), n) {
		if err := d.Receipt.Ack(); err != nil || len(d.Data) != 900<<10 {
			t.Fatalf("order at %d: got %d bytes, %v, want all of it", d.Sequence, len(d.Data), err)
		}
	}
}

func TestPullEndsWithItsContext(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	o := orders(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if got, err := o.Pull(ctx, 10, time.Millisecond); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without orders: got %d, %v, want the context's error", len(got), err)
	}
	publish(t, c, 1)
	if got := len(pullAll(t, o, 1)); got != 1 {
		t.Errorf("afterwards: got %d orders, want 1", got)
	}
}

// A router that dies answers nothing: its orders come again after AckWait, to
// another router, and are marked.
func TestRedeliveryAfterCrash(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	publish(t, c, 10)
	const ackWait = 500 * time.Millisecond
	dying := connect(t, stream.Options{URL: srv.URL(), AckWait: ackWait})
	held := pullAll(t, orders(t, dying), 10)
	for _, n := range []string{"1", "2", "3"} {
		if err := held[n].Receipt.Ack(); err != nil {
			t.Fatal(err)
		}
	}
	acknowledged(t, srv.URL(), 3) // by now, or they may come again as well
	if err := dying.Close(t.Context()); err != nil {
		t.Fatal(err)
	}

	other := orders(t, connect(t, stream.Options{URL: srv.URL(), AckWait: ackWait}))
	for n, d := range pullAll(t, other, 7) {
		if !d.Redelivered || d.Sequence <= 3 {
			t.Errorf("order %s at %d: redelivered is %v, want only unanswered orders, all redelivered", n, d.Sequence, d.Redelivered)
		}
	}
}

// Closing hands back at once what was fetched ahead: it would else arrive
// elsewhere after AckWait, which here is longer than anybody waits.
func TestCloseHandsBack(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	publish(t, c, 300)
	leaving := orders(t, c)
	batch, err := leaving.Pull(t.Context(), 10, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := leaving.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := leaving.Pull(t.Context(), 10, time.Millisecond); err == nil {
		t.Errorf("pull after close: got %d orders, want an error", len(got))
	}

	got := pullAll(t, orders(t, c), 290)
	for _, d := range batch {
		if _, ok := got[string(d.Data)]; ok {
			t.Errorf("order %s was pulled and not answered, and is handed back all the same", d.Data)
		}
		if err := d.Receipt.Ack(); err != nil {
			t.Errorf("answer after close: %v", err)
		}
	}
}

func TestCloseWithoutServer(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	publish(t, c, 20)
	o := orders(t, c)
	if _, err := o.Pull(t.Context(), 10, time.Minute); err != nil {
		t.Fatal(err)
	}
	srv.Shutdown()
	if err := o.Close(t.Context()); err == nil {
		t.Error("got nil, want an error: nothing can have been handed back")
	}
}

func TestReceipts(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	publish(t, c, 4)
	o := orders(t, c)
	got := pullAll(t, o, 4)
	for n, answer := range map[string]func(event.Receipt) error{
		"1": event.Receipt.Ack,
		"2": func(r event.Receipt) error { return r.Terminate("not\njson") },
		"3": func(r event.Receipt) error { return r.Retry(0) },
		"4": func(r event.Receipt) error { return r.Retry(20 * time.Millisecond) },
	} {
		if err := answer(got[n].Receipt); err != nil {
			t.Errorf("answer %s: %v", n, err)
		}
		if err := got[n].Receipt.Ack(); err != nil {
			t.Errorf("second answer to %s: got %v, want nil", n, err)
		}
	}
	again := pullAll(t, o, 2)
	for _, n := range []string{"3", "4"} {
		if d, ok := again[n]; !ok || !d.Redelivered {
			t.Fatalf("after a retry of 3 and 4: got %v, want both again", again)
		}
		if err := again[n].Receipt.Ack(); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	acknowledged(t, srv.URL(), 4)
}

func TestInboxRefusesOtherSettings(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	_, err := admin(t, srv.URL()).CreateConsumer(t.Context(), event.StreamOrders, jetstream.ConsumerConfig{
		Durable: "router", AckPolicy: jetstream.AckAllPolicy, FilterSubject: event.AllPlaced, AckWait: never,
	})
	if err != nil {
		t.Fatal(err)
	}
	var differs *stream.SettingsError
	if _, err := c.Inbox(t.Context(), event.StreamOrders, "router"); !errors.As(err, &differs) {
		t.Fatalf("got %v, want a *SettingsError", err)
	}
	var got []string
	for _, d := range differs.Differences {
		got = append(got, d.Setting)
	}
	if diff := cmp.Diff([]string{"filter_subjects", "ack_policy", "max_ack_pending"}, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestPullAfterTheDurableIsDeleted(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	o := orders(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := o.Pull(ctx, 1, 0); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want nothing to pull", err)
	}
	if err := admin(t, srv.URL()).DeleteConsumer(t.Context(), event.StreamOrders, "router"); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Pull(t.Context(), 1, 0); err == nil || t.Context().Err() != nil {
		t.Errorf("got %v, want an error at once", err)
	}
}

// floor is how far the durable is answered without a gap.
func floor(t *testing.T, url string) uint64 {
	t.Helper()
	cons, err := admin(t, url).Consumer(t.Context(), event.StreamOrders, "router")
	if err != nil {
		t.Fatal(err)
	}
	return cons.CachedInfo().AckFloor.Stream
}

// acknowledged waits until the server has worked off the answers: it takes them
// in one goroutine and counts them in another.
func acknowledged(t *testing.T, url string, want uint64) {
	t.Helper()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	late := time.After(patience)
	for got := floor(t, url); got != want; got = floor(t, url) {
		select {
		case <-ticker.C:
		case <-late:
			t.Fatalf("acknowledged: got %d, want %d", got, want)
		}
	}
}

func values(m map[string]event.Delivery) func(func(event.Delivery) bool) {
	return func(yield func(event.Delivery) bool) {
		for _, d := range m {
			if !yield(d) {
				return
			}
		}
	}
}
