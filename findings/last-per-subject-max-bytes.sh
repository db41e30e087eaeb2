#!/usr/bin/env bash
# A pull consumer that delivers the last message of every subject, asked with a
# limit in bytes.
#
# Guessed: a message that does not fit into what is left of a request is the
# first of the next one, as with every other policy.
# True: it is left out for good. One message is missing for each request that
# ends by its bytes, the consumer still counts it as pending, and a reader that
# waits for the last pending one waits for ever. A snapshot of "the last state
# of everything" taken this way silently lacks entries, always the same ones.
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

const subjects = 8000

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
	_, err = js.CreateStream(ctx, jetstream.StreamConfig{Name: "S", Subjects: []string{"s.*"}})
	check(err)
	for range 2 { // so that the first message of a subject is not its last
		for i := range subjects {
			_, err := js.PublishAsync("s."+strconv.Itoa(i), make([]byte, 2000))
			check(err)
		}
		<-js.PublishAsyncComplete()
	}
	fmt.Println("nats-server", server.VERSION, "nats.go", nats.Version)
	all := leftOut(ctx, js, jetstream.DeliverAllPolicy, 2<<20)
	messages := leftOut(ctx, js, jetstream.DeliverLastPerSubjectPolicy, 1<<30)
	bytes := leftOut(ctx, js, jetstream.DeliverLastPerSubjectPolicy, 2<<20)
	if all != 0 || messages != 0 || bytes == 0 {
		fmt.Println("the behaviour has changed")
		os.Exit(1)
	}
}

// leftOut is how many subjects' last messages a reader does not get.
func leftOut(ctx context.Context, js jetstream.JetStream, policy jetstream.DeliverPolicy, maxBytes int) (n int) {
	cons, err := js.OrderedConsumer(ctx, "S", jetstream.OrderedConsumerConfig{FilterSubjects: []string{"s.*"}, DeliverPolicy: policy})
	check(err)
	iter, err := cons.Messages(jetstream.PullMaxMessagesWithBytesLimit(8192, maxBytes))
	check(err)
	defer iter.Stop()
	last := map[string]uint64{}
	for {
		m, err := iter.Next(jetstream.NextContext(ctx))
		check(err)
		meta, err := m.Metadata()
		check(err)
		last[m.Subject()] = meta.Sequence.Stream
		if meta.Sequence.Stream == 2*subjects {
			break
		}
	}
	var which []int
	for i := range subjects {
		if last["s."+strconv.Itoa(i)] != uint64(subjects+i+1) {
			n++
			which = append(which, i)
		}
	}
	fmt.Printf("%s, requests of at most %d bytes: %d of %d subjects left out: %v\n", policy, maxBytes, n, subjects, which)
	return n
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
