package ledger

import (
	"context"
	"fmt"
	"strconv"
)

// drop takes back every open part of the region from before past. The region
// has no epoch, and none from before past can come back, so there will be no
// more of them.
func (l *Ledger) drop(ctx context.Context, region string, past uint64) error {
	var listed []string
	err := l.read(ctx, region, func(n *node) (err error) {
		listed, err = n.client.ZRange(ctx, openKey(region), 0, -1).Result()
		return err
	})
	if err != nil {
		return fmt.Errorf("list open parts: %w", err)
	}
	replies := l.run(ctx, calls{len(listed), func(int) string { return region }, func(i int, _ string) []any {
		return append(dropScript.call(2, 2), holdKey(region, listed[i]), openKey(region), listed[i], strconv.FormatUint(past, 10))
	}})
	for i, r := range replies {
		if r.err != nil {
			return fmt.Errorf("take back the open part of %s: %w", listed[i], r.err)
		}
	}
	return nil
}
