package integration

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// A Redis that outlived its journal is refused before anything is routed by
// what it holds, be the new journal shorter or longer; emptied, it is taken.
func TestRedisOfAnotherJournal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	p := w.run("router")
	w.publish(orders(5, "order")...)
	w.drained(durable)
	p.stop()

	other := newWorld(t, setting{network: twoRegions, redis: redisProcess})
	other.cache = w.cache
	open := func() error {
		p := &process{w: other, path: filepath.Join(t.TempDir(), "other.yaml")}
		p.write(twoRegions)
		loaded, found := config.Load(p.path, config.Options{})
		if loaded == nil {
			t.Fatalf("load config:\n%s", found.Format())
		}
		a, err := app.Open(context.Background(), app.Options{Config: loaded, Path: p.path, Name: "other", Now: stoppedClock})
		if err == nil {
			err = a.Close()
		}
		return err
	}
	refused := func(want string) {
		t.Helper()
		if err := open(); !errors.Is(err, app.ErrForeign) || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "FLUSHDB") {
			t.Errorf("open: got %v, want it refused with %q and the remedy", err, want)
		}
	}
	refused("ends at 0")

	for i := range 20 {
		fence := event.Message{Subject: event.FenceSubject(fmt.Sprint(i)), Data: []byte("{}")}
		if _, err := other.journal.Commit(context.Background(), []event.Message{fence}); err != nil {
			t.Fatal(err)
		}
	}
	refused("a message on fence.v1.")

	w.cache.Wipe()
	if err := open(); err != nil {
		t.Errorf("open with an empty redis: %v", err)
	}
	p.start("router") // its own finds nothing, and rebuilds
	w.eventually("the process is ready again", p.isReady)
}
