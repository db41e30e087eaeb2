package ledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Epoch gives the id of the region's epoch, which is the sequence in the
// journal of the rebuild that wrote it. Found is false while there is none: a
// new Redis, or one that is being rebuilt.
func (l *Ledger) Epoch(ctx context.Context, region string) (id uint64, found bool, err error) {
	var text string
	err = l.read(ctx, region, func(n *node) (err error) {
		text, err = n.client.Get(ctx, epochKey(region)).Result()
		return err
	})
	if errors.Is(err, redis.Nil) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("read epoch of %s: %w", region, err)
	}
	text, _, _ = strings.Cut(text, "/")
	if id, err = strconv.ParseUint(text, 10, 64); err != nil {
		return 0, false, fmt.Errorf("read epoch of %s: %w", region, err)
	}
	return id, true, nil
}
