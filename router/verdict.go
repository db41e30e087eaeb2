package router

import (
	"cmp"
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// told is the reason of a verdict as it stands now. A lane that is not wanted
// at the door stands for its lockers, whose verdicts follow.
func (p *Plan) told(i int) Reason {
	v := &p.verdicts[i]
	if v.reason != Offered || v.bank != noBank || p.door >= 0 {
		return v.told()
	}
	nearest := Offered
	for i++; i < len(p.verdicts) && p.verdicts[i].bank != noBank; i++ {
		r := p.verdicts[i].told()
		if r == Offered {
			return Offered
		}
		nearest = max(nearest, r)
	}
	return nearest
}

// told is the reason of what was offered in vain, if all its options turned
// out full.
func (v *verdict) told() Reason {
	if v.reason == Offered && v.options > 0 && v.full == v.options {
		return SlotFull
	}
	return v.reason
}

// Candidates lists up to most lanes (and lockers of lanes) whose catchment
// matched, with what was found about them, and counts the rest by reason. If
// there are more, those that were offered are listed first.
func (p *Plan) Candidates(most int) (list []event.Candidate, rest map[string]int) {
	order := p.order[:0]
	for i := range p.verdicts {
		order = append(order, i)
	}
	p.order = order
	if len(order) > most {
		slices.SortStableFunc(order, func(a, b int) int {
			return int(p.told(b)) - int(p.told(a))
		})
		slices.SortStableFunc(order, func(a, b int) int {
			return offeredFirst(p.told(a)) - offeredFirst(p.told(b))
		})
	}
	list, rest = make([]event.Candidate, 0, min(len(order), most)), map[string]int{}
	for n, i := range order {
		if n >= most {
			rest[cmp.Or(p.told(i).String(), offered)]++
			continue
		}
		list = append(list, p.candidate(i))
	}
	p.countOutside(rest)
	if len(rest) == 0 {
		rest = nil
	}
	return list, rest
}

// offered counts, where there are too many to list, what has no reason.
const offered = "offered"

func offeredFirst(r Reason) int {
	if r == Offered || r == SlotFull {
		return 0
	}
	return 1
}

func (p *Plan) candidate(i int) event.Candidate {
	v := &p.verdicts[i]
	ln := &p.net.lanes[v.lane]
	c := event.Candidate{Site: ln.site.id, Lane: ln.id, Level: v.level.id, Reason: p.told(i).String()}
	switch v.bank {
	case noBank:
	case otherBank:
		c.Locker = p.Order.ShipTo.LockerID
	default:
		c.Locker = p.net.banks[v.bank].id
	}
	return c
}

// countOutside counts the lanes that no catchment brought up. Without a cell,
// those that serve cells were not asked.
func (p *Plan) countOutside(rest map[string]int) {
	if p.problem != Offered {
		return
	}
	outside, coarse := len(p.net.lanes), 0
	if p.Place.Cell == 0 {
		coarse = p.net.cellLanes
		outside -= coarse
	}
	for _, h := range p.hits {
		if h.Minus {
			continue
		}
		if p.Place.Cell == 0 && p.net.lanes[h.Area].hasCells {
			coarse--
		} else {
			outside--
		}
	}
	if outside > 0 {
		rest[OutsideCatchment.String()] += outside
	}
	if coarse > 0 {
		rest[LocationTooCoarse.String()] += coarse
	}
}

// Reasons says why the order was not dispatched, the nearest reason first.
func (p *Plan) Reasons() []string {
	if p.problem != Offered {
		return []string{p.problem.String()}
	}
	var seen [reasonCount]bool
	found := false
	for i := range p.verdicts {
		if r := p.told(i); r != Offered {
			seen[r], found = true, true
		}
	}
	if !found {
		switch {
		case p.Place.Cell == 0 && p.net.cellLanes > 0:
			seen[LocationTooCoarse] = true
		default:
			seen[OutsideCatchment] = true
		}
		seen[CoordinatesSwapped] = p.swappedIntoReach()
	}
	if p.Place.Doubt == PostcodeUnknown {
		seen[PostcodeUnknown] = true
	}
	var codes []string
	for r := reasonCount - 1; r > Offered; r-- {
		if r == OtherLevel && len(codes) > 0 {
			continue // says nothing beside a reason that does
		}
		if seen[r] {
			codes = append(codes, r.String())
		}
	}
	return codes
}

// levelReason is the nearest reason among the verdicts of one level: why it
// was not kept. Full wins, for then nothing else stood in the way.
func (p *Plan) levelReason(l *level) Reason {
	reason := OutsideCatchment
	for i := range p.verdicts {
		v := &p.verdicts[i]
		if v.level != l {
			continue
		}
		if v.options > 0 {
			return SlotFull
		}
		reason = max(reason, v.reason)
	}
	return reason
}

// swappedIntoReach reports whether a point that no catchment holds lies in one
// with its coordinates the other way round.
func (p *Plan) swappedIntoReach() bool {
	if p.Place.Cell == 0 {
		return false
	}
	other := p.Place.Point.Swapped()
	if other.Check() != nil {
		return false
	}
	cell, err := geo.CellAt(other, p.net.resolution)
	return err == nil && len(p.net.index.Lookup(nil, cell, "", "")) > 0
}
