package ledger_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// process is a redis-server of this test's own, in a temporary folder. It
// syncs its append-only file on every write, so that a restart loses nothing.
type process struct {
	t    testing.TB
	dir  string
	port string
	args []string
	cmd  *exec.Cmd
}

func startProcess(t testing.TB, args ...string) *process {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("redis-server is not installed: `make test` says what the tests need")
	}
	p := &process{t: t, dir: t.TempDir(), port: freePort(t), args: args}
	p.start()
	t.Cleanup(p.kill)
	return p
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

func (p *process) url() string { return "redis://127.0.0.1:" + p.port }

// start returns when the server says that it is ready.
func (p *process) start() {
	p.t.Helper()
	args := append([]string{
		"--port", p.port, "--bind", "127.0.0.1", "--dir", p.dir, "--save", "",
		"--maxmemory-policy", "noeviction", "--logfile", "",
	}, p.args...)
	p.cmd = exec.Command("redis-server", args...)
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		p.t.Fatalf("pipe: %v", err)
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatalf("start redis-server: %v", err)
	}
	var log strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		fmt.Fprintln(&log, lines.Text())
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go func() {
				for lines.Scan() {
				}
			}()
			return
		}
	}
	p.t.Fatalf("redis-server did not start:\n%s", log.String())
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
}

func (p *process) restart() {
	p.t.Helper()
	p.kill()
	p.start()
}

// cluster makes the server a cluster of one node with all hash slots, which
// refuses calls whose keys lie in several of them.
func (p *process) cluster(client *redis.Client) {
	p.t.Helper()
	ctx := context.Background()
	if err := client.ClusterAddSlotsRange(ctx, 0, 16383).Err(); err != nil {
		p.t.Fatalf("add slots: %v", err)
	}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for ; ; <-ticker.C {
		info, err := client.ClusterInfo(ctx).Result()
		if err != nil {
			p.t.Fatalf("cluster info: %v", err)
		}
		if strings.Contains(info, "cluster_state:ok") {
			return
		}
	}
}
