package ledger

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
)

// NewToken makes a rebuild token for one auditor: "<auditor>/<random>". The
// name is a subject token, so it holds no slash. An auditor rebuilds a region
// under one token at a time; any number of auditors may rebuild at once.
func NewToken(auditor string) string { return auditor + "/" + rand.Text() }

// Begin takes the region's epoch away and writes the token, if the region
// still needs a rebuild: its epoch is absent, or of another history (E2), or
// older than past, at which the region was rebuilt in another memory (E6); 0 if
// it was not. Then no rebuild from before past ends any more, and open parts
// from before it are taken back: a crash between leaves the journal's last
// record as it was, so the next Begin does it.
func (l *Ledger) Begin(ctx context.Context, region, token string, past uint64) (needed bool, err error) {
	// The history has to be the server's own: with an outdated one, two
	// auditors would take each other's epoch away for ever.
	if err := l.refreshOwner(ctx, region); err != nil {
		return false, fmt.Errorf("begin rebuild of %s: %w", region, err)
	}
	r := l.one(ctx, region, func(history string) []any {
		args := rebuildBeginScript.call(3, 3)
		return append(args, epochKey(region), rebuildKey(region, auditor(token)), floorKey(region),
			history, proof(token, history), strconv.FormatUint(past, 10))
	})
	if needed, err = readFlag(r); err != nil {
		return false, fmt.Errorf("begin rebuild of %s: %w", region, err)
	}
	if needed && past > 0 {
		if err := l.drop(ctx, region, past); err != nil {
			return false, fmt.Errorf("begin rebuild of %s: %w", region, err)
		}
	}
	return needed, nil
}

// End writes the new epoch, "<epochID>/<history>", if the token is still there
// and the history is the one under which it was written (E4). Not done means
// that the rebuild begins again.
func (l *Ledger) End(ctx context.Context, region, token string, epochID uint64) (done bool, err error) {
	r := l.one(ctx, region, func(history string) []any {
		args := rebuildEndScript.call(3, 3)
		epoch := strconv.FormatUint(epochID, 10) + "/" + history
		return append(args, epochKey(region), rebuildKey(region, auditor(token)), floorKey(region),
			epoch, proof(token, history), strconv.FormatUint(epochID, 10))
	})
	if done, err = readFlag(r); err != nil {
		return false, fmt.Errorf("end rebuild of %s: %w", region, err)
	}
	return done, nil
}

// one makes a single script call.
func (l *Ledger) one(ctx context.Context, region string, build func(history string) []any) reply {
	return l.run(ctx, calls{1, func(int) string { return region },
		func(_ int, history string) []any { return build(history) }})[0]
}

func readFlag(r reply) (bool, error) {
	if r.err != nil {
		return false, r.err
	}
	f := fields{values: r.values}
	return f.number() == 1, f.err()
}
