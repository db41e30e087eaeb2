package stream_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestEnsureMakesWhatIsMissing(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{OrdersBytes: 1 << 20})
	js := admin(t, srv.URL())
	for name, want := range map[string]jetstream.StreamConfig{
		event.StreamOrders:   {MaxAge: 14 * 24 * time.Hour, Discard: jetstream.DiscardNew, DenyDelete: true, DenyPurge: true, MaxBytes: 1 << 20, Duplicates: 100 * time.Millisecond},
		event.StreamDispatch: {MaxAge: 35 * 24 * time.Hour, Discard: jetstream.DiscardNew, DenyDelete: true, DenyPurge: true, MaxBytes: 16 << 30, AllowAtomicPublish: true, Duplicates: 100 * time.Millisecond},
		event.StreamCourier:  {MaxAge: 35 * 24 * time.Hour, Discard: jetstream.DiscardNew, DenyDelete: true, DenyPurge: true, MaxBytes: 4 << 30, Duplicates: 100 * time.Millisecond},
		event.StreamRejected: {MaxAge: 35 * 24 * time.Hour, Discard: jetstream.DiscardOld, MaxBytes: 1 << 30, Duplicates: time.Hour},
	} {
		s, err := js.Stream(t.Context(), name)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got := s.CachedInfo().Config
		got = jetstream.StreamConfig{
			MaxAge: got.MaxAge, Discard: got.Discard, DenyDelete: got.DenyDelete, DenyPurge: got.DenyPurge,
			MaxBytes: got.MaxBytes, AllowAtomicPublish: got.AllowAtomicPublish, AllowDirect: got.AllowDirect, AllowRollup: got.AllowRollup,
			Duplicates: got.Duplicates,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if err := c.Ensure(t.Context(), stream.Settings{}); err != nil {
		t.Errorf("a second time, with another size: got %v, want nil", err)
	}
}

func TestEnsureRefusesWhatDiffers(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	js := admin(t, srv.URL())
	s, err := js.Stream(t.Context(), event.StreamDispatch)
	if err != nil {
		t.Fatal(err)
	}
	changed := s.CachedInfo().Config
	changed.AllowDirect = true
	changed.MaxAge = time.Hour
	changed.MaxMsgsPerSubject = 1
	changed.Description = "ours" // nobody's business
	if _, err := js.UpdateStream(t.Context(), changed); err != nil {
		t.Fatal(err)
	}

	var differs *stream.SettingsError
	if err := c.Ensure(t.Context(), stream.Settings{}); !errors.As(err, &differs) {
		t.Fatalf("got %v, want a *SettingsError", err)
	}
	want := []stream.Difference{
		{Stream: "DISPATCH", Setting: "allow_direct", Got: "true", Want: "false"},
		{Stream: "DISPATCH", Setting: "max_age", Got: "1h0m0s", Want: "840h0m0s"},
		{Stream: "DISPATCH", Setting: "max_msgs_per_subject", Got: "1", Want: "-1"},
	}
	byName := cmpopts.SortSlices(func(a, b stream.Difference) bool { return a.Setting < b.Setting })
	if diff := cmp.Diff(want, differs.Differences, byName); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
	if got := differs.Error(); !strings.Contains(got, "DISPATCH: allow_direct is true, has to be false") {
		t.Errorf("message does not say what to change: %s", got)
	}
	info, err := s.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !info.Config.AllowDirect || info.Config.MaxAge != time.Hour {
		t.Error("Ensure has changed the stream")
	}
	if _, err := c.Journal(t.Context()); !errors.As(err, &differs) {
		t.Errorf("journal with direct reads: got %v, want a *SettingsError", err)
	}
}

func TestEnsureReplicas(t *testing.T) {
	t.Parallel()
	c := open(t, shared.cluster.URL(), stream.Settings{Replicas: 3})
	if err := c.Ensure(t.Context(), stream.Settings{Replicas: 1}); err != nil {
		t.Errorf("more replicas than asked for: got %v, want nil", err)
	}
	var differs *stream.SettingsError
	if err := c.Ensure(t.Context(), stream.Settings{Replicas: 5}); !errors.As(err, &differs) || len(differs.Differences) != 7 {
		t.Errorf("fewer replicas than asked for: got %v, want one of each stream", err)
	}
}

// A window that lets a foreign id swallow orders or reports for minutes is none
// that an installation may keep.
func TestEnsureRefusesLongDuplicateWindows(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	js := admin(t, srv.URL())
	for _, name := range []string{event.StreamOrders, event.StreamCourier, event.StreamDispatch} {
		update(t, js, name, func(cfg *jetstream.StreamConfig) { cfg.Duplicates = 2 * time.Minute })
	}
	var differs *stream.SettingsError
	if err := c.Ensure(t.Context(), stream.Settings{}); !errors.As(err, &differs) {
		t.Fatalf("got %v, want a *SettingsError", err)
	}
	want := []stream.Difference{ // no message of DISPATCH has an id
		{Stream: "ORDERS", Setting: "duplicate_window", Got: "2m0s", Want: "100ms"},
		{Stream: "COURIER", Setting: "duplicate_window", Got: "2m0s", Want: "100ms"},
	}
	if diff := cmp.Diff(want, differs.Differences); diff != "" {
		t.Errorf("differences (-want +got):\n%s", diff)
	}
}
