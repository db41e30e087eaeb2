package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// Cache keeps small texts beside the capacity, on the same servers. Its keys
// carry no region's hash tag, so on a cluster they are spread over all masters,
// and no script ever sees them. What it keeps may be gone at any time: nothing
// is rebuilt, and nobody waits for a node that is being replaced.
type Cache struct{ ledger *Ledger }

// Cache is a view of the ledger's servers.
func (l *Ledger) Cache() Cache { return Cache{l} }

// Get returns the value of each key, empty where there is none. What one
// server does not answer is an error, beside the values of the others.
func (c Cache) Get(ctx context.Context, keys []string) ([]string, error) {
	values := make([]string, len(keys))
	pipes := map[*node]redis.Pipeliner{}
	cmds := make([]*redis.StringCmd, len(keys))
	var errs []error
	for i, key := range keys {
		n, err := c.ledger.owner(key)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if pipes[n] == nil {
			pipes[n] = n.client.Pipeline()
		}
		cmds[i] = pipes[n].Get(ctx, key)
	}
	for _, pipe := range pipes {
		_, _ = pipe.Exec(ctx) // every command carries its own error
	}
	for i, cmd := range cmds {
		if cmd == nil {
			continue
		}
		value, err := cmd.Result()
		if err != nil && !errors.Is(err, redis.Nil) {
			errs = append(errs, err)
		}
		values[i] = value
	}
	if err := errors.Join(errs...); err != nil {
		return values, fmt.Errorf("read cache: %w", err)
	}
	return values, nil
}

// Put keeps a value for a while, 1 ms or more. One that is there is replaced.
func (c Cache) Put(ctx context.Context, key, value string, keep time.Duration) error {
	n, err := c.ledger.owner(key)
	if err == nil {
		err = n.client.Set(ctx, key, value, keep).Err()
	}
	if err != nil {
		return fmt.Errorf("write cache: %w", err)
	}
	return nil
}
