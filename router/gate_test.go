package router

import (
	"context"
	"testing"
)

// A shut gate waits for what is in hand, lets nothing in, and opens again, also
// when nobody waits for it any more.
func TestGate(t *testing.T) {
	t.Parallel()
	var g gate
	ctx := t.Context()
	ended, end := context.WithCancel(ctx)
	end()
	if !g.enter(ctx) {
		t.Fatal("an open gate lets nobody in")
	}
	if _, err := g.close(ended); err == nil {
		t.Fatal("the gate was shut with a batch in hand")
	}
	if !g.enter(ctx) {
		t.Fatal("the gate did not open again")
	}
	shut := make(chan func())
	go func() {
		open, _ := g.close(ctx)
		shut <- open
	}()
	g.leave()
	g.leave()
	open := <-shut
	if g.enter(ended) {
		t.Error("a shut gate lets a batch in")
	}
	in := make(chan bool)
	go func() { in <- g.enter(ctx) }()
	open()
	if !<-in {
		t.Error("the gate was opened and lets nobody in")
	}
}
