package redistest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Server is one redis-server process. It keeps its port and its folder from one
// start to the next.
type Server struct {
	Port string

	t    testing.TB
	args []string
	cmd  *exec.Cmd // nil: not running
}

// Start starts a redis-server on loopback that keeps nothing on disk unless args
// say otherwise, and ends it with the test.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	s := newServer(t, args...)
	s.Start()
	return s
}

func newServer(t testing.TB, args ...string) *Server {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed: `make test` says what the tests need")
	}
	s := &Server{t: t, Port: freePort(t)}
	s.args = append([]string{"--port", s.Port, "--bind", "127.0.0.1", "--dir", t.TempDir(),
		"--save", "", "--maxmemory-policy", "noeviction", "--logfile", ""}, args...)
	t.Cleanup(s.Kill)
	return s
}

// URL is where clients find the server.
func (s *Server) URL() string { return "redis://127.0.0.1:" + s.Port }

// Start returns when the server says that it is ready.
func (s *Server) Start() {
	s.t.Helper()
	cmd := exec.Command("redis-server", s.args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatalf("pipe: %v", err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatalf("start redis-server: %v", err)
	}
	var log strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&log, lines.Text())
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go func() {
				for lines.Scan() {
				}
			}()
			s.cmd = cmd
			return
		}
	}
	_ = cmd.Wait()
	s.t.Fatalf("redis-server did not start:\n%s", log.String())
}

// Kill ends the process at once.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
}

// Restart kills the process and starts it again.
func (s *Server) Restart() {
	s.t.Helper()
	s.Kill()
	s.Start()
}

// Do makes one call without spaces in its arguments. What is refused comes
// back as the text of the error; lists, one element a line.
func (s *Server) Do(format string, args ...any) string {
	s.t.Helper()
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+s.Port, patience)
	if err != nil {
		s.t.Fatalf("dial redis-server: %v", err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(c, format+"\r\n", args...)
	reply, err := readReply(bufio.NewReader(c))
	if err != nil {
		s.t.Fatalf(format+": %v", append(args, err)...)
	}
	return reply
}

func readReply(r *bufio.Reader) (string, error) {
	line, err := r.ReadString('\n')
	line = strings.TrimRight(line, "\r\n")
	if err != nil || line == "" {
		return "", fmt.Errorf("read reply: %q, %w", line, err)
	}
	kind, rest := line[0], line[1:]
	if kind != '$' && kind != '*' {
		return rest, nil
	}
	size, err := strconv.Atoi(rest)
	if err != nil || size < 0 {
		return "", err
	}
	if kind == '$' {
		text := make([]byte, size+len("\r\n"))
		_, err := io.ReadFull(r, text)
		return string(text[:size]), err
	}
	var list []string
	for range size {
		one, err := readReply(r)
		if err != nil {
			return "", err
		}
		list = append(list, one)
	}
	return strings.Join(list, "\n"), nil
}

func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("pick a port: %v", err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}
