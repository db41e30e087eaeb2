package lint

import (
	"fmt"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
)

// cutoffs reports cut-offs that promise more than any lane of a region keeps.
// Levels that count hours are left alone: an order may always be too late for
// one departure and in time for the next.
func (l *linter) cutoffs() {
	for i := range l.c.Levels {
		v := &l.c.Levels[i]
		if len(v.Cutoffs) == 0 || v.Promise.Kind == lanes.Elapsed {
			continue
		}
		for _, r := range l.c.Regions {
			if ways := l.waysOf(v, r.ID); len(ways) > 0 {
				l.cutoffsIn(v, &r, ways)
			}
		}
	}
}

// waysOf are the lanes of a level in a region, without those that never keep
// it, of which there is a finding already.
func (l *linter) waysOf(v *config.Level, region string) (ways []way) {
	for i := range l.c.Sites {
		s := &l.c.Sites[i]
		if s.Region != region {
			continue
		}
		for j := range s.Lanes {
			for _, id := range s.Lanes[j].Levels {
				if id == v.ID && !l.never[laneLevel{&s.Lanes[j], id}] {
					ways = append(ways, way{site: s, lane: &s.Lanes[j], level: v, work: leastWork(s)})
				}
			}
		}
	}
	return ways
}

// cutoffsIn follows the weekdays of each cut-off through the weeks to come.
func (l *linter) cutoffsIn(v *config.Level, r *config.Region, ways []way) {
	for i, c := range v.Cutoffs {
		var none, late lanes.Weekdays
		last := lanes.Clock(0)
		for w := time.Sunday; w <= time.Saturday; w++ {
			if !c.Days.Has(w) {
				continue
			}
			switch at, any := l.lastOrder(r, ways, w, c.At); {
			case !any:
				none |= 1 << w
			case at < c.At:
				late |= 1 << w
				last = max(last, at)
			}
		}
		path := item("$.serviceLevels."+v.ID+".cutoff", i)
		if none != 0 {
			l.report(path, CutoffNoDeparture, fmt.Sprintf("take %v out of the cut-off, or add a block on these days", none),
				"no lane of %s in region %q is in time for an order placed on %v, however early", v.ID, r.ID, none)
		}
		if late != 0 {
			l.report(path, CutoffLate, fmt.Sprintf("make it %v on %v, or add a later block", last, late),
				"in region %q, no lane of %s is in time for an order placed after %v on %v; the cut-off is %v", r.ID, v.ID, last, late, c.At)
		}
	}
}

// lastOrder is the last minute up to the cut-off at which an order placed on a
// weekday can be in time, on the best of the weeks to come.
func (l *linter) lastOrder(r *config.Region, ways []way, w time.Weekday, cutoff lanes.Clock) (best lanes.Clock, any bool) {
	today := l.today(r.Zone)
	for d := today + 1; d <= today.Add(weeksDays); d++ {
		if d.Weekday() != w || r.Holidays.Has(d) {
			continue
		}
		in := func(at lanes.Clock) bool { return anyServes(ways, lanes.At(d, at, r.Zone)) }
		if in(cutoff) {
			return cutoff, true
		}
		if !in(0) {
			continue
		}
		early, late := lanes.Clock(0), cutoff
		for late-early > 1 {
			if middle := early + (late-early)/2; in(middle) {
				early = middle
			} else {
				late = middle
			}
		}
		best, any = max(best, early), true
	}
	return best, any
}

func anyServes(ways []way, placed int64) bool {
	for _, w := range ways {
		if w.serves(placed) {
			return true
		}
	}
	return false
}
