package stream_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// seen visits messages and keeps their sequences.
type seen []uint64

func (s *seen) visit(seq uint64, _ string, _ []byte) error {
	*s = append(*s, seq)
	return nil
}

func TestReadEmpty(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	var got seen
	if err := journal(t, c).Read(t.Context(), 1, 0, got.visit); err != nil || got != nil {
		t.Errorf("got %v, %v, want nothing at once", got, err)
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	j := journal(t, c)
	const n = 20_000 // more than is read ahead
	want := make(map[uint64]string)
	for i := 0; i < n; i += stream.MaxBatch {
		batch := make([]event.Message, stream.MaxBatch)
		for k := range batch {
			batch[k] = event.Message{Subject: event.DispatchSubject("pyora", fmt.Sprint(i+k)), Data: fmt.Append(nil, i+k)}
		}
		for k, seq := range commit(t, j, batch...) {
			want[seq] = fmt.Sprint(batch[k].Subject, " ", i+k)
		}
	}

	got := make(map[uint64]string)
	var before uint64
	err := j.Read(t.Context(), 1, 0, func(seq uint64, subject string, data []byte) error {
		if seq != before+1 {
			t.Fatalf("after %d: got %d, want no gap", before, seq)
		}
		before = seq
		got[seq] = subject + " " + string(data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}

	var part seen
	if err := j.Read(t.Context(), 7, 9, part.visit); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(seen{7, 8, 9}, part); diff != "" {
		t.Errorf("7 through 9 (-want +got):\n%s", diff)
	}
	part = nil
	if err := j.Read(t.Context(), n+1, 0, part.visit); err != nil || part != nil {
		t.Errorf("from behind the end: got %v, %v, want nothing", part, err)
	}
	stop := errors.New("enough")
	if err := j.Read(t.Context(), 1, 0, func(uint64, string, []byte) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("visit that fails: got %v, want its error", err)
	}
}

// A read goes on through what is stored while it runs: it ends at a message at
// or after through, not at the end it saw in the beginning.
func TestReadWaitsForThrough(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		j := journal(t, c)
		start := commit(t, j, dispatch("kallio"))[0]
		var got seen
		err := j.Read(t.Context(), start, start+2, func(seq uint64, subject string, data []byte) error {
			if seq == start {
				commit(t, j, dispatch("kallio"), dispatch("kallio"), dispatch("kallio"))
			}
			return got.visit(seq, subject, data)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got[0] != start || got[len(got)-1] < start+2 {
			t.Errorf("got %v, want from %d until at least %d", got, start, start+2)
		}
	})
}

func TestReadEndsWithItsContext(t *testing.T) {
	t.Parallel()
	j := journal(t, open(t, shared.single.URL(), stream.Settings{}))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := j.Read(ctx, 1, 1<<40, (&seen{}).visit); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestTail(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	j := journal(t, c)
	commit(t, j, dispatch("kallio"), decision(t, key(t, "1"), 0), dispatch("kallio"), decision(t, key(t, "2"), 0))
	var got seen
	enough := errors.New("enough")
	err := c.Tail(t.Context(), event.StreamDispatch, event.AllDecisions, 1, func(seq uint64, subject string, data []byte) error {
		got = append(got, seq)
		switch len(got) {
		case 2:
			commit(t, j, dispatch("kallio"), decision(t, key(t, "3"), 0))
		case 3:
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	if diff := cmp.Diff(seen{2, 4, 6}, got); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// A reader leaves nothing behind on the server, however it ends: a stream has
// room for a thousand consumers.
func TestReadersLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	j := journal(t, c)
	commit(t, j, decision(t, key(t, "one"), 0), dispatch("kallio"))
	enough := errors.New("enough")
	if err := c.Read(t.Context(), event.StreamDispatch, 1, 0, func(uint64, string, []byte) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if err := c.Read(t.Context(), event.StreamDispatch, 1, 0, func(uint64, string, []byte) error { return enough }); !errors.Is(err, enough) {
		t.Fatalf("read: got %v, want %v", err, enough)
	}
	ended, cancel := context.WithCancel(t.Context())
	if err := c.Tail(ended, event.StreamDispatch, ">", 1, func(uint64, string, []byte) error { cancel(); return nil }); !errors.Is(err, context.Canceled) {
		t.Fatalf("tail: got %v, want %v", err, context.Canceled)
	}
	nc, err := nats.Connect(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	s, err := js.Stream(t.Context(), event.StreamDispatch)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.CachedInfo().State.Consumers; got != 0 {
		t.Errorf("got %d consumers left, want none", got)
	}
}

// A stream counts the messages of an atomic batch while it stores them, so its
// last sequence may be in the middle of one. A read does not end there: half of
// a batch breaks invariants that the whole keeps.
func TestReadEndsWithAWholeBatch(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		const size, batches = 400, 40
		j, next := journal(t, c), commit(t, journal(t, c), dispatch("kallio"))[0]
		stored := make(chan error, 1)
		go func() {
			var err error
			for i := 0; i < batches && err == nil; i++ {
				batch := make([]event.Message, size)
				for k := range batch {
					batch[k] = event.Message{Subject: event.DispatchSubject("whole", fmt.Sprint(k)), Data: []byte(t.Name())}
				}
				_, err = j.Commit(t.Context(), batch)
			}
			stored <- err
		}()
		whole, last := event.DispatchSubject("whole", fmt.Sprint(size-1)), ""
		for reading := true; reading; {
			select {
			case err := <-stored:
				if err != nil {
					t.Fatal(err)
				}
				reading = false
			default:
			}
			err := j.Read(t.Context(), next, 0, func(seq uint64, subject string, data []byte) error {
				if next = seq + 1; string(data) == t.Name() {
					last = subject
				}
				return nil
			})
			if err != nil || last != "" && last != whole {
				t.Fatalf("got %v, and a read that ends with %s, want %s", err, last, whole)
			}
		}
	})
}
