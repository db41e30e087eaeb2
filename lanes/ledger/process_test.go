package ledger_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/lanes/ledger/redistest"
)

// process is a redis-server of this test's own.
type process struct {
	*redistest.Server
	t testing.TB
}

func startProcess(t testing.TB, args ...string) *process {
	t.Helper()
	return &process{redistest.Start(t, args...), t}
}

// cluster makes the server a cluster of one node with all hash slots, which
// refuses calls whose keys lie in several of them.
func (p *process) cluster(client *redis.Client) {
	p.t.Helper()
	ctx := context.Background()
	if err := client.ClusterAddSlotsRange(ctx, 0, 16383).Err(); err != nil {
		p.t.Fatalf("add slots: %v", err)
	}
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for ; ; <-ticker.C {
		info, err := client.ClusterInfo(ctx).Result()
		if err != nil {
			p.t.Fatalf("cluster info: %v", err)
		}
		if strings.Contains(info, "cluster_state:ok") {
			return
		}
	}
}
