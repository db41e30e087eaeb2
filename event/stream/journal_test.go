package stream_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestLast(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		j := journal(t, c)
		k := key(t, "weird id: 1.2/3 *>%")
		if got, err := j.Last(t.Context(), k); got.Sequence != 0 || got.Decision != nil || err != nil {
			t.Fatalf("undecided: got %+v, %v, want a zero record", got, err)
		}
		first := commit(t, j, decision(t, k, 0))[0]
		second := commit(t, j, decision(t, k, first))[0]
		got, err := j.Last(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		if got.Sequence != second || got.Decision.Basis != first || got.Decision.Key() != k {
			t.Errorf("got %d with basis %d of %v, want %d with basis %d of %v",
				got.Sequence, got.Decision.Basis, got.Decision.Key(), second, first, k)
		}
	})
}

func TestLastRefusesWhatIsNoDecision(t *testing.T) {
	t.Parallel()
	j := journal(t, open(t, shared.single.URL(), stream.Settings{}))
	k := key(t, "1")
	commit(t, j, event.Message{Subject: event.DecisionSubject(k), Data: []byte("garbage")})
	if r, err := j.Last(t.Context(), k); err == nil {
		t.Errorf("got %+v, want an error", r)
	}
	if _, err := j.LastMany(t.Context(), []event.Key{key(t, "2"), k}); err == nil {
		t.Error("among many: got nil, want an error")
	}
}

func TestFences(t *testing.T) {
	onBoth(t, func(t *testing.T, c *stream.Conn) {
		j := journal(t, c)
		a, b := "router a of "+t.Name(), "router b of "+t.Name()
		for _, router := range []string{b, a, b} {
			commit(t, j, event.Message{Subject: event.FenceSubject(router)})
		}
		got, err := j.Fences(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		i := slices.Index(got, a)
		if i < 0 || !slices.Contains(got, b) || !slices.IsSorted(got) {
			t.Errorf("got %q, want it sorted, with %q and %q", got, a, b)
		}
	})
}

// The journal keeps working when its leader is lost: what was stored is read
// from the new leader, and compare-and-set holds against it.
func TestLeaderLost(t *testing.T) {
	t.Parallel()
	cluster, err := embedded.Cluster(t.TempDir(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Shutdown)
	j := journal(t, openAs(t, stream.Options{URL: cluster.URL()}, stream.Settings{Replicas: 3})) // with the wait of a router
	stored := make(map[event.Key]uint64)
	for i := range 20 {
		k := key(t, fmt.Sprint(i))
		stored[k] = commit(t, j, decision(t, k, 0), dispatch("kallio"))[0]
	}

	cluster.Leader(event.StreamDispatch).Shutdown()

	after := key(t, "after")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	seq := commitAnyhow(ctx, t, j, after)
	if got := last(t, j, after); got != seq {
		t.Errorf("decision after the change: got %d, want %d", got, seq)
	}
	for k, want := range stored {
		if got := last(t, j, k); got != want {
			t.Errorf("%v: got %d from the new leader, want %d", k, got, want)
		}
		_, err := j.Commit(ctx, []event.Message{decision(t, k, 0), dispatch("kallio")})
		for errors.Is(err, event.ErrUnknown) && ctx.Err() == nil {
			_, err = j.Commit(ctx, []event.Message{decision(t, k, 0), dispatch("kallio")})
		}
		if !errors.Is(err, event.ErrMoved) {
			t.Errorf("%v decided again: got %v, want ErrMoved", k, err)
		}
	}
}

// commitAnyhow decides k as a router does: after an unknown outcome it asks the
// leader, and tries again if nothing is stored. It waits through an election.
func commitAnyhow(ctx context.Context, t *testing.T, j *stream.Journal, k event.Key) uint64 {
	t.Helper()
	for {
		seqs, err := j.Commit(ctx, []event.Message{decision(t, k, 0), dispatch("kallio")})
		if err == nil {
			return seqs[0]
		}
		if !errors.Is(err, event.ErrUnknown) {
			t.Fatalf("during the election: got %v, want nil or ErrUnknown", err)
		}
		for {
			r, err := j.Last(ctx, k)
			if ctx.Err() != nil {
				t.Fatalf("no new leader: %v", err)
			}
			if err == nil {
				if r.Sequence > 0 {
					return r.Sequence
				}
				break
			}
		}
	}
}
