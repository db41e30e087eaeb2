package faults

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
)

// process is a child that may be killed, frozen and started again. What it
// says goes to one file over all its starts.
type process struct {
	t       testing.TB
	name    string
	log     string
	command func() *exec.Cmd

	mu    sync.Mutex
	cmd   *exec.Cmd // nil: not running
	stdin io.Closer
	ended chan struct{}
}

// child is this binary, playing p.
func child(t testing.TB, name, dir string, p part) *process {
	t.Helper()
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatalf("encode part: %v", err)
	}
	return newProcess(t, name, dir, func() *exec.Cmd {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), partEnv+"="+string(text))
		return cmd
	})
}

func newProcess(t testing.TB, name, dir string, command func() *exec.Cmd) *process {
	p := &process{t: t, name: name, log: filepath.Join(dir, name+".log"), command: command}
	t.Cleanup(p.kill)
	return p
}

// start starts the process if it is not running. It does not wait until it is
// ready: nobody may count on that.
func (p *process) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		return
	}
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		p.t.Errorf("open log of %s: %v", p.name, err)
		return
	}
	defer log.Close()
	cmd, ended := p.command(), make(chan struct{})
	cmd.Stdout, cmd.Stderr = log, log
	stdin, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		p.t.Errorf("start %s: %v", p.name, err)
		return
	}
	p.cmd, p.stdin, p.ended = cmd, stdin, ended
	go func() {
		defer close(ended)
		err := cmd.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.cmd == cmd { // nobody killed it
			p.cmd = nil
			p.t.Errorf("%s ended by itself: %v", p.name, err)
		}
	}()
}

// kill is SIGKILL, and returns when the process is gone.
func (p *process) kill() {
	p.mu.Lock()
	cmd, ended := p.cmd, p.ended
	p.cmd = nil
	p.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Kill()
	}
	if ended != nil {
		<-ended
	}
}

// whileDown kills the process, and lets nobody start it while it does something.
func (p *process) whileDown(do func()) {
	for {
		p.kill()
		p.mu.Lock()
		if p.cmd == nil {
			break
		}
		p.mu.Unlock() // another fault has just ended
	}
	defer p.mu.Unlock()
	do()
}

func (p *process) freeze() { p.signal(syscall.SIGSTOP) }
func (p *process) thaw()   { p.signal(syscall.SIGCONT) }

func (p *process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(s)
	}
}

// said reports whether the process has said something.
func (p *process) said(what string) bool {
	said, err := os.ReadFile(p.log)
	return err == nil && bytes.Contains(said, []byte(what))
}

// healthy reports what no fault may cause: a panic, or a data race.
func (p *process) healthy() {
	p.t.Helper()
	said, err := os.ReadFile(p.log)
	if err != nil {
		p.t.Errorf("read log of %s: %v", p.name, err)
	}
	for _, bad := range []string{"DATA RACE", "panic:", "fatal error:"} {
		if i := bytes.Index(said, []byte(bad)); i >= 0 {
			p.t.Errorf("%s said:\n%s", p.name, said[i:min(len(said), i+4000)])
		}
	}
}

// tail is the end of what the process said.
func (p *process) tail() string {
	said, _ := os.ReadFile(p.log)
	return string(said[max(0, len(said)-3000):])
}
