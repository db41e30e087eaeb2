package main

import (
	"context"
	"errors"
	"flag"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden files of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"nearlane": main, "get": get})
}

// TestScripts runs every command through the door that people use. Each script
// has testdata/network.yaml as network.yaml and, with ports of its own, as
// nearlane.yaml; a town.yaml that it brings along gets them, too.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup:               setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "eventually": eventually, "repeat": repeat, "narrow": narrow,
		},
	})
}

func setup(env *testscript.Env) error {
	network, err := os.ReadFile("testdata/network.yaml")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(env.WorkDir, "network.yaml"), network, 0o600); err != nil {
		return err
	}
	env.Setenv("GORACE", "atexit_sleep_ms=0") // the race detector's second at every exit
	var ports []string
	for name, port := range map[string]string{"NATS": "4222", "HTTP": "8480"} {
		free, err := freeAddress()
		if err != nil {
			return err
		}
		ports = append(ports, "127.0.0.1:"+port, free)
		env.Setenv(name, free)
	}
	own := strings.NewReplacer(ports...)
	if err := os.WriteFile(filepath.Join(env.WorkDir, "nearlane.yaml"), []byte(own.Replace(string(network))), 0o600); err != nil {
		return err
	}
	return withPorts(own, filepath.Join(env.WorkDir, "town*.yaml"))
}

// withPorts gives the configs that a script brings along its ports.
func withPorts(own *strings.Replacer, pattern string) error {
	files, err := filepath.Glob(pattern)
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, []byte(own.Replace(string(text))), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// freeAddress is one on loopback that nobody listens on now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// exits runs a program and wants a certain exit code: exits 65 nearlane ...
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("run %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code: got %d, want %d", got, want)
	}
}

// patience is how long something may take to come true: only a hang takes
// longer, however busy the machine.
const patience = 5 * time.Minute

// eventually runs a program until its stdout matches: eventually PATTERN
// PROGRAM [ARG...]
func eventually(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: eventually PATTERN PROGRAM [ARG...]")
	}
	pattern, err := regexp.Compile("(?m)" + args[0])
	ts.Check(err)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		_ = ts.Exec(args[1], args[2:]...)
		if pattern.MatchString(ts.ReadFile("stdout")) {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			ts.Fatalf("stdout never matched %s", args[0])
		}
	}
}

// repeat writes the lines of a file many times over, with # replaced by the
// number of the repeat, from 1: repeat N FROM TO
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat N FROM TO")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.ReplaceAll(ts.ReadFile(args[1]), "#", strconv.Itoa(i+1)))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(out.String()), 0o600))
}

// narrow wants the last stdout to stay within the columns of any terminal.
func narrow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: narrow")
	}
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
			ts.Fatalf("%d columns, want at most %d: %s", n, width, line)
		}
	}
}
