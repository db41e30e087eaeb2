package stream_test

import (
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

// outgoing is an order of size bytes.
func outgoing(id string, size int) stream.Outgoing {
	k := event.Key{Channel: "webshop", Order: id}
	return stream.Outgoing{Subject: event.PlacedSubject(k.Channel), ID: event.MsgID(k, event.KindPlaced), Data: make([]byte, size)}
}

// collect is a publisher whose outcomes are written down.
func collect(c *stream.Conn) (*stream.Publisher, *[]string) {
	var got []string
	return c.Publisher(func(m stream.Outgoing, o stream.Outcome) {
		var refusal *event.Refusal
		switch {
		case errors.As(o.Err, &refusal):
			got = append(got, m.ID+" "+refusal.Code)
		case o.Err != nil:
			got = append(got, fmt.Sprint(m.ID, " ", errors.Is(o.Err, event.ErrFull)))
		default:
			got = append(got, fmt.Sprint(m.ID, " ", o.Sequence, " ", o.Duplicate))
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
		outgoing("1", 100),
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
		"webshop/1/placed 1 false",
		"webshop/large/placed 2 false",
		"webshop/huge/placed too_large",
		"webshop/1/placed 1 true",
		"webshop/2/placed 3 false",
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
			t.Errorf("%s: got %d, %v, want %d", m.ID, o.Sequence, o.Err, before+1)
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
	want := []string{"webshop/0/placed 1 false", "webshop/1/placed 2 false", "webshop/2/placed true"}
	if diff := cmp.Diff(want, *got); diff != "" {
		t.Errorf("outcomes (-want +got):\n%s", diff)
	}
}

// A server that stops in the middle and comes back costs nothing but time, and
// stores no order twice.
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
			t.Errorf("%s: %v", m.ID, o.Err)
		}
		stored[o.Sequence] = m.ID
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
	if got := s.CachedInfo().State.Msgs; got != n || len(stored) != n {
		t.Errorf("got %d orders stored and %d reported, want %d", got, len(stored), n)
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
