package stream_test

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestConnectUnreachable(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	_, err = stream.Connect(t.Context(), stream.Options{URL: "nats://router:secret@" + addr})
	if !errors.Is(err, stream.ErrUnreachable) {
		t.Fatalf("got %v, want ErrUnreachable", err)
	}
	if got := err.Error(); strings.Contains(got, "secret") || !strings.Contains(got, addr) {
		t.Errorf("got %q, want it to name the server and not the password", got)
	}
}

func TestConnectNoJetStream(t *testing.T) {
	t.Parallel()
	srv, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	srv.Start()
	t.Cleanup(srv.WaitForShutdown)
	t.Cleanup(srv.Shutdown)
	if _, err := stream.Connect(t.Context(), stream.Options{URL: srv.ClientURL()}); !errors.Is(err, stream.ErrNoJetStream) {
		t.Errorf("got %v, want ErrNoJetStream", err)
	}
}

func TestHealthy(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	if err := c.Healthy(t.Context()); err != nil {
		t.Errorf("with streams: got %v, want nil", err)
	}
	if err := admin(t, srv.URL()).DeleteStream(t.Context(), event.StreamDispatch); err != nil {
		t.Fatal(err)
	}
	if err := c.Healthy(t.Context()); err == nil {
		t.Error("without the journal: got nil, want an error")
	}
	srv.Shutdown()
	if err := c.Healthy(t.Context()); err == nil {
		t.Error("without a server: got nil, want an error")
	}
}
