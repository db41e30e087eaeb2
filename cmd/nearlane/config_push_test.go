package main

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/event/stream"
)

// A push is a push, whether or not it is known who runs.
func TestPushWithoutPresence(t *testing.T) {
	t.Parallel()
	srv, err := embedded.NATS(embedded.NATSOptions{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Shutdown)
	conn, err := stream.Connect(t.Context(), stream.Options{URL: srv.URL()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	if err := conn.Ensure(t.Context(), stream.Settings{}); err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(srv.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	if err := js.DeleteStream(t.Context(), "KV_PRESENCE"); err != nil {
		t.Fatal(err)
	}
	var out, talk strings.Builder
	root := newRoot()
	root.SetOut(&out)
	root.SetErr(&talk)
	root.SetArgs([]string{"config", "push", "-c", "../../examples/helsinki/nearlane.yaml", "--nats", srv.URL()})
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("push: %v", err)
	}
	if !strings.Contains(out.String(), "is the revision to follow") || !strings.Contains(talk.String(), "who follows is not known") {
		t.Errorf("got %q and %q", out.String(), talk.String())
	}
}
