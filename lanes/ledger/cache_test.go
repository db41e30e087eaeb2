package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A cache keeps what it is given on whichever server, beside the capacity and
// unseen by it.
func TestCache(t *testing.T) {
	onBoth(t, func(w *world) {
		w.granted(ask(order, 0, offer("body", morning)))
		w.cacheKeeps()
	})
}

func TestCacheOnCluster(t *testing.T) {
	t.Parallel()
	w := newClusterWorld(t)
	w.rebuild()
	w.granted(ask(order, 0, offer("body", morning)))
	w.cacheKeeps()
	w.checkCounters()
}

func (w *world) cacheKeeps() {
	w.Helper()
	cache := w.ledger.Cache()
	keys, want := make([]string, 50), make([]string, 50)
	for i := range keys {
		keys[i] = fmt.Sprint("nl:geo:key", i)
		if i%2 == 0 {
			continue
		}
		want[i] = fmt.Sprint("value ", i)
		for _, value := range []string{"older", want[i]} {
			if err := cache.Put(w.ctx, keys[i], value, time.Hour); err != nil {
				w.Fatalf("put: %v", err)
			}
		}
	}
	got, err := cache.Get(w.ctx, keys)
	if err != nil {
		w.Fatalf("get: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.Errorf("values (-want +got):\n%s", diff)
	}
	if left := w.raw.PTTL(w.ctx, keys[3]).Val(); left <= 0 || left > time.Hour {
		w.Errorf("got %v left of an hour", left)
	}
	holds, err := w.ledger.Holds(w.ctx, region)
	if err != nil || len(holds) != 1 {
		w.Errorf("got holds %v, %v, want the one", holds, err)
	}
}

func TestCacheOfDeadServer(t *testing.T) {
	t.Parallel()
	w := newEmbeddedWorld(t)
	w.embedded.Close()
	ctx, cancel := context.WithTimeout(w.ctx, 5*time.Minute)
	defer cancel()
	if got, err := w.ledger.Cache().Get(ctx, []string{"a", "b"}); err == nil || len(got) != 2 {
		t.Errorf("got %v, %v, want no values and an error", got, err)
	}
	if err := w.ledger.Cache().Put(ctx, "a", "b", time.Hour); err == nil {
		t.Error("got no error of a server that is gone")
	}
	if ctx.Err() != nil {
		t.Error("got no answer in all the time there is")
	}
}
