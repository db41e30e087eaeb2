package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// What people wrote elsewhere neither steers this terminal nor breaks the table.
func TestTablesArePlain(t *testing.T) {
	t.Parallel()
	const wild = "pipe\x1b[2J\nkallio\t-"
	var b strings.Builder
	if err := showClosures(&b, []router.Closure{{Site: "kallio", Reason: wild, By: wild}}); err != nil {
		t.Fatal(err)
	}
	log := pushLog{Pushes: []stream.Push{{Revision: "4f1c", By: wild, Message: wild}}}
	if err := log.show(&b); err != nil {
		t.Fatal(err)
	}
	log = pushLog{Routers: []stream.Presence{{Router: wild, Revision: wild, Error: wild}, {Router: wild, Revision: wild}}}
	if err := log.show(&b); err != nil {
		t.Fatal(err)
	}
	if err := (&branch{text: wild}).print(&b); err != nil {
		t.Fatal(err)
	}
	b.WriteString(followers([]stream.Presence{{Router: wild, Follows: true}, {Router: wild}}))
	if got := b.String(); strings.Contains(got, "\x1b") || strings.Count(got, "\n") != 11 {
		t.Errorf("got %d lines, want 11 that are plain: %q", strings.Count(got, "\n"), got)
	}
}

func TestExitWithoutABucket(t *testing.T) {
	t.Parallel()
	if got := exitCode(fmt.Errorf("close kallio: %w", stream.ErrNoBucket)); got != exitUnavailable {
		t.Errorf("got %d, want %d: the server lacks it", got, exitUnavailable)
	}
}
