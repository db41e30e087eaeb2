package faults

import (
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"testing"
	"time"
)

// echo answers with the same bytes.
func echo(t *testing.T) string {
	t.Helper()
	in, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	go func() {
		for {
			c, err := in.Accept()
			if err != nil {
				return
			}
			go func() { defer c.Close(); _, _ = io.Copy(c, c) }()
		}
	}()
	return in.Addr().String()
}

func dial(t *testing.T, l *link) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", l.addr())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func say(t *testing.T, c net.Conn, text string) {
	t.Helper()
	if _, err := c.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
}

func TestLinkCutsInTheMiddleOfAReply(t *testing.T) {
	t.Parallel()
	l := newLink(t, echo(t))
	first, second := dial(t, l), dial(t, l)
	for _, c := range []net.Conn{first, second} {
		say(t, c, "up")
		if _, err := io.ReadFull(c, make([]byte, 2)); err != nil {
			t.Fatal(err)
		}
	}
	l.cut(3)
	say(t, first, "hello")
	got, err := io.ReadAll(first)
	if !bytes.Equal(got, []byte("hel")) || err != nil {
		t.Errorf("got %q, %v, want %q and the end", got, err, "hel")
	}
	if got, err := io.ReadAll(second); len(got) > 0 || err != nil {
		t.Errorf("other connection: got %q, %v, want the end", got, err)
	}
	third := dial(t, l)
	say(t, third, "again")
	if _, err := io.ReadFull(third, make([]byte, 5)); err != nil {
		t.Errorf("after the cut: %v", err)
	}
}

func TestLinkHoldsBackUntilMended(t *testing.T) {
	t.Parallel()
	l := newLink(t, echo(t))
	c := dial(t, l)
	l.blackhole()
	say(t, c, "late")
	buf := make([]byte, 4)
	_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
	if n, err := c.Read(buf); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("in the hole: got %q, %v, want nothing", buf[:n], err)
	}
	l.mend()
	_ = c.SetReadDeadline(time.Now().Add(asked))
	if _, err := io.ReadFull(c, buf); err != nil || string(buf) != "late" {
		t.Errorf("mended: got %q, %v", buf, err)
	}
}
