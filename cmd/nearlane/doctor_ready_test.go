package main

import (
	"context"
	"errors"
	"net"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/console"
)

// What a router knows to be wrong, the doctor passes on; where none runs, it
// says nothing of it.
func TestDoctorAsksTheRouter(t *testing.T) {
	t.Parallel()
	var fault error // set between the questions
	c := console.New(prometheus.NewRegistry(), []console.Check{
		{Name: "nats", Ask: func(context.Context) error { return nil }},
		{Name: "store", Ask: func(context.Context) error { return fault }},
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- c.Serve(ctx, l) }()
	url := "http://" + l.Addr().String()
	look := func() []observation {
		d := doctor{config: &config.Config{}}
		d.config.HTTP.Listen = l.Addr().String()
		d.lookAtReadiness(context.Background())
		return d.seen
	}
	if diff := cmp.Diff([]observation{{"ready", stateOK, url + " says so", ""}}, look()); diff != "" {
		t.Errorf("ready (-want +got):\n%s", diff)
	}
	fault = errors.New("no space left")
	want := []observation{{"ready: store", stateFail, url + " says: no space left", "docs/ops.md, 'When a router is not ready'"}}
	if diff := cmp.Diff(want, look()); diff != "" {
		t.Errorf("not ready (-want +got):\n%s", diff)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if got := look(); len(got) != 0 {
		t.Errorf("nobody there: got %v", got)
	}
}
