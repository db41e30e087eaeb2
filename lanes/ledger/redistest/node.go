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

// Node is one redis-server of a cluster. It keeps its port, and its place in
// the cluster, from one start to the next.
type Node struct {
	t    testing.TB
	Port string
	ID   string // in the cluster
	bus  string // port of the cluster's own messages
	dir  string
	cmd  *exec.Cmd // nil: not running
}

func newNode(t testing.TB) *Node {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed: `make test` says what the tests need")
	}
	n := &Node{t: t, Port: freePort(t), bus: freePort(t), dir: t.TempDir()}
	t.Cleanup(n.Kill)
	return n
}

// URL is where clients find the node.
func (n *Node) URL() string { return "redis://127.0.0.1:" + n.Port }

// Start returns when the server says that it is ready.
func (n *Node) Start() {
	n.t.Helper()
	cmd := exec.Command("redis-server", "--port", n.Port, "--cluster-port", n.bus, "--bind", "127.0.0.1", "--dir", n.dir,
		"--cluster-enabled", "yes", "--cluster-node-timeout", strconv.FormatInt(nodeTimeout.Milliseconds(), 10),
		"--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
		"--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction", "--logfile", "")
	out, err := cmd.StdoutPipe()
	if err != nil {
		n.t.Fatalf("pipe: %v", err)
	}
	if err := cmd.Start(); err != nil {
		n.t.Fatalf("start redis-server: %v", err)
	}
	var log strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&log, lines.Text())
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go func() {
				for lines.Scan() {
				}
			}()
			n.cmd = cmd
			n.ID = n.Do("CLUSTER MYID")
			return
		}
	}
	_ = cmd.Wait()
	n.t.Fatalf("redis-server did not start:\n%s", log.String())
}

// Kill ends the process at once.
func (n *Node) Kill() {
	if n.cmd == nil {
		return
	}
	_ = n.cmd.Process.Kill()
	_ = n.cmd.Wait()
	n.cmd = nil
}

// Do makes one call without spaces in its arguments. What is refused comes
// back as the text of the error; lists, one element a line.
func (n *Node) Do(format string, args ...any) string {
	n.t.Helper()
	c, err := net.DialTimeout("tcp", "127.0.0.1:"+n.Port, patience)
	if err != nil {
		n.t.Fatalf("dial redis-server: %v", err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(patience))
	fmt.Fprintf(c, format+"\r\n", args...)
	reply, err := readReply(bufio.NewReader(c))
	if err != nil {
		n.t.Fatalf(format+": %v", append(args, err)...)
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
