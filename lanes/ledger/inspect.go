package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/lanes"
)

// scanCount is how many keys the server looks at per step of a scan.
const scanCount = 1000

// Counts returns what is taken from each slot, live and open, in the order of
// slots.
func (l *Ledger) Counts(ctx context.Context, region string, slots []string) ([]int64, error) {
	counts := make([]int64, 0, len(slots))
	for batch := range slices.Chunk(slots, scanCount) {
		keys := make([]string, len(batch))
		for i, s := range batch {
			keys[i] = slotKey(region, s)
		}
		var values []any
		err := l.read(ctx, region, func(n *node) (err error) {
			values, err = n.client.MGet(ctx, keys...).Result()
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("count slots of %s: %w", region, err)
		}
		for i, v := range values {
			count, err := readCount(v)
			if err != nil {
				return nil, fmt.Errorf("count slot %s: %w", batch[i], err)
			}
			counts = append(counts, count)
		}
	}
	return counts, nil
}

func readCount(v any) (int64, error) {
	if v == nil {
		return 0, nil
	}
	s, _ := v.(string)
	return strconv.ParseInt(s, 10, 64)
}

// Slots returns every slot of the region that is counted, and what is taken.
func (l *Ledger) Slots(ctx context.Context, region string) (map[string]int64, error) {
	var slots []string
	err := l.scan(ctx, region, slotKey(region, ""), func(slot string) error {
		slots = append(slots, slot)
		return nil
	})
	if err != nil {
		return nil, err
	}
	counts, err := l.Counts(ctx, region, slots)
	if err != nil {
		return nil, err
	}
	taken := make(map[string]int64, len(slots))
	for i, s := range slots {
		taken[s] = counts[i]
	}
	return taken, nil
}

// Held calls fn with the order of every hold of the region, tombstones and
// open parts included, and stops at its first error. Every hold that is there
// from beginning to end is found; some may be found twice (E3).
func (l *Ledger) Held(ctx context.Context, region string, fn func(order string) error) error {
	return l.scan(ctx, region, holdKey(region, ""), fn)
}

// Holds returns every hold of the region in full, for invariant checks.
func (l *Ledger) Holds(ctx context.Context, region string) (map[string]Hold, error) {
	var members []string
	err := l.read(ctx, region, func(n *node) (err error) {
		members, err = n.client.ZRange(ctx, openKey(region), 0, -1).Result()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list open parts of %s: %w", region, err)
	}
	listed := map[string]bool{}
	for _, order := range members {
		listed[order] = true
	}
	var orders []string
	if err := l.Held(ctx, region, func(order string) error {
		orders = append(orders, order)
		return nil
	}); err != nil {
		return nil, err
	}
	holds := make(map[string]Hold, len(orders))
	for batch := range slices.Chunk(orders, maxBatch) {
		err := l.read(ctx, region, func(n *node) error { return n.readHolds(ctx, region, batch, listed, holds) })
		if err != nil {
			return nil, fmt.Errorf("read holds of %s: %w", region, err)
		}
	}
	return holds, nil
}

// Attempts returns the open parts of the region's holds: what attempts claim
// that have not come to an end, by order.
func (l *Ledger) Attempts(ctx context.Context, region string) (map[string][]lanes.Claim, error) {
	open := map[string][]lanes.Claim{}
	err := l.read(ctx, region, func(n *node) error {
		members, err := n.client.ZRange(ctx, openKey(region), 0, -1).Result()
		if err != nil {
			return err
		}
		holds := map[string]Hold{}
		for batch := range slices.Chunk(members, maxBatch) {
			if err := n.readHolds(ctx, region, batch, nil, holds); err != nil {
				return err
			}
		}
		clear(open)
		for order, h := range holds {
			if h.Open != nil {
				open[order] = h.Open.Claims
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read open parts of %s: %w", region, err)
	}
	return open, nil
}

func (n *node) readHolds(ctx context.Context, region string, orders []string, listed map[string]bool, holds map[string]Hold) error {
	cmds := make([]*redis.MapStringStringCmd, len(orders))
	_, err := n.client.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for i, order := range orders {
			cmds[i] = pipe.HGetAll(ctx, holdKey(region, order))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i, cmd := range cmds {
		if len(cmd.Val()) == 0 {
			continue // expired since the scan
		}
		h, err := readHold(region, cmd.Val())
		if err != nil {
			return fmt.Errorf("order %s: %w", orders[i], err)
		}
		h.Order, h.Listed = orders[i], listed[orders[i]]
		holds[orders[i]] = h
	}
	return nil
}

// scan calls fn with what follows prefix in every key of the region that begins
// with it. A scan that fails on the way begins again, so fn may see a key twice.
func (l *Ledger) scan(ctx context.Context, region, prefix string, fn func(rest string) error) error {
	var stopped error // by fn
	err := l.read(ctx, region, func(n *node) error {
		it := n.client.Scan(ctx, 0, literal.Replace(prefix)+"*", scanCount).Iterator()
		for it.Next(ctx) {
			if stopped = fn(strings.TrimPrefix(it.Val(), prefix)); stopped != nil {
				return nil
			}
		}
		return it.Err()
	})
	if stopped != nil {
		return stopped
	}
	if err != nil {
		return fmt.Errorf("scan %s: %w", prefix, err)
	}
	return nil
}

// read asks the server that keeps the region, and once that has changed, the
// next one.
func (l *Ledger) read(ctx context.Context, region string, ask func(*node) error) error {
	for try := 1; ; try++ {
		servers := l.servers.Load()
		n, err := l.owner(region)
		if err == nil {
			err = ask(n)
		}
		if !repeatable(err) || try == tries || ctx.Err() != nil {
			return err
		}
		l.mend(ctx, servers, []int{0}, []reply{{node: n, err: err}})
	}
}
