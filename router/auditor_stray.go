package router

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

const (
	maxDoublings = 8 // of the time a stray is left alone
	strayRounds  = 4 // how often a stray is begun anew in one pass
	strayErrors  = 4 // after which a pass ends: it is not about one order then
)

// StrayFindings is what a pass over the strays did.
type StrayFindings struct {
	Seen     int // open parts older than StrayAfter, and verify marks
	Voided   int // open parts taken away by a void
	Renewed  int // by a renewal of what stands
	Verified int // settled by the last decision, and off the list
}

// Strays is rule A2: it ends every open part that no router can be working on
// any more, and verifies what was settled under another epoch.
func (a *Auditor) Strays(ctx context.Context) (found StrayFindings, err error) {
	now, failed := a.Clock(), []error(nil)
	for _, region := range a.network.Load().Regions() {
		strays, err := a.opts.Holds.Strays(ctx, region, now.Add(-a.opts.StrayAfter))
		if err != nil {
			return found, err
		}
		for _, s := range strays {
			if err := a.end(ctx, region, s, now, &found); err != nil {
				failed = append(failed, err)
			}
			if len(failed) == strayErrors {
				return found, errors.Join(failed...)
			}
		}
	}
	return found, errors.Join(failed...)
}

// end ends one stray. Where the outcome is not known, the next pass looks
// again.
func (a *Auditor) end(ctx context.Context, region string, s lanes.Stray, now time.Time, found *StrayFindings) error {
	key, err := event.ParseKey(s.Order)
	if err != nil {
		return fmt.Errorf("stray in region %s: %w", region, err)
	}
	found.Seen++
	for range strayRounds {
		records, err := a.Journal.LastMany(ctx, []event.Key{key})
		if err != nil {
			return fmt.Errorf("read last decision of %s: %w", key, err)
		}
		last := records[0]
		switch {
		case !s.Open || last.Sequence > s.Basis:
			return a.verify(ctx, region, key, last, found)
		case last.Sequence < s.Basis:
			a.Log.Error("the journal has lost a decision that capacity is held on",
				zap.Stringer("order", key), zap.Uint64("basis", s.Basis), zap.Uint64("last", last.Sequence))
			return nil
		case !overdue(s, last.Decision, now, a.opts.StrayAfter):
			return nil
		}
		err = a.supersede(ctx, region, key, last, found)
		if !errors.Is(err, event.ErrMoved) {
			return err
		}
	}
	return nil
}

// overdue reports whether the stray's time is up: it doubles with every void of
// the order, so that a slow router gets its turn.
func overdue(s lanes.Stray, last *event.Decision, now time.Time, after time.Duration) bool {
	if last != nil {
		after <<= min(last.Voids, maxDoublings)
	}
	return s.Since.Add(after).Before(now)
}

// verify settles the order's last decision and takes the order off the list.
func (a *Auditor) verify(ctx context.Context, region string, key event.Key, last event.Record, found *StrayFindings) error {
	if last.Decision != nil {
		if err := a.settleRecord(ctx, region, key, last); err != nil {
			return err
		}
	}
	cleared, err := a.opts.Holds.Clear(ctx, region, key.String(), last.Sequence)
	if err == nil && cleared {
		found.Verified++
		a.metrics.verified.Inc()
	}
	return err
}

// supersede stores a decision after which the open part belongs to nothing:
// whoever still holds on to it is refused by compare-and-set (J1, V1). The
// error is event.ErrMoved if the order has moved on.
func (a *Auditor) supersede(ctx context.Context, region string, key event.Key, last event.Record, found *StrayFindings) error {
	d := a.successor(key, last)
	data, err := event.EncodeDecision(d, a.Clock())
	if err != nil {
		return err
	}
	subject := event.DecisionSubject(key)
	seqs, err := a.Journal.Commit(ctx, []event.Message{{Subject: subject, Data: data, Trace: d.Trace,
		Expect: &event.Expect{Subject: subject, Sequence: last.Sequence}}})
	if err != nil {
		return fmt.Errorf("store %s of order %s: %w", d.Outcome, key, err)
	}
	if d.Outcome == event.Void {
		found.Voided++
		a.metrics.voids.Inc()
	} else {
		found.Renewed++
		a.metrics.renewals.Inc()
	}
	a.Log.Warn("ended a stray hold", zap.Stringer("order", key), zap.String("region", region),
		zap.String("outcome", string(d.Outcome)), zap.Uint64("decision", seqs[0]))
	// A crash here leaves the rest to the next pass: last > basis then.
	return a.settleRecord(ctx, region, key, event.Record{Sequence: seqs[0], Decision: d})
}

// successor is a void where nothing stands (J4, V3), else the last decision
// once more: same outcome, attempt, dispatch and claims, and no event.
func (a *Auditor) successor(key event.Key, last event.Record) *event.Decision {
	w := &work{key: key, last: last}
	b := a.batch()
	if last.Decision == nil || last.Decision.Outcome == event.Void {
		d := b.after(w, event.Void)
		d.Voids++
		return d
	}
	d := *last.Decision
	next := b.after(w, d.Outcome)
	d.DecisionID, d.Basis, d.Frees, d.DecidedBy = next.DecisionID, next.Basis, next.Frees, next.DecidedBy
	return &d
}

// settleRecord settles a decision where the stray is and where it says
// something itself.
func (a *Auditor) settleRecord(ctx context.Context, region string, key event.Key, rec event.Record) error {
	s := StandingOf(rec)
	calls := []lanes.Settlement{s.settlement(key, region)}
	for _, other := range touched(rec.Decision.Gist()) {
		if other != region {
			calls = append(calls, s.settlement(key, other))
		}
	}
	return a.settleAll(ctx, calls)
}
