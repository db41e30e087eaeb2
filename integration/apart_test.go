package integration

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
)

const often = 100 * time.Millisecond

// apart is a process on this world's NATS with another Redis, or another
// database of the same, or another digest key.
type apart struct{ redis, key string }

// openApart starts one as far as it comes; what is given back is closed with
// the test if nobody runs it.
func (w *world) openApart(name string, o apart) (*app.App, error) {
	w.Helper()
	p := &process{w: w, path: filepath.Join(w.TempDir(), name+".yaml"), redis: o.redis, key: o.key}
	p.write(w.network)
	loaded, found := config.Load(p.path, config.Options{})
	if loaded == nil {
		w.Fatalf("load config:\n%s", found.Format())
	}
	return app.Open(context.Background(), app.Options{
		Config: loaded, Path: p.path, Name: name, Now: stoppedClock, AckWait: w.ackWait, Beat: time.Tick(often / 10)})
}

// runs runs a process until the test ends or stop is called.
func (w *world) runs(a *app.App) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		if err := a.Run(ctx); err != nil {
			w.Errorf("run %s: %v", a.Name, err)
		}
	}()
	stop = func() { cancel(); <-returned }
	w.Cleanup(stop)
	return stop
}

func isReady(a *app.App) func() error {
	return func() error {
		if ready, why := a.Router.Ready(); !ready {
			return errors.New(why)
		}
		return nil
	}
}

// The one that comes second is refused before it has touched anything, and told
// who runs; once the first has stopped it is taken, and rebuilds.
func TestRoutersThatDoNotShare(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		other func(w *world) apart
		wants []string
	}{
		{"another redis", func(w *world) apart { return apart{redis: startRedis(t, redisProcess, stoppedClock).URL()} }, []string{"does not find its mark", "/0;"}},
		{"another database", func(w *world) apart { return apart{redis: w.cache.URL() + "/1"} }, []string{"does not find its mark", "/1;", "database"}},
		{"a cluster", func(w *world) apart { return apart{redis: startRedis(t, redisSix, stoppedClock).URL()} }, []string{"does not find its mark"}},
		{"another digest key", func(w *world) apart { return apart{key: strings.Repeat("k", 32)} }, []string{"digest key", "secrets.orderDigest"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: onePlace, redis: redisProcess})
			first, err := w.openApart("first", apart{})
			if err != nil {
				t.Fatal(err)
			}
			stop := w.runs(first)
			w.eventually("the first is ready", isReady(first))
			other := tt.other(w)
			_, err = w.openApart("second", other)
			if !errors.Is(err, app.ErrApart) {
				t.Fatalf("open second: got %v, want it refused", err)
			}
			for _, want := range append(tt.wants, "first", "second") {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
			if strings.Contains(err.Error(), digestKey) || strings.Contains(err.Error(), strings.Repeat("k", 32)) {
				t.Errorf("the error tells a key: %v", err)
			}
			w.publish(orders(3, "order")...)
			w.drained(durable)
			w.check().wantOutcomes(t, 1, 2)
			w.eventually("the first is still ready", isReady(first))
			stop()
			second, err := w.openApart("second", other)
			if err != nil {
				t.Fatalf("open second alone: %v", err)
			}
			w.runs(second)
			w.eventually("the second is ready", isReady(second))
			w.publish(order("late"))
			w.drained(durable)
		})
	}
}

// A router that stood still while another took over with another Redis sells
// nothing from the one it knows, says why, and comes back when it is alone.
func TestTakenOverByAnotherRedis(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: onePlace, redis: redisProcess})
	slow := newGate()
	m := w.start("slow", slow.wrap)
	w.eventually("slow is ready", m.isReady)
	w.publish(order("held"))
	w.await("a batch is reserved", slow.reached)
	// It tells nobody that it runs, as one that was stopped.
	taker, err := w.openApart("taker", apart{redis: startRedis(t, redisProcess, stoppedClock).URL()})
	if err != nil {
		t.Fatal(err)
	}
	stop := w.runs(taker)
	w.eventually("the taker is ready", isReady(taker))
	w.publish(orders(moreThanFetched, "other")...)
	w.eventually("the taker has sold the place", func() error {
		if w.decided() == 0 {
			return errors.New("nothing is decided")
		}
		return nil
	})
	stop()
	close(slow.open)
	w.drained(durable)
	w.eventually("slow is ready again", m.isReady)
	w.check().wantOutcomes(t, 1, moreThanFetched)
}
