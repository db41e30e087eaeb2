package ledger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/lanes"
)

// Strays lists the open parts and verify marks of a region that are older than
// an instant of the process's clock, oldest first (A2).
func (l *Ledger) Strays(ctx context.Context, region string, before time.Time) ([]lanes.Stray, error) {
	n, err := l.owner(region)
	if err != nil {
		return nil, fmt.Errorf("list strays: %w", err)
	}
	members, err := n.client.ZRangeByScoreWithScores(ctx, openKey(region),
		&redis.ZRangeBy{Min: "-inf", Max: "(" + strconv.FormatInt(before.UnixMilli(), 10)}).Result()
	if err != nil {
		return nil, fmt.Errorf("list strays of %s: %w", region, err)
	}
	strays := make([]lanes.Stray, len(members))
	orders := make([]string, len(members))
	for i, m := range members {
		orders[i], _ = m.Member.(string)
		strays[i] = lanes.Stray{Order: orders[i], Since: time.UnixMilli(int64(m.Score))}
	}
	bases, err := l.sequences(ctx, region, orders, "basis")
	if err != nil {
		return nil, fmt.Errorf("list strays of %s: %w", region, err)
	}
	for i, basis := range bases {
		if basis != nil {
			strays[i].Open, strays[i].Basis = true, *basis
		}
	}
	return strays, nil
}

// Settled gives the sequence of the live part of each order's hold, in their
// order; 0 where there is none.
func (l *Ledger) Settled(ctx context.Context, region string, orders []string) ([]uint64, error) {
	found, err := l.sequences(ctx, region, orders, "seq")
	if err != nil {
		return nil, fmt.Errorf("read holds of %s: %w", region, err)
	}
	out := make([]uint64, len(found))
	for i, seq := range found {
		if seq != nil {
			out[i] = *seq
		}
	}
	return out, nil
}

// sequences reads one numeric field of each order's hold; nil where it has none.
func (l *Ledger) sequences(ctx context.Context, region string, orders []string, field string) ([]*uint64, error) {
	n, err := l.owner(region)
	if err != nil {
		return nil, err
	}
	out := make([]*uint64, 0, len(orders))
	for batch := range slices.Chunk(orders, maxBatch) {
		pipe := n.client.Pipeline()
		cmds := make([]*redis.StringCmd, len(batch))
		for i, order := range batch {
			cmds[i] = pipe.HGet(ctx, holdKey(region, order), field)
		}
		_, _ = pipe.Exec(ctx) // every command carries its own error
		for i, cmd := range cmds {
			seq, err := cmd.Uint64()
			switch {
			case err == nil:
				out = append(out, &seq)
			case err == redis.Nil:
				out = append(out, nil)
			default:
				return nil, fmt.Errorf("order %s: %w", batch[i], err)
			}
		}
	}
	return out, nil
}

// Clear takes an order off the list of strays, if it has no open part and its
// live part is the decision at seq (A2). It reports whether that was so.
func (l *Ledger) Clear(ctx context.Context, region, order string, seq uint64) (bool, error) {
	cleared, err := readFlag(l.one(ctx, region, func(string) []any {
		args := clearScript.call(2, 2)
		return append(args, holdKey(region, order), openKey(region), order, seq)
	}))
	if err != nil {
		return false, fmt.Errorf("clear order %s in %s: %w", order, region, err)
	}
	return cleared, nil
}
