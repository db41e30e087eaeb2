// Package embedded runs a NATS server and a Redis-compatible server inside
// this process, on real loopback sockets: for the demo, for tests, and as the
// default on a single machine.
//
// Both listen on 127.0.0.1 only and without passwords: whoever can open a
// socket on the machine can use them. NATS keeps its streams on disk, in one
// folder that one process at a time may use; losing that folder loses the
// journal. The Redis-compatible server keeps nothing, and is refilled from
// the journal at each start.
package embedded

import "errors"

var (
	// ErrLocked: another process uses the data folder.
	ErrLocked = errors.New("data folder is in use")
	// ErrUnavailable: the port or the folder is not to be had.
	ErrUnavailable = errors.New("not available")
)
