package router

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// follow is rule A1: it settles every decision of the journal in the regions
// that it touches, whatever became of its router.
func (a *Auditor) follow(ctx context.Context) {
	for ctx.Err() == nil {
		if a.estranged.Load() { // it is for those on the other Redis (E6)
			pause(ctx, a.opts.StrayEvery)
			continue
		}
		in, err := a.opts.Inbox.Pull(ctx)
		if ctx.Err() != nil {
			handBack(in)
			return
		}
		if err == nil {
			_, err = a.Follow(ctx, in)
		}
		if err != nil {
			a.failed(ctx, err)
			pause(ctx, a.opts.StrayEvery)
		}
	}
}

// Follow settles what a pull from the journal brought, then acks it. It
// returns how many settlements were missing; the router of a fresh decision
// may just not have got there yet.
func (a *Auditor) Follow(ctx context.Context, in []event.Delivery) (settled int, err error) {
	var decisions []gist
	for _, d := range in {
		if !strings.HasPrefix(d.Subject, "decision.") {
			continue
		}
		g, err := readGist(d.Sequence, d.Data)
		if err != nil {
			return 0, err
		}
		decisions = append(decisions, g)
	}
	missing, err := a.missing(ctx, decisions)
	if err == nil {
		err = a.settleAll(ctx, missing)
	}
	if err != nil {
		handBack(in)
		return 0, err
	}
	for _, d := range in {
		if err := d.Receipt.Ack(); err != nil {
			return len(missing), err
		}
	}
	a.metrics.settled.Add(float64(len(missing)))
	return len(missing), nil
}

// missing lists the settlements of the decisions that Redis does not have: its
// live part is of an earlier one, or there is none. A later one stands for all
// before it (S3). Besides the regions that a decision touches, it looks at
// those given.
func (a *Auditor) missing(ctx context.Context, decisions []gist, regions ...string) ([]lanes.Settlement, error) {
	byRegion := map[string][]gist{}
	for _, g := range decisions {
		for _, region := range union(touched(g.Gist), regions) {
			byRegion[region] = append(byRegion[region], g)
		}
	}
	now, missing := a.Clock(), []lanes.Settlement(nil)
	for region, decisions := range byRegion {
		orders := make([]string, len(decisions))
		for i, g := range decisions {
			orders[i] = g.Key().String()
		}
		known, err := a.opts.Holds.Settled(ctx, region, orders)
		if err != nil {
			return nil, err
		}
		for i, g := range decisions {
			if known[i] < g.seq && (known[i] > 0 || g.remembered(now)) {
				missing = append(missing, g.standing().settlement(g.Key(), region))
			}
		}
	}
	return missing, nil
}

// remembered reports whether Redis should still have a hold of the decision:
// it keeps them for a day, and as long as their slots matter (S4).
func (g gist) remembered(now time.Time) bool {
	return g.standing().claimsAfter(now) || g.DecidedAt.After(now.Add(-24*time.Hour))
}

// touched lists the regions that a decision says something of: where it
// claims, and where the one before did (J2).
func touched(d *event.Gist) []string {
	var regions []string
	if len(d.Claims) > 0 {
		regions = append(regions, d.Region)
	}
	if d.Frees != nil {
		regions = union(regions, []string{d.Frees.Region})
	}
	return regions
}

// union appends what is not in a list yet.
func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func (a *Auditor) settleAll(ctx context.Context, calls []lanes.Settlement) error {
	if len(calls) == 0 {
		return nil
	}
	for i, err := range a.Ledger.Settle(ctx, calls) {
		if err != nil {
			return fmt.Errorf("settle order %s in region %s: %w", calls[i].Order, calls[i].Region, err)
		}
	}
	return nil
}
