package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/app/demo"
)

func TestDemoCommand(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"demo", "--orders", "25", "--seed", "3", "--json"}, nil, &stdout, &stderr); code != exitOK {
		t.Fatalf("got exit code %d: %s", code, &stderr)
	}
	var report demo.Report
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatalf("stdout is not one JSON report: %v\n%s", err, &stdout)
	}
	if !report.OK || report.Published != 25 || report.Seed != 3 || report.Speed.Paced {
		t.Errorf("got %+v, want 25 orders without a pause", report)
	}
	if stderr.Len() > 0 {
		t.Errorf("stderr has %q, want nothing", &stderr)
	}
}

func TestDemoCommandUsage(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ flags, says string }{
		{"--orders=0", "--orders 0"},
		{"--pace=-1s", "--pace -1s"},
		{"--clock=tomorrow", `--clock "tomorrow"`},
		{"--seed=-1", "--seed"},
		{"more", "no arguments"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), []string{"demo", tt.flags}, nil, &stdout, &stderr); code != exitUsage {
			t.Errorf("%s: got exit code %d, want %d", tt.flags, code, exitUsage)
		}
		if !strings.Contains(stderr.String(), tt.says) || stdout.Len() > 0 {
			t.Errorf("%s: got %q on stderr and %q on stdout, want %q on stderr", tt.flags, &stderr, &stdout, tt.says)
		}
	}
}

// TestBrokenInvariantIsAFailure is the way of a broken invariant to the shell.
func TestBrokenInvariantIsAFailure(t *testing.T) {
	t.Parallel()
	r := demo.Report{Checks: []demo.Check{{Name: "sound"}, {Name: "no slot over its limit", N: 1}}}
	if code := exitCode(r.Err()); code != exitFailed || !strings.Contains(r.Err().Error(), "no slot over its limit") {
		t.Errorf("got exit code %d and %v, want %d and the name of what is broken", code, r.Err(), exitFailed)
	}
}
