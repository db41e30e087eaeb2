package redistest

import (
	"strconv"
	"testing"
)

// Node is one redis-server of a cluster. It keeps its place in the cluster from
// one start to the next.
type Node struct {
	*Server
	ID  string // in the cluster
	bus string // port of the cluster's own messages
}

func newNode(t testing.TB) *Node {
	t.Helper()
	bus := freePort(t)
	return &Node{bus: bus, Server: newServer(t, "--cluster-port", bus,
		"--cluster-enabled", "yes", "--cluster-node-timeout", strconv.FormatInt(nodeTimeout.Milliseconds(), 10),
		"--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0", "--appendonly", "no")}
}

// Start returns when the server says that it is ready.
func (n *Node) Start() {
	n.t.Helper()
	n.Server.Start()
	n.ID = n.Do("CLUSTER MYID")
}
