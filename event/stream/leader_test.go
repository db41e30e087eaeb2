package stream_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event/stream"
)

// A router may start before most of its cluster has: it waits for a leader, and
// says what is missing if none comes.
func TestStartWithoutALeader(t *testing.T) {
	t.Parallel()
	cluster, err := embedded.Cluster(t.TempDir(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(cluster.Shutdown)
	for _, s := range cluster.Servers {
		s.Shutdown()
	}
	if err := cluster.Restart(0); err != nil { // one that never heard of a leader
		t.Fatal(err)
	}
	alone := cluster.Servers[0].URL()

	_, err = stream.Connect(t.Context(), stream.Options{URL: alone, LeaderWait: 300 * time.Millisecond})
	if !errors.Is(err, stream.ErrUnreachable) || !strings.Contains(err.Error(), "no leader answered") {
		t.Fatalf("connect to one of three: got %v, want ErrUnreachable that names the leader", err)
	}

	started := make(chan error, 1)
	go func() {
		c, err := stream.Connect(t.Context(), stream.Options{URL: alone, LeaderWait: patience})
		if err == nil {
			err = errors.Join(c.Ensure(t.Context(), stream.Settings{Replicas: 3}), c.Close(t.Context()))
		}
		started <- err
	}()
	for i := 1; i < 3; i++ {
		if err := cluster.Restart(i); err != nil {
			t.Fatal(err)
		}
	}
	if err := <-started; err != nil {
		t.Errorf("start while the others start: %v", err)
	}
}
