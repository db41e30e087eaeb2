package embedded_test

import (
	"errors"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nearlane/nearlane/app/embedded"
)

func startNATS(t *testing.T, o embedded.NATSOptions) *embedded.NATSServer {
	t.Helper()
	s, err := embedded.NATS(o)
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(s.Shutdown)
	return s
}

func TestNATSListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	s := startNATS(t, embedded.NATSOptions{Dir: t.TempDir()})
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := u.Hostname(), "127.0.0.1"; got != want {
		t.Errorf("host: got %s, want %s", got, want)
	}
	if err := s.Healthy(); err != nil {
		t.Errorf("healthy: got %v, want nil", err)
	}
}

func TestNATSKeepsStreamsInItsFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := startNATS(t, embedded.NATSOptions{Dir: dir, SyncAlways: true})
	js := jetStream(t, s.URL())
	if _, err := js.AddStream(&nats.StreamConfig{Name: "S", Subjects: []string{"s"}}); err != nil {
		t.Fatal(err)
	}
	if _, err := js.Publish("s", []byte("kept")); err != nil {
		t.Fatal(err)
	}
	s.Shutdown()
	if _, err := os.Stat(filepath.Join(dir, "jetstream")); err != nil {
		t.Errorf("streams are not below the folder: %v", err)
	}

	again := startNATS(t, embedded.NATSOptions{Dir: dir, SyncAlways: true})
	msg, err := jetStream(t, again.URL()).GetLastMsg("S", "s")
	if err != nil {
		t.Fatalf("read after restart: %v", err)
	}
	if got, want := string(msg.Data), "kept"; got != want {
		t.Errorf("after restart: got %q, want %q", got, want)
	}
}

func TestNATSFolderIsForOneProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startNATS(t, embedded.NATSOptions{Dir: dir})
	_, err := embedded.NATS(embedded.NATSOptions{Dir: dir})
	if !errors.Is(err, embedded.ErrLocked) {
		t.Fatalf("second server: got %v, want ErrLocked", err)
	}
	if pid := strconv.Itoa(os.Getpid()); !strings.Contains(err.Error(), pid) {
		t.Errorf("message does not name process %s: %v", pid, err)
	}
	first.Shutdown()
	startNATS(t, embedded.NATSOptions{Dir: dir})
}

func TestNATSPortTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	dir := t.TempDir()
	_, err = embedded.NATS(embedded.NATSOptions{Dir: dir, Port: l.Addr().(*net.TCPAddr).Port})
	if !errors.Is(err, embedded.ErrUnavailable) {
		t.Errorf("got %v, want ErrUnavailable", err)
	}
	startNATS(t, embedded.NATSOptions{Dir: dir}) // the failed start has given the folder free
}

func TestNATSFolderNotToBeHad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"", file, filepath.Join(file, "below")} {
		if _, err := embedded.NATS(embedded.NATSOptions{Dir: dir}); !errors.Is(err, embedded.ErrUnavailable) {
			t.Errorf("folder %q: got %v, want ErrUnavailable", dir, err)
		}
	}
}

func TestClusterReplicates(t *testing.T) {
	t.Parallel()
	c, err := embedded.Cluster(t.TempDir(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Shutdown)
	info, err := jetStream(t, c.URL()).AddStream(&nats.StreamConfig{Name: "S", Subjects: []string{"s"}, Replicas: 3})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(info.Cluster.Replicas), 2; got != want {
		t.Errorf("followers: got %d, want %d", got, want)
	}
	if c.Leader("S") == nil {
		t.Error("no server leads the stream that was just made")
	}
}

func jetStream(t *testing.T, url string) nats.JetStreamContext {
	t.Helper()
	nc, err := nats.Connect(url)
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
