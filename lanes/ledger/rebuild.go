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
// still needs a rebuild: its epoch is absent or of another history (E2).
func (l *Ledger) Begin(ctx context.Context, region, token string) (needed bool, err error) {
	// The history has to be the server's own: with an outdated one, two
	// auditors would take each other's epoch away for ever.
	if err := l.refreshOwner(ctx, region); err != nil {
		return false, fmt.Errorf("begin rebuild of %s: %w", region, err)
	}
	r := l.one(ctx, region, func(history string) []any {
		args := rebuildBeginScript.call(2, 2)
		return append(args, epochKey(region), rebuildKey(region, auditor(token)), history, proof(token, history))
	})
	if needed, err = readFlag(r); err != nil {
		return false, fmt.Errorf("begin rebuild of %s: %w", region, err)
	}
	return needed, nil
}

// End writes the new epoch, "<epochID>/<history>", if the token is still there
// and the history is the one under which it was written (E4). Not done means
// that the rebuild begins again.
func (l *Ledger) End(ctx context.Context, region, token string, epochID uint64) (done bool, err error) {
	r := l.one(ctx, region, func(history string) []any {
		args := rebuildEndScript.call(2, 2)
		epoch := strconv.FormatUint(epochID, 10) + "/" + history
		return append(args, epochKey(region), rebuildKey(region, auditor(token)), epoch, proof(token, history))
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
