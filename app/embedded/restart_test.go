package embedded

import (
	"testing"

	"github.com/nats-io/nats.go"
)

// A server that is started again is where it was, and has what it had.
func TestNATSRestart(t *testing.T) {
	t.Parallel()
	s, err := NATS(NATSOptions{Dir: t.TempDir(), SyncAlways: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	if err := s.Roomy(); err != nil {
		t.Errorf("got %v of a folder with room", err)
	}
	connect := func() nats.JetStreamContext {
		nc, err := nats.Connect(s.URL())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(nc.Close)
		js, err := nc.JetStream()
		if err != nil {
			t.Fatal(err)
		}
		return js
	}
	js := connect()
	if _, err := js.AddStream(&nats.StreamConfig{Name: "KEEP", Subjects: []string{"keep"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish("keep", []byte("kept")); err != nil {
		t.Fatal(err)
	}
	was := s.URL()
	if err := s.srv.Load().ShutdownJetStream(); err != nil { // as a write does that is not permitted
		t.Fatal(err)
	}
	if s.Stuck() == nil {
		t.Error("a server without JetStream is not stuck")
	}
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	if s.URL() != was {
		t.Errorf("got %s, want it at %s as before", s.URL(), was)
	}
	if err := s.Stuck(); err != nil {
		t.Errorf("started again, it is stuck: %v", err)
	}
	info, err := connect().StreamInfo("KEEP")
	if err != nil || info.State.Msgs != 1 {
		t.Errorf("got %+v, %v, want the message", info, err)
	}
}
