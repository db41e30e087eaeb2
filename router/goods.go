package router

import (
	"math"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// assortment is what a site has: patterns of what it stocks, and what its
// cells make. Sites with equal assortments share one.
type assortment struct {
	stocks []lanes.Pattern
	makes  [][]lanes.Pattern // by cell
}

// goods is what an order needs of an assortment.
type goods struct {
	of     *assortment
	reason Reason // NoStock, SplitNeeded
	made   []made
}

// made is what one production cell has to make for an order.
type made struct {
	cell  int
	units int64
}

// readiness is one way to get the goods ready: at an instant, with the lead of
// each production cell started on a certain day.
type readiness struct {
	at     int64
	cost   int64
	starts []start
}

// start is production begun in one cell.
type start struct {
	cell  *cell
	day   lanes.Date
	units int64
	at    int64 // the lead starts
	done  int64
}

// maxReadiness bounds how many combinations of production days are weighed
// for one site.
const maxReadiness = 256

// goodsAt says what the order needs of the site's assortment, worked out once
// a plan for all sites that share it.
func (p *Plan) goodsAt(s *site) *goods {
	for i := range p.goods {
		if p.goods[i].of == s.assortment {
			return &p.goods[i]
		}
	}
	p.goods = append(p.goods, s.assortment.cover(p.Order.Lines))
	return &p.goods[len(p.goods)-1]
}

// cover matches every line: stock before production, one site covers all.
func (a *assortment) cover(lines []event.Line) goods {
	g := goods{of: a}
	covered := 0
	for i := range lines {
		sku := lines[i].SKU
		if lanes.MatchAny(a.stocks, sku) {
			covered++
			continue
		}
		for cell := range a.makes {
			if lanes.MatchAny(a.makes[cell], sku) {
				g.make(cell, lines[i].Quantity)
				covered++
				break
			}
		}
	}
	switch {
	case covered == 0:
		g.reason = NoStock
	case covered < len(lines):
		g.reason = SplitNeeded
	}
	return g
}

func (g *goods) make(cell int, units int64) {
	for i := range g.made {
		if g.made[i].cell == cell {
			g.made[i].units += units
			return
		}
	}
	g.made = append(g.made, made{cell, units})
}

// readyAt appends to p.ready the ways to get the goods ready at the site for
// a promise until deadline, the earliest first, and returns where they stand
// there.
func (p *Plan) readyAt(s *site, g *goods, deadline int64) (from, to int32, r Reason) {
	from = int32(len(p.ready))
	now := p.Now.Unix()
	if len(g.made) == 0 {
		at, ok := s.cal.Advance(now, s.handling)
		if !ok {
			return from, from, Closed
		}
		p.ready = append(p.ready, readiness{at: at})
		return from, from + 1, Offered
	}
	var room [4][]start
	ways := room[:0]
	for _, m := range g.made {
		c := &s.cells[m.cell]
		if m.units > c.unitsPerDay {
			return from, from, OverDailyOutput
		}
		starts := c.starts(s.cal, m.units, now, deadline)
		if len(starts) == 0 {
			return from, from, TooLate
		}
		ways = append(ways, starts)
	}
	shorten(ways)
	p.combine(s, ways, nil)
	if to = int32(len(p.ready)); to == from {
		return from, to, Closed
	}
	return from, to, Offered
}

// shorten leaves out the latest starts until there are no more than
// maxReadiness combinations.
func shorten(ways [][]start) {
	for {
		combinations, longest := 1, 0
		for i, starts := range ways {
			combinations = min(combinations*len(starts), maxReadiness+1)
			if len(starts) > len(ways[longest]) {
				longest = i
			}
		}
		last := len(ways[longest]) - 1
		if combinations <= maxReadiness || last == 0 {
			return
		}
		ways[longest] = ways[longest][:last]
	}
}

// leastWork is how long the goods take at the very least, were the site always
// open.
func (s *site) leastWork(g *goods) time.Duration {
	var lead time.Duration
	for _, m := range g.made {
		lead = max(lead, s.cells[m.cell].lead)
	}
	return lead + s.handling
}

// starts lists the days on which the cell can start: now, or from the opening
// of a later day. A full day moves to the next open one while the promise
// holds.
func (c *cell) starts(cal *lanes.Calendar, units, now, deadline int64) []start {
	var list []start
	for t := now; ; {
		at, ok := cal.NextOpen(t)
		if !ok || at > deadline {
			return list
		}
		done, ok := cal.Advance(at, c.lead)
		if !ok || done > deadline {
			return list
		}
		day := cal.DateOf(at)
		list = append(list, start{cell: c, day: day, units: units, at: at, done: done})
		t = cal.At(day+1, 0)
	}
}

// combine appends one readiness per combination of the cells' starts.
func (p *Plan) combine(s *site, ways [][]start, chosen []start) {
	if len(ways) == 0 {
		r := readiness{starts: append([]start(nil), chosen...)}
		for _, st := range chosen {
			r.at = max(r.at, st.done)
			r.cost = spend(r.cost, st.units, st.cell.cost)
		}
		var ok bool
		if r.at, ok = s.cal.Advance(r.at, s.handling); ok {
			p.ready = append(p.ready, r)
		}
		return
	}
	for _, st := range ways[0] {
		p.combine(s, ways[1:], append(chosen, st))
	}
}

// maxCost leaves room for the costs of handling, lane and locker, which the
// config bounds.
const maxCost = math.MaxInt64 / 2

// spend adds the cost of units to a total and stops at maxCost.
func spend(total, units, each int64) int64 {
	if each > 0 && units > (maxCost-total)/each {
		return maxCost
	}
	return total + units*each
}
