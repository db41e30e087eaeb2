package router

import (
	"slices"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// What decides between two options beside the keys of the ranking.
const (
	ByLevel   = "serviceLevel" // the next level is offered only when this one has nothing left
	BySite    = "site"         // ties: ids in their order
	ByLane    = "lane"
	ByStart   = "start" // of the departure
	ByLocker  = "locker"
	BySize    = "size"    // of the compartment, smaller first
	ByMaking  = "making"  // production begun earlier
	ByNothing = "nothing" // the two are one
)

// Decider says why option a of this plan stands before option b: the first key
// of the ranking in which they differ, or what broke the tie.
func (p *Plan) Decider(a, b *event.Body) string {
	if a.ServiceLevel != b.ServiceLevel {
		return ByLevel
	}
	for _, key := range p.net.rank {
		if p.measureOf(a, key) != p.measureOf(b, key) {
			return string(key)
		}
	}
	switch {
	case a.Site.SiteID != b.Site.SiteID:
		return BySite
	case a.Lane != b.Lane:
		return ByLane
	case !a.Slot.Start.Equal(b.Slot.Start):
		return ByStart
	case a.Locker != nil && b.Locker != nil && a.Locker.BankID != b.Locker.BankID, (a.Locker == nil) != (b.Locker == nil):
		return ByLocker
	case a.Locker != nil && a.Locker.Size != b.Locker.Size:
		return BySize
	case !SameWay(a, b):
		return ByMaking
	}
	return ByNothing
}

// measureOf is the number that an option was ranked by: smaller is better.
func (p *Plan) measureOf(b *event.Body, key config.RankKey) int64 {
	switch key {
	case config.RankPromise:
		return b.Dropoff.Before.Unix() / 60
	case config.RankMethod:
		return int64(slices.Index(p.methods, b.Method))
	case config.RankCost:
		return b.Cost.Amount
	case config.RankDistance:
		return b.DistanceM
	}
	return 0
}
