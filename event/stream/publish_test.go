package stream_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// outgoing is an order of size bytes that begin with its id.
func outgoing(id string, size int) stream.Outgoing {
	m := stream.Outgoing{Subject: event.PlacedSubject("webshop"), Data: make([]byte, size)}
	copy(m.Data, id)
	return m
}

// idOf is the id in what outgoing gives.
func idOf(m stream.Outgoing) string { return string(bytes.TrimRight(m.Data, "\x00")) }

// collect is a publisher whose outcomes are written down.
func collect(c *stream.Conn) (*stream.Publisher, *[]string) {
	var got []string
	return c.Publisher(func(m stream.Outgoing, o stream.Outcome) {
		var refusal *event.Refusal
		switch {
		case errors.As(o.Err, &refusal):
			got = append(got, idOf(m)+" "+refusal.Code)
		case o.Err != nil:
			got = append(got, fmt.Sprint(idOf(m), " ", errors.Is(o.Err, event.ErrFull)))
		default:
			got = append(got, fmt.Sprint(idOf(m), " ", o.Sequence))
		}
	}), &got
}

func TestPublish(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	p, got := collect(c)
	for _, m := range []stream.Outgoing{
		outgoing("1", 100),
		outgoing("large", 900<<10),       // stored, and refused by the router
		outgoing("huge", c.MaxPayload()), // the server would close the connection
		outgoing("2", 100),
	} {
		if err := p.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"1 1",
		"large 2",
		"huge too_large",
		"2 3",
	}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

func TestPublishKeepsOrder(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	const n = 2000 // several windows
	var before uint64
	p := c.Publisher(func(m stream.Outgoing, o stream.Outcome) {
		if o.Err != nil || o.Sequence != before+1 {
			t.Errorf("%s: got %d, %v, want %d", idOf(m), o.Sequence, o.Err, before+1)
		}
		before = o.Sequence
	})
	for i := range n {
		if err := p.Send(t.Context(), outgoing(strconv.Itoa(i), 10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if before != n {
		t.Errorf("got %d outcomes, want %d", before, n)
	}
}

func TestPublishFull(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{OrdersBytes: 10_000})
	p, got := collect(c)
	for i := range 3 {
		if err := p.Send(t.Context(), outgoing(strconv.Itoa(i), 4000)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []string{"0 1", "1 2", "2 true"}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// A server that stops in the middle and comes back costs nothing but time, and
// at worst a repeat of what it stored without an answer.
func TestPublishThroughRestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	c := open(t, srv.URL(), stream.Settings{})
	const n = 600
	stored := make(map[uint64]string)
	p := c.Publisher(func(m stream.Outgoing, o stream.Outcome) {
		if o.Err != nil {
			t.Errorf("%s: %v", idOf(m), o.Err)
		}
		stored[o.Sequence] = idOf(m)
	})
	for i := range n {
		if i == n/2 {
			srv.Shutdown()
			if srv, err = embedded.NATS(embedded.NATSOptions{Dir: dir, Port: port}); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(srv.Shutdown)
		}
		if err := p.Send(t.Context(), outgoing(strconv.Itoa(i), 10)); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	s, err := admin(t, srv.URL()).Stream(t.Context(), event.StreamOrders)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.CachedInfo().State.Msgs; got < n || len(stored) != n {
		t.Errorf("got %d orders stored and %d reported, want %d", got, len(stored), n)
	}
	for seq, id := range stored {
		if msg, err := s.GetMsg(t.Context(), seq); err != nil || idOf(stream.Outgoing{Data: msg.Data}) != id {
			t.Errorf("order %s is not at %d, where it was reported: %v", id, seq, err)
		}
	}
}

func TestPublishEndsWithItsContext(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	srv.Shutdown()
	p, _ := collect(c)
	ctx, cancel := context.WithCancel(t.Context())
	if err := p.Send(ctx, outgoing("1", 10)); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := p.Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}
