#!/usr/bin/env bash
# A stream that discards new messages, per subject too, and whose limit of
# messages per subject is lowered below what stands there.
#
# Guessed: with discard=new and discard_new_per_subject nothing stored is ever
# removed for a limit; what exceeds the lowered one stays, and only new messages
# are refused. That is what happens with max_msgs and max_bytes.
# True: the oldest messages of every subject above the new limit are deleted at
# once, before the update is answered, also under deny_delete and deny_purge.
set -euo pipefail
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir"

cat >go.mod <<'MOD'
module finding

go 1.26.0

require (
	github.com/nats-io/nats-server/v2 v2.15.2
	github.com/nats-io/nats.go v1.55.0
)
MOD
cat >main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

func main() {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: "store", NoSigs: true})
	check(err)
	s.Start()
	defer s.Shutdown()
	nc, err := nats.Connect(s.ClientURL())
	check(err)
	js, err := jetstream.New(nc)
	check(err)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	fmt.Println("nats-server", server.VERSION, "nats.go", nats.Version)
	perSubject := left(ctx, js, "A", func(c *jetstream.StreamConfig) { c.MaxMsgsPerSubject = 3 })
	inAll := left(ctx, js, "B", func(c *jetstream.StreamConfig) { c.MaxMsgs = 3 })
	bytes := left(ctx, js, "C", func(c *jetstream.StreamConfig) { c.MaxBytes = 100 })
	fmt.Printf("of 10 messages on one subject, left after the limit was lowered to 3 a subject: %d; to 3 in all: %d; to 100 bytes: %d\n", perSubject, inAll, bytes)
	if perSubject != 3 || inAll != 10 || bytes != 10 {
		fmt.Println("the behaviour has changed")
		os.Exit(1)
	}
}

// left is how many of ten messages a stream has after a change of its limits.
func left(ctx context.Context, js jetstream.JetStream, name string, lower func(*jetstream.StreamConfig)) uint64 {
	c := jetstream.StreamConfig{Name: name, Subjects: []string{name}, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
		MaxMsgsPerSubject: 100, MaxMsgs: 1000, MaxBytes: 1 << 20, DenyDelete: true, DenyPurge: true}
	_, err := js.CreateStream(ctx, c)
	check(err)
	for range 10 {
		_, err := js.Publish(ctx, name, make([]byte, 100))
		check(err)
	}
	lower(&c)
	s, err := js.UpdateStream(ctx, c)
	check(err)
	return s.CachedInfo().State.Msgs
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
GO
go mod tidy >/dev/null 2>&1
go run .
