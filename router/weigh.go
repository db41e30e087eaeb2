package router

import (
	"cmp"
	"slices"

	"github.com/nearlane/nearlane/lanes"
)

// regionDay is what a level promises an order in one region: the same for all
// lanes there, so worked out once a plan.
type regionDay struct {
	region   *region
	level    *level
	missed   bool // the cut-off
	deadline int64
	last     lanes.Date // of the deadline
}

// carrier is what a courier says of the parcel, asked once a plan.
type carrier struct {
	courier *courier
	reason  Reason
}

// weigh finds the options of every lane whose catchment matched, at one level,
// and a verdict on each lane and locker.
func (p *Plan) weigh(l *level) {
	for _, h := range p.hits {
		if h.Minus {
			continue
		}
		ln := &p.net.lanes[h.Area]
		at := p.judge(h.Area, noBank, l, Offered)
		if reason := p.consider(ln, l, at); reason != Offered {
			p.verdicts[at].reason = reason
		}
	}
}

// judge opens a verdict and returns its place.
func (p *Plan) judge(lane, bank int32, l *level, r Reason) int32 {
	p.verdicts = append(p.verdicts, verdict{lane: lane, bank: bank, level: l, reason: r})
	return int32(len(p.verdicts) - 1)
}

// excluded reports whether the lane or its site is among some names, under
// whichever name.
func (ln *lane) excluded(names []string) bool {
	return slices.Contains(names, ln.site.id) || slices.Contains(names, ln.path) ||
		slices.Contains(names, ln.site.key) || slices.Contains(names, ln.keyPath)
}

// consider asks of one lane whatever can be asked, cheapest first, and queues
// its options.
func (p *Plan) consider(ln *lane, l *level, verdict int32) Reason {
	s := ln.site
	switch {
	case !ln.levels.has(l):
		return OtherLevel
	case len(p.Excluded) > 0 && ln.excluded(p.Excluded):
		return Excluded
	}
	day := p.regionDay(s.region, l)
	if day.missed {
		return PastCutoff
	}
	goods := p.goodsAt(s)
	if goods.reason != Offered {
		return goods.reason
	}
	if r := p.carried(ln); r != Offered {
		return r
	}
	from, to, reason := p.readyAt(s, goods, day.deadline)
	if reason == Offered || ln.open != nil && reason != OverDailyOutput {
		if r := p.waysOf(ln, l, verdict); r != Offered {
			reason = r
		}
	}
	if reason == Offered {
		reason = p.depart(ln, day, from, to, verdict)
	}
	switch {
	case ln.open != nil && (reason == Closed || reason == TooLate || reason == OutsideWindow) && p.wouldLeave(ln.open, day, goods):
		reason = ClosedByStaff
	case reason == TooLate && p.shut(cmp.Or(ln.open, ln), day, goods):
		reason = Closed
	}
	p.refuseBanks(verdict, reason)
	return reason
}

// refuseBanks gives the lane's reason to those of its banks that had none of
// their own. Their verdicts follow the lane's.
func (p *Plan) refuseBanks(lane int32, r Reason) {
	for i := int(lane) + 1; i < len(p.verdicts); i++ {
		if p.verdicts[i].reason == Offered {
			p.verdicts[i].reason = r
		}
	}
}

// carried judges the parcel against the courier and the lane's own blocks: a
// weight over a block's limit will never find room.
func (p *Plan) carried(ln *lane) Reason {
	if ln.grams > 0 && p.parcel.Grams > ln.grams {
		return TooHeavy
	}
	for _, c := range p.carriers {
		if c.courier == ln.courier {
			return c.reason
		}
	}
	reason := Offered // unmeasured goods travel; only a locker has to know
	switch ln.courier.room.Fit(p.parcel) {
	case lanes.TooBig:
		reason = TooBig
	case lanes.TooHeavy:
		reason = TooHeavy
	}
	p.carriers = append(p.carriers, carrier{ln.courier, reason})
	return reason
}

// waysOf says how the lane can hand over to this recipient: at the door, into
// the locker banks that it puts into p.banks, or not at all.
func (p *Plan) waysOf(ln *lane, l *level, verdict int32) Reason {
	p.banks = p.banks[:0]
	reason := OtherMethod
	if p.locker >= 0 {
		reason = max(reason, p.banksOf(ln, l, verdict))
	}
	if p.door >= 0 || len(p.banks) > 0 {
		return Offered
	}
	return reason
}

// depart queues the options of every departure that the goods can still catch
// and that keeps the promise.
func (p *Plan) depart(ln *lane, day *regionDay, from, to int32, verdict int32) Reason {
	p.metres = p.metresFrom(ln.site.at)
	reason, options := TooLate, len(p.choices)
	cal := ln.site.cal
	earliest := p.ready[from].at
	for d := cal.DateOf(earliest); d <= day.last; d++ {
		departures := ln.timetable.On(d)
		for i := range departures {
			leave := &departures[i]
			doors := leave.Start - ln.closesBefore
			if doors < earliest {
				continue
			}
			dropoff := ln.arrival(leave, day.level)
			if dropoff.End > day.deadline {
				continue
			}
			if !p.inWindow(dropoff) {
				reason = OutsideWindow
				continue
			}
			for r := from; r < to; r++ {
				if p.ready[r].at <= doors {
					p.latest = max(p.latest, doors)
					p.enqueue(ln, choice{ready: r, leave: leave}, dropoff.End/60, verdict)
				}
			}
		}
	}
	if len(p.choices) > options {
		return Offered
	}
	return reason
}

// shut reports whether there would be a departure in time, were the site not
// closed.
func (p *Plan) shut(ln *lane, day *regionDay, g *goods) bool {
	ready := p.Now.Unix() + int64(ln.site.leastWork(g).Seconds())
	for d := ln.site.cal.DateOf(ready); d <= day.last; d++ {
		departures := ln.timetable.Shut(d)
		for i := range departures {
			leave := &departures[i]
			if leave.Start-ln.closesBefore >= ready && ln.arrival(leave, day.level).End <= day.deadline {
				return true
			}
		}
	}
	return false
}

// wouldLeave reports whether a lane, were it as the config has it, would have a
// departure that keeps the promise.
func (p *Plan) wouldLeave(ln *lane, day *regionDay, g *goods) bool {
	from, _, reason := p.readyAt(ln.site, g, day.deadline)
	if reason != Offered {
		return false
	}
	earliest := p.ready[from].at
	for d := ln.site.cal.DateOf(earliest); d <= day.last; d++ {
		departures := ln.timetable.On(d)
		for i := range departures {
			dropoff := ln.arrival(&departures[i], day.level)
			if departures[i].Start-ln.closesBefore >= earliest && dropoff.End <= day.deadline && p.inWindow(dropoff) {
				return true
			}
		}
	}
	return false
}

// enqueue queues one choice per way of handing over.
func (p *Plan) enqueue(ln *lane, c choice, promise int64, verdict int32) {
	if p.door >= 0 {
		c.verdict, c.size, c.method = verdict, 0, p.door
		p.push(c, measure{promise: promise, cost: p.cost(ln, noBank, c.ready), metres: p.metres})
	}
	for i := range p.banks {
		b := &p.banks[i]
		c.verdict, c.size, c.method = b.verdict, b.size, p.locker
		p.push(c, measure{promise: promise, cost: p.cost(ln, p.verdicts[b.verdict].bank, c.ready), metres: b.metres})
	}
}

func (p *Plan) push(c choice, m measure) {
	m.method = int64(c.method)
	c.keys = p.net.keys(&m)
	p.choices = append(p.choices, c)
	p.verdicts[c.verdict].options++
}

// cost is what it costs to serve the order, in minor units.
func (p *Plan) cost(ln *lane, bank, ready int32) int64 {
	cost := ln.site.handlingCost + ln.cost + p.ready[ready].cost
	if bank != noBank {
		cost += p.net.banks[bank].cost
	}
	return cost
}

// arrival is when a departure reaches its recipient.
func (ln *lane) arrival(leave *lanes.Departure, l *level) lanes.Span {
	if ln.transit == nil {
		return lanes.Span{Start: leave.Start, End: leave.End}
	}
	return ln.transit.Arrival(leave.Start, ln.site.cal, l.promise.By)
}

func (p *Plan) inWindow(s lanes.Span) bool {
	w := p.Order.RequestedWindow
	return w == nil || s.Start >= w.Start.Unix() && s.End <= w.End.Unix()
}

func (p *Plan) regionDay(r *region, l *level) *regionDay {
	for i := range p.days {
		if p.days[i].region == r && p.days[i].level == l {
			return &p.days[i]
		}
	}
	placed := p.Order.PlacedAt.Unix()
	deadline := l.promise.Deadline(placed, r.cal)
	p.days = append(p.days, regionDay{region: r, level: l, missed: l.cutoffs.Missed(placed, r.cal),
		deadline: deadline, last: r.cal.DateOf(deadline)})
	return &p.days[len(p.days)-1]
}
