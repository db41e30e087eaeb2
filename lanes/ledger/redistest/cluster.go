// Package redistest starts Redis Clusters for tests: processes of their own on
// loopback, in temporary folders, with nothing on disk. A master that is
// restarted has lost everything; what its replica knows survives a failover.
package redistest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const (
	masters     = 3
	hashSlots   = 16384
	nodeTimeout = 3 * time.Second // after it, a silent master is replaced
	agreement   = 6 * time.Second // longer than master and replica try to agree on a failover
	patience    = 60 * time.Second
)

// Cluster is three masters with a replica each.
type Cluster struct {
	t     testing.TB
	Nodes []*Node // masters first, as long as none has failed over
}

// StartCluster returns when every node knows the whole cluster. It ends with
// the test.
func StartCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{t: t}
	for i := range 2 * masters {
		n := newNode(t)
		n.Start()
		n.Do("CLUSTER SET-CONFIG-EPOCH %d", i+1)
		c.Nodes = append(c.Nodes, n)
	}
	for i, n := range c.Nodes {
		if i < masters {
			n.Do("CLUSTER ADDSLOTSRANGE %d %d", i*hashSlots/masters, (i+1)*hashSlots/masters-1)
		}
		c.Nodes[0].Do("CLUSTER MEET 127.0.0.1 %s %s", n.Port, n.bus)
	}
	c.everyone("knows all", func(n *Node) bool {
		return strings.Contains(n.Do("CLUSTER INFO"), fmt.Sprintf("cluster_known_nodes:%d\r", 2*masters))
	})
	for i, n := range c.Nodes[masters:] {
		n.Do("CLUSTER REPLICATE %s", c.Nodes[i].ID)
	}
	c.Settled()
	return c
}

// URL names all nodes.
func (c *Cluster) URL() string {
	var urls []string
	for _, n := range c.Nodes {
		urls = append(urls, n.URL())
	}
	return strings.Join(urls, ",")
}

// Settled returns once every running node sees every slot covered, and every
// replica has its master's data.
func (c *Cluster) Settled() {
	c.t.Helper()
	c.everyone("sees the cluster whole", func(n *Node) bool {
		info, replication := n.Do("CLUSTER INFO"), n.Do("INFO replication")
		return strings.Contains(info, "cluster_state:ok") && strings.Contains(info, fmt.Sprintf("cluster_size:%d\r", masters)) &&
			(strings.Contains(replication, "role:master") || strings.Contains(replication, "master_link_status:up"))
	})
}

// Owner is the master of the slot of a hash tag.
func (c *Cluster) Owner(tag string) *Node {
	c.t.Helper()
	var owner *Node
	c.await("the slot of "+tag+" has a master", func() bool {
		for _, n := range c.running() {
			// Every node but the owner of the slot answers MOVED.
			if isMaster(n) && n.Do("EXISTS {%s}", tag) == "0" {
				owner = n
				return true
			}
		}
		return false
	})
	return owner
}

// Replica is the replica of a master.
func (c *Cluster) Replica(of *Node) *Node {
	c.t.Helper()
	for _, n := range c.running() {
		if strings.Contains(n.Do("INFO replication"), "role:slave\r\nmaster_host:127.0.0.1\r\nmaster_port:"+of.Port+"\r") {
			return n
		}
	}
	c.t.Fatalf("node %s has no replica", of.Port)
	return nil
}

// FailOver makes a master's replica the master, in agreement with it, and
// returns once it is.
func (c *Cluster) FailOver(master *Node) {
	c.t.Helper()
	replica := c.Replica(master)
	var asked time.Time
	c.await("the replica is promoted", func() bool {
		if time.Since(asked) > agreement {
			replica.Do("CLUSTER FAILOVER")
			asked = time.Now()
		}
		return isMaster(replica)
	})
}

// Kill ends a master, and returns once the others have put its replica in its
// place.
func (c *Cluster) Kill(master *Node) {
	c.t.Helper()
	replica := c.Replica(master)
	master.Kill()
	c.await("the replica is promoted", func() bool { return isMaster(replica) })
}

func isMaster(n *Node) bool { return strings.Contains(n.Do("INFO replication"), "role:master") }

// Wipe empties every master behind everybody's back.
func (c *Cluster) Wipe() {
	for _, n := range c.running() {
		if isMaster(n) {
			n.Do("FLUSHALL")
		}
	}
}

func (c *Cluster) running() []*Node {
	var up []*Node
	for _, n := range c.Nodes {
		if n.cmd != nil {
			up = append(up, n)
		}
	}
	return up
}

func (c *Cluster) everyone(what string, is func(n *Node) bool) {
	c.t.Helper()
	for _, n := range c.running() {
		c.await("node "+n.Port+" "+what, func() bool { return is(n) })
	}
}

func (c *Cluster) await(what string, is func() bool) {
	c.t.Helper()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !is() {
		select {
		case <-deadline.C:
			c.t.Fatalf("waiting until %s: not within %v", what, patience)
		case <-ticker.C:
		}
	}
}
