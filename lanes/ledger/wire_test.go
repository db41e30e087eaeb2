package ledger_test

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
)

// wire is a TCP connection to a server that can be made to break: once armed,
// it lets so many bytes of replies through and then cuts the connection.
type wire struct {
	listener net.Listener
	server   string
	left     atomic.Int64 // reply bytes until the cut; negative: not armed
	cuts     atomic.Int64
}

func newWire(t testing.TB, server string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	w := &wire{listener: l, server: server}
	w.left.Store(-1)
	t.Cleanup(func() { l.Close() })
	go w.accept()
	return w
}

func (w *wire) url() string { return "redis://" + w.listener.Addr().String() }

func (w *wire) cutAfter(replyBytes int64) { w.left.Store(replyBytes) }

func (w *wire) accept() {
	for {
		client, err := w.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", w.server)
		if err != nil {
			client.Close()
			continue
		}
		go func() {
			_, _ = io.Copy(server, client)
			server.Close()
		}()
		go w.replies(client, server)
	}
}

func (w *wire) replies(client, server net.Conn) {
	defer client.Close()
	defer server.Close()
	buf := make([]byte, 256)
	for {
		n, err := server.Read(buf)
		if left := w.left.Load(); left >= 0 {
			if int64(n) > left {
				w.left.Store(-1)
				w.cuts.Add(1)
				_, _ = client.Write(buf[:left])
				return
			}
			w.left.Add(int64(-n))
		}
		if err != nil {
			return
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}
