package ledger

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/nearlane/nearlane/lanes"
)

// Strays lists the open parts of a region that are older than an instant of
// the process's clock, and all verify marks, oldest first (A2). A mark belongs
// to nobody who might still be at work, so its age does not matter.
func (l *Ledger) Strays(ctx context.Context, region string, before time.Time) ([]lanes.Stray, error) {
	var members []redis.Z
	err := l.read(ctx, region, func(n *node) (err error) {
		members, err = n.client.ZRangeWithScores(ctx, openKey(region), 0, -1).Result()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list strays of %s: %w", region, err)
	}
	orders := make([]string, len(members))
	for i, m := range members {
		orders[i], _ = m.Member.(string)
	}
	bases, err := l.sequences(ctx, region, orders, "basis")
	if err != nil {
		return nil, fmt.Errorf("list strays of %s: %w", region, err)
	}
	var strays []lanes.Stray
	for i, m := range members {
		s := lanes.Stray{Order: orders[i], Since: time.UnixMilli(int64(m.Score)), Open: bases[i] != nil}
		if s.Open {
			s.Basis = *bases[i]
		}
		if !s.Open || s.Since.Before(before) {
			strays = append(strays, s)
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
	out := make([]*uint64, 0, len(orders))
	for batch := range slices.Chunk(orders, maxBatch) {
		err := l.read(ctx, region, func(n *node) (err error) {
			found, err := n.sequences(ctx, region, batch, field)
			out = append(out, found...)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// sequences gives all that were asked for, or none.
func (n *node) sequences(ctx context.Context, region string, orders []string, field string) ([]*uint64, error) {
	pipe := n.client.Pipeline()
	cmds := make([]*redis.StringCmd, len(orders))
	for i, order := range orders {
		cmds[i] = pipe.HGet(ctx, holdKey(region, order), field)
	}
	_, _ = pipe.Exec(ctx) // every command carries its own error
	out := make([]*uint64, len(orders))
	for i, cmd := range cmds {
		seq, err := cmd.Uint64()
		switch {
		case err == nil:
			out[i] = &seq
		case err != redis.Nil:
			return nil, fmt.Errorf("order %s: %w", orders[i], err)
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
