package pace

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is a child of the test.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	stdin io.Closer // open for as long as the test lives
	said  bytes.Buffer
	ended bool
}

// child is this binary, playing p.
func child(t testing.TB, p part) *process {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatalf("encode part: %v", err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	// The race detector would have it sleep for a second before it exits.
	cmd.Env = append(os.Environ(), partEnv+"="+string(text), "GORACE=atexit_sleep_ms=0")
	return started(t, cmd)
}

func started(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd}
	cmd.Stdout, cmd.Stderr = &p.said, &p.said
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatalf("start %s: %v", cmd.Path, err)
	}
	p.stdin = stdin
	t.Cleanup(func() { p.end(syscall.SIGKILL) })
	return p
}

// stop is SIGTERM, and returns when the process is gone.
func (p *process) stop() { p.end(syscall.SIGTERM) }

func (p *process) end(s syscall.Signal) {
	if p.ended {
		return
	}
	_ = p.cmd.Process.Signal(s)
	_ = p.cmd.Wait()
	p.ended = true
}

// wait waits for a process that ends by itself.
func (p *process) wait() {
	p.t.Helper()
	p.ended = true
	if err := p.cmd.Wait(); err != nil {
		p.t.Fatalf("%s: %v\n%s", p.cmd.Path, err, p.said.String())
	}
}

// busy is the processor time that the process has used; 0 where /proc does not
// tell.
func (p *process) busy() time.Duration {
	const tick = 10 * time.Millisecond
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * tick
}

// ownBusy is the processor time of this process.
func ownBusy() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// machineLoad is what `uptime` says of the last minute.
func machineLoad() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	load, _, _ := strings.Cut(string(text), " ")
	return load
}
