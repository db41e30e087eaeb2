package faults

import (
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// link is a TCP proxy between one client and one server that can cut in the
// middle of a reply, hold every byte back, or be slow.
type link struct {
	target string
	in     net.Listener
	all    sync.WaitGroup

	mu    sync.Mutex
	over  bool
	conns map[net.Conn]bool
	hole  chan struct{} // closed: open; not nil: nothing passes until it is closed
	delay time.Duration // of every piece, in both directions
	left  int64         // bytes of replies until all connections are cut; negative: no cut
}

func newLink(t testing.TB, target string) *link {
	t.Helper()
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	l := &link{target: target, in: in, conns: map[net.Conn]bool{}, left: -1}
	l.all.Go(l.accept)
	t.Cleanup(l.close)
	return l
}

func (l *link) addr() string { return l.in.Addr().String() }

func (l *link) accept() {
	for {
		client, err := l.in.Accept()
		if err != nil {
			return
		}
		l.all.Go(func() { l.join(client) })
	}
}

// join carries one connection until either side ends it.
func (l *link) join(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", l.target)
	if err != nil {
		return
	}
	defer server.Close()
	l.know(client, server)
	defer l.forget(client, server)
	var both sync.WaitGroup
	both.Go(func() { defer client.Close(); defer server.Close(); l.carry(server, client, false) })
	both.Go(func() { defer client.Close(); defer server.Close(); l.carry(client, server, true) })
	both.Wait()
}

func (l *link) carry(to io.Writer, from io.Reader, reply bool) {
	buf := make([]byte, 16<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		n, cut := l.pass(n, reply)
		if _, err := to.Write(buf[:n]); err != nil || cut {
			return
		}
	}
}

// pass waits as long as the link is slow or closed, and says how much may go
// through and whether the connection ends there.
func (l *link) pass(n int, reply bool) (int, bool) {
	l.mu.Lock()
	hole, delay := l.hole, l.delay
	l.mu.Unlock()
	if hole != nil {
		<-hole
	}
	if delay > 0 {
		<-time.After(delay)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !reply || l.left < 0 {
		return n, false
	}
	if int64(n) < l.left {
		l.left -= int64(n)
		return n, false
	}
	n, l.left = int(l.left), -1
	for c := range l.conns {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.CloseRead() // the others end too, without what is under way
		}
	}
	return n, true
}

func (l *link) know(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		l.conns[c] = true
		if l.over {
			c.Close()
		}
	}
}

func (l *link) forget(conns ...net.Conn) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range conns {
		delete(l.conns, c)
	}
}

// cut ends all connections after n more bytes of replies.
func (l *link) cut(n int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = n
}

// blackhole holds back every byte, in both directions, until mend.
func (l *link) blackhole() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hole == nil {
		l.hole = make(chan struct{})
	}
}

func (l *link) slow(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.delay = d
}

// mend ends every fault. What was held back arrives late.
func (l *link) mend() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.hole != nil {
		close(l.hole)
	}
	l.hole, l.delay, l.left = nil, 0, -1
}

func (l *link) close() {
	l.in.Close()
	l.mend()
	l.mu.Lock()
	l.over = true
	for c := range l.conns {
		c.Close()
	}
	l.mu.Unlock()
	l.all.Wait()
}
