package stream_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestCommitStoresInOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		j := journal(t, c)
		for _, n := range []int{1, 2, 768, stream.MaxBatch} {
			keys := make([]event.Key, n)
			batch := make([]event.Message, n)
			for i := range batch {
				keys[i] = key(t, fmt.Sprintf("%d of %d", i, n))
				batch[i] = decision(t, keys[i], 0)
			}
			seqs := commit(t, j, batch...)
			records, err := j.LastMany(t.Context(), keys)
			if err != nil {
				t.Fatal(err)
			}
			got := make([]uint64, n)
			for i, r := range records {
				got[i] = r.Sequence
				if r.Decision.OrderID != keys[i].Order {
					t.Fatalf("order %d of %d: got the decision of %q", i, n, r.Decision.OrderID)
				}
			}
			if diff := cmp.Diff(seqs, got); diff != "" {
				t.Errorf("batch of %d: sequences returned and stored differ (-returned +stored):\n%s", n, diff)
			}
		}
	})
}

func TestCommitMovedDecision(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		j := journal(t, c)
		taken, free := key(t, "taken"), key(t, "free")
		first := commit(t, j, decision(t, taken, 0))[0]
		site := channel(t)

		for name, batch := range map[string][]event.Message{
			"alone":    {decision(t, taken, 0)},
			"in front": {decision(t, taken, 0), dispatch(site), decision(t, free, 0)},
			"behind":   {decision(t, free, 0), dispatch(site), decision(t, taken, 0)},
			"future":   {decision(t, free, 0), decision(t, taken, first+1000)},
		} {
			seqs, err := j.Commit(t.Context(), batch)
			if !errors.Is(err, event.ErrMoved) || errors.Is(err, event.ErrUnknown) {
				t.Fatalf("%s: got %v, %v, want ErrMoved", name, seqs, err)
			}
			if want := fmt.Sprintf("wrong last sequence: %d", first); !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %q, want it to say %q", name, err, want)
			}
		}
		if got := last(t, j, free); got != 0 {
			t.Errorf("the other order of a refused batch: got decided at %d, want undecided", got)
		}
		if got, err := j.Sequence(t.Context(), event.DispatchSubject("pyora", site)); got != 0 || err != nil {
			t.Errorf("the dispatch of a refused batch: got stored at %d, %v, want none", got, err)
		}
		if got := commit(t, j, decision(t, free, 0), decision(t, taken, first)); got[1] != last(t, j, taken) {
			t.Errorf("on the right basis: got %d, want the last sequence", got[1])
		}
	})
}

func TestCommitMovedFence(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		j := journal(t, c)
		fence := event.FenceSubject(channel(t))
		kept := commit(t, j, event.Message{Subject: fence})[0]
		fenced := func(order string, seq uint64) []event.Message {
			d := dispatch("kallio")
			d.Expect = &event.Expect{Subject: fence, Sequence: seq}
			return []event.Message{decision(t, key(t, order), 0), d}
		}

		commit(t, j, fenced("before", kept)...)
		commit(t, j, fenced("before, again with the kept value", kept)...)
		bumped := commit(t, j, event.Message{Subject: fence})[0]
		if _, err := j.Commit(t.Context(), fenced("after", kept)); !errors.Is(err, event.ErrMoved) {
			t.Fatalf("late batch: got %v, want ErrMoved", err)
		}
		if got := last(t, j, key(t, "after")); got != 0 {
			t.Errorf("decision of the late batch: got stored at %d, want not stored", got)
		}
		if got, err := j.Sequence(t.Context(), fence); got != bumped || err != nil {
			t.Errorf("fence: got %d, %v, want %d", got, err, bumped)
		}
		commit(t, j, fenced("after", bumped)...)
	})
}

// Two writers race for the same orders, each with its own connection. Whatever
// each of them is told, an order has one decision on basis 0, and who was told
// that his is stored is right.
func TestCommitTwoWritersOneWins(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		const rounds, orders = 60, 5
		url := shared.single.URL()
		if strings.HasSuffix(t.Name(), "R3") {
			url = shared.cluster.URL()
		}
		writers := []*stream.Journal{journal(t, c), journal(t, connect(t, stream.Options{URL: url}))}
		for round := range rounds {
			var batch []event.Message
			var keys []event.Key
			for i := range orders {
				keys = append(keys, key(t, fmt.Sprintf("%d/%d", round, i)))
				batch = append(batch, decision(t, keys[i], 0), dispatch("kallio"))
			}
			var (
				wg   sync.WaitGroup
				seqs [2][]uint64
				errs [2]error
			)
			for w, j := range writers {
				wg.Go(func() { seqs[w], errs[w] = j.Commit(t.Context(), batch) })
			}
			wg.Wait()
			checkRace(t, writers[0], keys, seqs, errs)
		}
	})
}

// checkRace compares what two racing writers were told with what is stored:
// batches of a decision and a dispatch per order.
func checkRace(t *testing.T, j *stream.Journal, keys []event.Key, seqs [2][]uint64, errs [2]error) {
	t.Helper()
	var winners, moved int
	for w, err := range errs {
		switch {
		case err == nil:
			winners++
			for i, k := range keys {
				if got := last(t, j, k); got != seqs[w][2*i] {
					t.Errorf("writer %d: told %d, stored at %d", w, seqs[w][2*i], got)
				}
			}
		case errors.Is(err, event.ErrMoved):
			moved++
		case !errors.Is(err, event.ErrUnknown):
			t.Errorf("writer %d: got %v, want nil, ErrMoved or ErrUnknown", w, err)
		}
	}
	if winners != 1 || moved > 1 {
		t.Errorf("got %d winners and %d moved, want exactly one winner: %v", winners, moved, errs)
	}
}

func TestCommitFull(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{DispatchBytes: 20_000})
	j := journal(t, c)
	large := func(order string) event.Message {
		m := decision(t, key(t, order), 0)
		m.Data = append(m.Data, strings.Repeat(" ", 5_000)...)
		return m
	}
	fill := func(batch func(i int) []event.Message) error {
		for i := range 10 {
			if _, err := j.Commit(t.Context(), batch(i)); err != nil {
				return err
			}
		}
		return nil
	}
	for name, err := range map[string]error{
		"batch": fill(func(i int) []event.Message {
			return []event.Message{large(fmt.Sprint("a", i)), large(fmt.Sprint("b", i))}
		}),
		"single": fill(func(i int) []event.Message { return []event.Message{large(fmt.Sprint("c", i))} }),
	} {
		if !errors.Is(err, event.ErrFull) || errors.Is(err, event.ErrUnknown) {
			t.Errorf("%s: got %v, want ErrFull", name, err)
		}
	}
}

func TestCommitUnknown(t *testing.T) {
	t.Parallel()
	t.Run("server gone", func(t *testing.T) {
		t.Parallel()
		_, srv := alone(t, stream.Settings{})
		j := journal(t, connect(t, stream.Options{URL: srv.URL()})) // with the wait of a router
		srv.Shutdown()
		for _, batch := range [][]event.Message{
			{decision(t, key(t, "1"), 0)},
			{decision(t, key(t, "2"), 0), dispatch("kallio")},
		} {
			if _, err := j.Commit(t.Context(), batch); !errors.Is(err, event.ErrUnknown) || errors.Is(err, event.ErrMoved) {
				t.Errorf("got %v, want ErrUnknown", err)
			}
		}
	})
	t.Run("context over", func(t *testing.T) {
		t.Parallel()
		j := journal(t, open(t, shared.single.URL(), stream.Settings{}))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := j.Commit(ctx, []event.Message{decision(t, key(t, "1"), 0)}); !errors.Is(err, event.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
	})
	t.Run("stream gone", func(t *testing.T) {
		t.Parallel()
		c, srv := alone(t, stream.Settings{})
		j := journal(t, c)
		if err := admin(t, srv.URL()).DeleteStream(t.Context(), event.StreamDispatch); err != nil {
			t.Fatal(err)
		}
		if _, err := j.Commit(t.Context(), []event.Message{decision(t, key(t, "1"), 0)}); !errors.Is(err, event.ErrUnknown) {
			t.Errorf("got %v, want ErrUnknown", err)
		}
	})
}

func TestCommitRefusesBeforeSending(t *testing.T) {
	t.Parallel()
	j := journal(t, open(t, shared.single.URL(), stream.Settings{}))
	wild := decision(t, key(t, "1"), 0)
	wild.Expect.Subject = "decision.v1.webshop.*"
	for name, batch := range map[string][]event.Message{
		"empty":    {},
		"too many": make([]event.Message, stream.MaxBatch+1),
		"wildcard": {dispatch("kallio"), wild},
	} {
		if seqs, err := j.Commit(t.Context(), batch); err == nil {
			t.Errorf("%s: got %v, want an error", name, seqs)
		}
	}
	if got := last(t, j, key(t, "1")); got != 0 {
		t.Errorf("wildcard: got stored at %d, want not stored", got)
	}
}
