package router

import (
	"context"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// How fast A3 goes: slowly. It asks the leader for every hold there is.
const (
	compareChunk = 256
	comparePause = 50 * time.Millisecond // after each chunk of leader reads
)

// CompareFindings is what comparing Redis with the journal found.
type CompareFindings struct {
	Decisions int // of the journal, that may still matter
	Holds     int // of Redis
	Drift     int // settlements that Redis lacked, and has now
	Hidden    int // orders that stand on what the network in force does not have
}

// Compare is rule A3: decisions against holds, then holds against last
// decisions, settling either way. It repairs what Redis lost without anybody
// noticing. Decisions younger than StrayAfter are left to their router and to
// A1.
func (a *Auditor) Compare(ctx context.Context) (CompareFindings, error) {
	found := CompareFindings{}
	if err := a.compareJournal(ctx, &found); err != nil {
		return found, fmt.Errorf("compare the journal with redis: %w", err)
	}
	for _, region := range a.network.Load().Regions() {
		if err := a.compareHolds(ctx, region, &found); err != nil {
			return found, fmt.Errorf("compare region %s with the journal: %w", region, err)
		}
	}
	return found, nil
}

// compareJournal reads what may still matter of the journal: from the first
// decision on whose claims have not all ended. Any later one that frees them
// stands behind it.
func (a *Auditor) compareJournal(ctx context.Context, found *CompareFindings) error {
	now, floor, last := a.Clock(), uint64(0), a.floor
	hidden := newOutOfSight(a.network.Load())
	chunk := make([]gist, 0, compareChunk)
	err := a.History.Read(ctx, max(a.floor, 1), 0, func(seq uint64, subject string, data []byte) error {
		last = seq
		if !strings.HasPrefix(subject, "decision.") {
			return nil
		}
		g, err := readGist(seq, data)
		if err != nil {
			return err
		}
		live := g.standing().claimsAfter(now)
		hidden.follow(g, now)
		if live && floor == 0 {
			floor = seq
		}
		if !live && g.Frees == nil {
			return nil // it says nothing that still matters
		}
		found.Decisions++
		if chunk = append(chunk, g); len(chunk) < compareChunk {
			return nil
		}
		defer func() { chunk = chunk[:0] }()
		return a.mend(ctx, chunk, now, found)
	})
	if err == nil {
		err = a.mend(ctx, chunk, now, found)
	}
	if err != nil {
		return err
	}
	found.Hidden = len(hidden.orders)
	a.metrics.hidden.Set(float64(found.Hidden))
	if a.floor = floor; floor == 0 {
		a.floor = last + 1
	}
	return nil
}

// compareHolds reads the last decision of every hold of the region from the
// leader. It finds what the journal's side cannot: a release of claims whose
// decision ended long ago.
func (a *Auditor) compareHolds(ctx context.Context, region string, found *CompareFindings) error {
	now := a.Clock()
	chunk := make([]event.Key, 0, compareChunk)
	flush := func() error {
		records, err := a.Journal.LastMany(ctx, chunk)
		if err != nil {
			return err
		}
		var known []gist
		for _, rec := range records {
			if rec.Decision != nil {
				known = append(known, gistOf(rec))
			}
		}
		found.Holds += len(chunk)
		chunk = chunk[:0]
		return a.mend(ctx, known, now, found, region)
	}
	err := a.Projection.Held(ctx, region, func(order string) error {
		key, err := event.ParseKey(order)
		if err != nil {
			return err
		}
		if chunk = append(chunk, key); len(chunk) < compareChunk {
			return nil
		}
		pause(ctx, comparePause)
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}

// mend settles the decisions where Redis lacks them, in the regions that they
// touch and in those given.
func (a *Auditor) mend(ctx context.Context, decisions []gist, now time.Time, found *CompareFindings, regions ...string) error {
	old := make([]gist, 0, len(decisions))
	for _, g := range decisions {
		if g.DecidedAt.Before(now.Add(-a.opts.StrayAfter)) {
			old = append(old, g)
		}
	}
	missing, err := a.missing(ctx, old, regions...)
	if err != nil {
		return err
	}
	// The journal may have gone on since it was read, which settles more than
	// this: a later decision wins (S3).
	if err := a.settleAll(ctx, missing); err != nil {
		return err
	}
	for _, s := range missing {
		a.drifted(s)
	}
	found.Drift += len(missing)
	return nil
}

func (a *Auditor) drifted(s lanes.Settlement) {
	a.metrics.drift.Inc()
	a.Log.Warn("redis had lost a decision", zap.String("order", s.Order), zap.String("region", s.Region), zap.Uint64("decision", s.Seq))
}
