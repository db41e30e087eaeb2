package ledger

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// facts are the fields of INFO or CLUSTER INFO, by name.
type facts map[string]string

type informant interface {
	Info(ctx context.Context, section ...string) *redis.StringCmd
}

func readFacts(ctx context.Context, c informant) (facts, error) {
	text, err := c.Info(ctx).Result()
	if err != nil {
		return nil, fmt.Errorf("read INFO: %w", err)
	}
	return readLines(text), nil
}

// readLines reads lines of "name:value".
func readLines(text string) facts {
	f := facts{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\r\n"), ":"); ok {
			f[name] = value
		}
	}
	return f
}

// history identifies one life of one node's memory. The run id changes with a
// restart, the replication id with a promotion, and either may lose a tail.
func (f facts) history() string { return f["run_id"] + "-" + f["master_replid"] }

// check refuses a server before 7, one that hides what a history is made of,
// and one that may evict a counter or a hold.
func (f facts) check(addr string) error {
	version := f["redis_version"]
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < 7 {
		return fmt.Errorf("%w: %s runs version %q, want 7.0 or later", ErrTooOld, addr, version)
	}
	if f["run_id"] == "" || f["master_replid"] == "" {
		return fmt.Errorf("%w: INFO of %s has no run_id or no master_replid", ErrUnsafe, addr)
	}
	if policy := f["maxmemory_policy"]; policy != "noeviction" {
		return fmt.Errorf("%w: %s has maxmemory-policy %q, want \"noeviction\"", ErrUnsafe, addr, policy)
	}
	return nil
}
