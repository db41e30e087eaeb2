#!/usr/bin/env bash
# A single nats-server 2.15.2 whose disk was full for a moment.
#
# Guessed: a publish that the disk has no room for is answered with an error, and
# once there is room the stream takes messages again.
# True: the publish is not answered at all, and the stream takes no message any
# more until the server is started again, however much room there is. Each stream
# closes by itself: another on the same disk goes on if nothing was written to it
# meanwhile, or if what was written fitted. Stream info shows nothing of it,
# /healthz does. What had been acknowledged is all there after the restart.
#
# Needs go, and a mount in a namespace of its own: no root where users may have
# one. Exits with 0 while the server does so, with 1 once it does not, and with 3
# where such a mount is not to be had.
set -euo pipefail

if [ "${1:-}" != mounted ]; then
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	mkdir "$dir/disk"
	cat >"$dir/go.mod" <<-'END'
		module finding

		go 1.26

		require (
			github.com/nats-io/nats-server/v2 v2.15.2
			github.com/nats-io/nats.go v1.55.0
		)
	END
	cat >"$dir/main.go" <<-'END'
		package main

		import (
			"fmt"
			"os"
			"path/filepath"
			"time"

			"github.com/nats-io/nats-server/v2/server"
			"github.com/nats-io/nats.go"
		)

		func main() {
			disk, failed := os.Args[1], false
			expect := func(what string, ok bool) {
				fmt.Printf("%-5t %s\n", ok, what)
				failed = failed || !ok
			}
			fmt.Println("nats-server", server.VERSION)
			s, js := start(disk)
			for _, name := range []string{"A", "B"} {
				must(js.AddStream(&nats.StreamConfig{Name: name, Subjects: []string{name}}))
			}
			filler := filepath.Join(disk, "filler")
			f := must(os.Create(filler))
			must(f.Write(make([]byte, 10<<20)))
			acked, err := 0, error(nil)
			for err == nil {
				if _, err = js.Publish("A", make([]byte, 20000)); err == nil {
					acked++
				}
			}
			expect(fmt.Sprintf("full: no answer after %d messages: %v", acked, err), err == nats.ErrTimeout)
			if err := os.Remove(filler); err != nil {
				panic(err)
			}
			f.Close()
			fmt.Println("      10 MiB are free again")
			_, err = js.Publish("A", []byte("small"))
			expect(fmt.Sprintf("stream A still answers nothing: %v", err), err == nats.ErrTimeout)
			_, err = js.Publish("B", []byte("small"))
			expect(fmt.Sprintf("stream B takes a message: %v", err), err == nil)
			info, err := js.StreamInfo("A")
			expect(fmt.Sprintf("stream info knows nothing of it: %v", err), err == nil && int(info.State.Msgs) == acked)
			h := s.Healthz(nil)
			expect(fmt.Sprintf("healthz does: %d %s", h.StatusCode, filepath.Base(h.Error)), h.StatusCode == 503)
			s.Shutdown()
			s.WaitForShutdown()
			s, js = start(disk)
			_, err = js.Publish("A", []byte("small"))
			expect(fmt.Sprintf("started again, stream A takes a message: %v", err), err == nil)
			info = must(js.StreamInfo("A"))
			expect(fmt.Sprintf("and has all %d that it had acknowledged", acked), int(info.State.Msgs) == acked+1)
			s.Shutdown()
			if failed {
				fmt.Println("the behaviour has changed")
				os.Exit(1)
			}
		}

		func start(disk string) (*server.Server, nats.JetStreamContext) {
			s := must(server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true,
				StoreDir: filepath.Join(disk, "nats"), JetStreamMaxStore: 1 << 30, SyncAlways: true, NoSigs: true}))
			s.Start()
			if !s.ReadyForConnections(10 * time.Second) {
				panic("not ready")
			}
			nc := must(nats.Connect(s.ClientURL()))
			return s, must(nc.JetStream(nats.MaxWait(2 * time.Second)))
		}

		func must[T any](v T, err error) T {
			if err != nil {
				panic(err)
			}
			return v
		}
	END
	(cd "$dir" && go mod tidy 2>/dev/null && go build -o finding .)
	for flags in -Urm -m; do
		if unshare $flags true 2>/dev/null; then
			unshare $flags bash "$0" mounted "$dir"
			exit
		fi
	done
	echo "no namespace of mounts is to be had here" >&2
	exit 3
fi

mount -t tmpfs -o size=16m none "$2/disk" || exit 3
"$2/finding" "$2/disk"
