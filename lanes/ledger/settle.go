package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/nearlane/nearlane/lanes"
)

// ErrTokenGone refuses a settlement made under a rebuild token that is no
// longer there: the rebuild begins again (E3).
var ErrTokenGone = errors.New("rebuild token is gone")

// Replies of settle.lua.
const (
	settledBefore = 0
	settledNow    = 1
	tokenGone     = 2
)

// Settle makes the claims of each decision the live part of its order, unless
// a later one is settled already (S3). The errors stand in the order of the
// settlements; one that is neither nil nor ErrTokenGone leaves the outcome
// unknown, and settling again is always right.
func (l *Ledger) Settle(ctx context.Context, settlements []lanes.Settlement) []error {
	now, grace := l.opts.Now().UnixMilli(), l.opts.Grace.Milliseconds()
	replies := l.run(ctx, calls{len(settlements), func(i int) string { return settlements[i].Region },
		func(i int, history string) []any { return settleCall(&settlements[i], history, now, grace) }})
	errs := make([]error, len(settlements))
	for i, r := range replies {
		if err := l.readSettled(r); err != nil {
			errs[i] = fmt.Errorf("settle order %s: %w", settlements[i].Order, err)
		}
	}
	return errs
}

func settleCall(s *lanes.Settlement, history string, now, grace int64) []any {
	args := settleScript.call(4+len(s.Claims), 7+2*len(s.Claims))
	args = append(args, holdKey(s.Region, s.Order), openKey(s.Region), epochKey(s.Region),
		rebuildKey(s.Region, auditor(s.Token)))
	slots := slotKey(s.Region, "")
	for _, c := range s.Claims {
		args = append(args, slots+c.Slot)
	}
	args = append(args, s.Order, s.Seq, s.Epoch, history, now, grace, proof(s.Token, history))
	for _, c := range s.Claims {
		args = append(args, c.Units, c.Ends.Unix())
	}
	return args
}

// readSettled decodes the reply of settle.lua and reports drift.
func (l *Ledger) readSettled(r reply) error {
	if r.err != nil {
		return r.err
	}
	f := fields{values: r.values}
	switch f.number() {
	case settledBefore:
	case settledNow:
		marked, lost, ended := f.number(), f.number(), f.number()
		l.metrics.marks.Add(float64(marked))
		l.metrics.driftLost.Add(float64(lost))
		l.metrics.driftEnded.Add(float64(ended))
	case tokenGone:
		return ErrTokenGone
	default:
		f.bad = true
	}
	return f.err()
}

// proof is what a region's rebuild key holds while token rebuilds it: the
// token, and the history under which it was written (E4).
func proof(token, history string) string {
	if token == "" {
		return ""
	}
	return token + " " + history
}

// auditor is the part of a rebuild token that names its key.
func auditor(token string) string {
	name, _, _ := strings.Cut(token, "/")
	return name
}
