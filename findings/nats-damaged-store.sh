#!/usr/bin/env bash
# nats-server 2.15.2: a file store that has lost a part of its messages.
#
# Guessed: each message has a checksum, so a store that was damaged while the
# server was down is reported, and the stream is not served as if it were whole.
# True: the damaged messages are never served, but nothing else shows.
#  1. The last block is gone, and index.db with it (a server that was killed may
#     lack it): the stream ends where the block before ended, without a warning,
#     and the next publishes get the sequences of the messages that are gone.
#  2. One bit of a message flipped, index.db there: the stream's info counts the
#     message, num_deleted is 0, and no warning; to whoever asks for the last
#     message of its subject it does not exist, and a publish that expects that
#     there is none on the subject (Nats-Expected-Last-Subject-Sequence: 0) is
#     accepted, so that compare-and-set lets the same thing happen twice.
#  3. The same bit without index.db: all messages behind it in its block are gone
#     too, again without a warning; only num_deleted tells.
#
# Prints what is seen; exits 1 if any of it has changed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
cat > go.mod <<'MOD'
module damagedstore

go 1.26

require (
	github.com/nats-io/nats-server/v2 v2.15.2
	github.com/nats-io/nats.go v1.55.0
)
MOD
cat > main.go <<'GO'
package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const messages, size, bit = 600, 20_000, 300 // three blocks; the bit is in the second

// warnings counts what the server complains of.
type warnings struct{ n atomic.Int32 }

func (*warnings) Noticef(string, ...any) {}
func (w *warnings) Warnf(f string, v ...any) {
	w.n.Add(1)
	fmt.Printf("   server: "+f+"\n", v...)
}
func (w *warnings) Errorf(f string, v ...any) { w.Warnf(f, v...) }
func (w *warnings) Fatalf(f string, v ...any) { w.Warnf(f, v...) }
func (*warnings) Debugf(string, ...any)       {}
func (*warnings) Tracef(string, ...any)       {}

type node struct {
	warnings
	srv *server.Server
	nc  *nats.Conn
	js  jetstream.JetStream
}

func start(dir string) *node {
	n := new(node)
	n.srv = must(server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, JetStream: true, StoreDir: dir, SyncAlways: true}))
	n.srv.SetLoggerV2(n, false, false, false)
	n.srv.Start()
	if !n.srv.ReadyForConnections(30 * time.Second) {
		panic("the server is not ready")
	}
	n.nc = must(nats.Connect(n.srv.ClientURL()))
	n.js = must(jetstream.New(n.nc))
	return n
}

func (n *node) stop() {
	n.nc.Close()
	n.srv.Shutdown()
	n.srv.WaitForShutdown()
}

var (
	ctx     = context.Background()
	changed bool
)

func expect(what string, got, want any) {
	fmt.Printf("   %s: %v\n", what, got)
	if got != want {
		fmt.Printf("   CHANGED: it was %v\n", want)
		changed = true
	}
}

func main() {
	whole := must(os.MkdirTemp(".", "store"))
	n := start(whole)
	must(n.js.CreateStream(ctx, jetstream.StreamConfig{Name: "J", Subjects: []string{"j.>"}, Storage: jetstream.FileStorage,
		Discard: jetstream.DiscardNew, MaxBytes: 20 << 20, DenyDelete: true, DenyPurge: true}))
	for i := 1; i <= messages; i++ {
		must(n.js.Publish(ctx, fmt.Sprintf("j.%d", i), bytes.Repeat([]byte{byte(i)}, size)))
	}
	n.stop()
	fmt.Println("nats-server", server.VERSION)

	fmt.Println("1. last block and index.db gone")
	n = start(damaged(whole, true, func(msgs string) { check(os.Remove(filepath.Join(msgs, "3.blk"))) }))
	state := n.state()
	expect("deleted messages by its count", state.NumDeleted, 0)
	expect("ends before", state.LastSeq < messages, true)
	expect("the next message gets a sequence that was used", must(n.js.Publish(ctx, "j.new", nil)).Sequence <= messages, true)
	expect("warnings", n.n.Load(), int32(0))
	n.stop()

	flip := func(msgs string) {
		path := filepath.Join(msgs, "2.blk")
		data := must(os.ReadFile(path))
		data[bytes.Index(data, []byte(fmt.Sprintf("j.%d", bit)))+size/2] ^= 1
		check(os.WriteFile(path, data, 0o600))
	}
	fmt.Println("2. one bit flipped, index.db there")
	n = start(damaged(whole, false, flip))
	s := must(n.js.Stream(ctx, "J"))
	_, err := s.GetLastMsgForSubject(ctx, fmt.Sprintf("j.%d", bit))
	expect("last message of its subject", fmt.Sprint(err), fmt.Sprint(jetstream.ErrMsgNotFound))
	state = n.state()
	expect("messages", state.Msgs, uint64(messages))
	expect("deleted messages by its count", state.NumDeleted, 0)
	_, err = n.js.Publish(ctx, fmt.Sprintf("j.%d", bit), nil, jetstream.WithExpectLastSequencePerSubject(0))
	expect("a publish that expects none on the subject is refused", err != nil, false)
	expect("warnings", n.n.Load(), int32(0))
	n.stop()

	fmt.Println("3. one bit flipped, index.db gone")
	n = start(damaged(whole, true, flip))
	state = n.state()
	expect("more than one message gone", state.NumDeleted > 1, true)
	expect("warnings", n.n.Load(), int32(0))
	n.stop()
	if changed {
		os.Exit(1)
	}
}

func (n *node) state() jetstream.StreamState {
	return must(must(n.js.Stream(ctx, "J")).Info(ctx)).State
}

// damaged is a copy of the store.
func damaged(whole string, unindexed bool, damage func(msgs string)) string {
	dir := must(os.MkdirTemp(".", "store"))
	check(os.CopyFS(dir, os.DirFS(whole)))
	msgs := filepath.Join(dir, "jetstream", "$G", "streams", "J", "msgs")
	damage(msgs)
	if unindexed {
		check(os.Remove(filepath.Join(msgs, "index.db")))
	}
	return dir
}

func must[T any](v T, err error) T { check(err); return v }

func check(err error) {
	if err != nil {
		panic(err)
	}
}
GO
go mod tidy >/dev/null 2>&1
go run .
