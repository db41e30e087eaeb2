package router

import (
	"slices"
	"time"

	"github.com/nearlane/nearlane/lanes"
)

// PromiseInfo is what a service level promises an order in one region.
type PromiseInfo struct {
	Level      string    `json:"serviceLevel"`
	Region     string    `json:"region"`
	Deadline   time.Time `json:"deadline"` // local
	PastCutoff bool      `json:"pastCutoff,omitzero"`
}

// Promises says what the level asked for, and those that the order may fall
// back to, promise in the regions whose lanes reach the order; in all regions
// if none does.
func (p *Plan) Promises() []PromiseInfo {
	var reached []*region
	for _, h := range p.hits {
		if r := p.net.lanes[h.Area].site.region; !h.Minus && !slices.Contains(reached, r) {
			reached = append(reached, r)
		}
	}
	if len(reached) == 0 {
		reached = p.net.regions
	}
	var list []PromiseInfo
	for l := p.first; l != nil; l = l.fallback {
		for _, r := range reached {
			day := p.regionDay(r, l)
			list = append(list, PromiseInfo{Level: l.id, Region: r.id, PastCutoff: day.missed,
				Deadline: time.Unix(day.deadline, 0).In(r.cal.Zone)})
		}
		if !p.Order.Constraints.FallbackAllowed() {
			break
		}
	}
	return list
}

// Parcel is what the order's lines stack up to.
func (p *Plan) Parcel() lanes.Parcel { return p.parcel }

// Methods lists the delivery methods that the order wants, in order of
// preference.
func (p *Plan) Methods() []string { return p.methods }
