package stream_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// onOwn runs a test on one replica and on three, on servers of its own: the
// buckets are one for all.
func onOwn(t *testing.T, test func(*testing.T, *stream.Conn)) {
	t.Helper()
	t.Parallel()
	t.Run("R1", func(t *testing.T) {
		t.Parallel()
		c, _ := alone(t, stream.Settings{})
		test(t, c)
	})
	t.Run("R3", func(t *testing.T) {
		t.Parallel()
		servers, err := embedded.Cluster(t.TempDir(), 3)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(servers.Shutdown)
		test(t, open(t, servers.URL(), stream.Settings{Replicas: 3}))
	})
}

func TestArchive(t *testing.T) {
	onOwn(t, func(t *testing.T, c *stream.Conn) {
		s := c.Config()
		ctx := t.Context()
		if _, found, err := s.Revision(ctx, "aaaaaaaaaaaa"); found || err != nil {
			t.Errorf("nothing archived: got %t, %v", found, err)
		}
		for _, data := range []string{"first", "second"} {
			if err := s.Archive(ctx, "aaaaaaaaaaaa", []byte(data)); err != nil {
				t.Fatal(err)
			}
			if err := s.ArchiveClosed(ctx, "aaaaaaaaaaaa+bbbb", []byte(data)); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.ArchiveClosed(ctx, "aaaaaaaaaaaa", []byte("none")); err != nil {
			t.Fatal(err)
		}
		for revision, want := range map[string][2]string{
			"aaaaaaaaaaaa": {"first", ""}, "aaaaaaaaaaaa+bbbb": {"first", "first"}, "aaaaaaaaaaaa+cccc": {"first", ""},
			"cccccccccccc": {"", ""}, "": {"", ""}, "+bbbb": {"", "first"}, "no revision": {"", ""}, "aa.>+*": {"", ""},
		} {
			bundle, found, err := s.Revision(ctx, revision)
			if err != nil || string(bundle) != want[0] || found != (want[0] != "") {
				t.Errorf("bundle of %q: got %q, %t, %v, want %q", revision, bundle, found, err, want[0])
			}
			closed, found, err := s.Closed(ctx, revision)
			if err != nil || string(closed) != want[1] || found != (want[1] != "") {
				t.Errorf("closures of %q: got %q, %t, %v, want %q", revision, closed, found, err, want[1])
			}
		}
	})
}

func TestPush(t *testing.T) {
	onOwn(t, func(t *testing.T, c *stream.Conn) {
		s := c.Config()
		ctx := t.Context()
		if p, found, err := s.Current(ctx); found || err != nil {
			t.Errorf("before the first push: got %+v, %t, %v", p, found, err)
		}
		basis := uint64(0)
		for i := range 3 {
			p := stream.Push{Revision: fmt.Sprintf("%012d", i), By: "ada@desk", Message: fmt.Sprint("push ", i)}
			if err := s.Push(ctx, p, basis); err != nil {
				t.Fatal(err)
			}
			if err := s.Push(ctx, p, basis); !errors.Is(err, stream.ErrChanged) {
				t.Errorf("push on what has changed: got %v, want ErrChanged", err)
			}
			got, _, err := s.Current(ctx)
			if err != nil || got.Sequence <= basis || time.Since(got.At).Abs() > time.Minute {
				t.Fatalf("current: got %+v, %v", got, err)
			}
			basis = got.Sequence
		}
		log, err := s.Log(ctx)
		if err != nil {
			t.Fatal(err)
		}
		want := []stream.Push{
			{Revision: "000000000002", By: "ada@desk", Message: "push 2"},
			{Revision: "000000000001", By: "ada@desk", Message: "push 1"},
			{Revision: "000000000000", By: "ada@desk", Message: "push 0"},
		}
		if diff := cmp.Diff(want, log, cmpopts.IgnoreFields(stream.Push{}, "At", "Sequence")); diff != "" {
			t.Errorf("log (-want +got):\n%s", diff)
		}
	})
}

// Of many who push at once on the same basis, one gets through.
func TestPushRace(t *testing.T) {
	onOwn(t, func(t *testing.T, c *stream.Conn) {
		const writers = 8
		errs := make([]error, writers)
		var all sync.WaitGroup
		for i := range writers {
			all.Go(func() { errs[i] = c.Config().SetClosures(t.Context(), []byte{byte('a' + i)}, 0) })
		}
		all.Wait()
		won := -1
		for i, err := range errs {
			switch {
			case err == nil && won < 0:
				won = i
			case err == nil:
				t.Errorf("writers %d and %d both got through", won, i)
			case !errors.Is(err, stream.ErrChanged):
				t.Errorf("writer %d: got %v, want ErrChanged", i, err)
			}
		}
		got, sequence, err := c.Config().Closures(t.Context())
		if err != nil || sequence == 0 || won < 0 || string(got) != string(byte('a'+won)) {
			t.Errorf("got %q at %d, %v, want what writer %d wrote", got, sequence, err, won)
		}
	})
}

func TestChanges(t *testing.T) {
	onOwn(t, func(t *testing.T, c *stream.Conn) {
		s := c.Config()
		ctx, cancel := context.WithCancel(t.Context())
		told, ended := make(chan struct{}), make(chan error, 1)
		go func() { ended <- s.Changes(ctx, func() { told <- struct{}{} }) }()
		<-told // the beginning
		// The follower's consumer begins some time after that, so the first
		// write is repeated until it is noticed.
		for noticed := false; !noticed; {
			basis := uint64(0)
			if p, _, err := s.Current(ctx); err == nil {
				basis = p.Sequence
			}
			if err := s.Push(ctx, stream.Push{Revision: "aaaaaaaaaaaa"}, basis); err != nil {
				t.Fatal(err)
			}
			select {
			case <-told:
				noticed = true
			case <-time.After(50 * time.Millisecond):
			}
		}
		go func() { _ = s.SetClosures(ctx, []byte("[]"), 0) }()
		<-told
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v, want context.Canceled", err)
		}
	})
}

func TestArchiveTooLarge(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{ConfigBytes: 3 << 20})
	s := c.Config()
	err := s.Archive(t.Context(), "aaaaaaaaaaaa", make([]byte, c.MaxPayload()))
	if !errors.Is(err, stream.ErrTooLarge) || !strings.Contains(err.Error(), "1048576 bytes, and its max_payload leaves 1048064") {
		t.Errorf("got %v, want ErrTooLarge with both sizes", err)
	}
	for i := range 4 {
		err = s.Archive(t.Context(), fmt.Sprintf("%012x", i), make([]byte, 1<<20-1000))
	}
	if !errors.Is(err, event.ErrFull) {
		t.Errorf("a full bucket: got %v, want ErrFull", err)
	}
	if _, found, err := s.Revision(t.Context(), "000000000000"); !found || err != nil {
		t.Errorf("the first is gone: %t, %v", found, err)
	}
}

func TestConfigWithoutItsBucket(t *testing.T) {
	t.Parallel()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Shutdown)
	c := connect(t, stream.Options{URL: srv.URL()})
	if _, _, err := c.Config().Current(t.Context()); !errors.Is(err, stream.ErrNoBucket) {
		t.Errorf("got %v, want ErrNoBucket", err)
	}
}

// A server of before there were buckets, or one that has no room for them, is
// looked at like any other.
func TestEnsureWithoutBuckets(t *testing.T) {
	t.Parallel()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Shutdown)
	js := admin(t, srv.URL())
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "TAKEN", Subjects: []string{"$KV.>"}}); err != nil {
		t.Fatal(err)
	}
	c := connect(t, stream.Options{URL: srv.URL()})
	if err := c.Ensure(t.Context(), stream.Settings{}); err != nil {
		t.Fatalf("make the streams: %v", err)
	}
	loads, err := c.Loads(t.Context(), nil)
	if err != nil || len(loads) != 5 {
		t.Errorf("got %v and %v, want the five streams", loads, err)
	}
}
