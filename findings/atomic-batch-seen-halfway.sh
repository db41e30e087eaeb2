#!/usr/bin/env bash
# Asking a stream for its last sequence while atomic batches are published to it.
#
# Guessed: a batch is stored whole or not at all, so the last sequence that
# STREAM.INFO tells is always the last message of a batch.
# True: on disk, the server counts the messages of a batch one by one while it
# stores them. A reader that reads up to "the last sequence now" ends in the
# middle of a batch every so often; it has to go on to the message that commits.
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
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const batches, size = 300, 500

func main() {
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: "store", NoSigs: true})
	check(err)
	s.Start()
	defer s.Shutdown()
	nc, err := nats.Connect(s.ClientURL())
	check(err)
	js, err := jetstream.New(nc)
	check(err)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	stream, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "S", Subjects: []string{"s"}, AllowAtomicPublish: true})
	check(err)
	fmt.Println("nats-server", server.VERSION, "nats.go", nats.Version)
	stored := make(chan struct{})
	go func() {
		defer close(stored)
		for b := range batches {
			publish(nc, b)
		}
	}()
	asked, halfway := 0, 0
	for waiting := true; waiting; {
		select {
		case <-stored:
			waiting = false
		default:
		}
		info, err := stream.Info(ctx)
		check(err)
		asked++
		if last := info.State.LastSeq; last%size != 0 {
			halfway++
			if halfway <= 3 {
				fmt.Printf("last sequence %d: %d of the %d messages of a batch\n", last, last%size, size)
			}
		}
	}
	fmt.Printf("asked %d times, %d times within a batch\n", asked, halfway)
	if halfway == 0 {
		fmt.Println("the behaviour has changed")
		os.Exit(1)
	}
}

// publish stores one atomic batch, and returns once it is acknowledged.
func publish(nc *nats.Conn, batch int) {
	for i := 1; i <= size; i++ {
		m := nats.NewMsg("s")
		m.Data = make([]byte, 500)
		m.Header.Set("Nats-Batch-Id", strconv.Itoa(batch))
		m.Header.Set("Nats-Batch-Sequence", strconv.Itoa(i))
		if i < size {
			check(nc.PublishMsg(m))
			continue
		}
		m.Header.Set("Nats-Batch-Commit", "1")
		_, err := nc.RequestMsg(m, 30*time.Second)
		check(err)
	}
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
