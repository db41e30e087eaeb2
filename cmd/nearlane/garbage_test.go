package main

import (
	"runtime/debug"
	"testing"
)

func TestCollectSeldom(t *testing.T) {
	const before = 100
	for gogc, want := range map[string]int{"": headroom, "50": before} {
		t.Setenv("GOGC", gogc)
		was := debug.SetGCPercent(before)
		collectSeldom()
		if got := debug.SetGCPercent(was); got != want {
			t.Errorf("with GOGC=%q: got %d percent, want %d", gogc, got, want)
		}
	}
}
