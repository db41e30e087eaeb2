package router

import (
	"bytes"
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// Request is all that a plan depends on beside the network.
type Request struct {
	Order    *event.Order
	Place    Place
	Now      time.Time
	Excluded []string // sites, and lanes as "site/lane"
	Attempt  int      // 0 counts as 1
}

// Plan is the pure heart of the router: the options of one order, best first,
// and why every other lane was not one. It does no I/O, knows no clock and no
// chance: equal requests to equal networks give equal plans. Levels that the
// order may fall back to are weighed only when it comes to that.
type Plan struct {
	Request
	net *Network

	problem  Reason   // why there is nothing to weigh at all
	first    *level   // the level asked for
	current  *level   // whose options are in choices
	next     *level   // to weigh when no choice is left
	fallback []string // why the levels before were not kept
	methods  []string // wanted, in order of preference
	door     int16    // the place of MethodCourier in methods; -1: not wanted
	locker   int16    // the place of MethodLocker
	parcel   lanes.Parcel

	written  int      // of the drawn choices
	metres   int64    // from the site being weighed to the recipient
	latest   int64    // when the last of the options' departures closes
	waitsFor []string // slots of options that turned out full
	*scratch
}

// scratch is what planning fills; it is handed from plan to plan, because
// making it anew would cost as much as the planning.
type scratch struct {
	hits     []geo.Hit
	verdicts []verdict
	ready    []readiness
	banks    []bankOffer // of the lane being weighed
	choices  []choice    // of the current level, a heap
	drawn    []drawn     // all of one region, best first
	days     []regionDay
	goods    []goods
	carriers []carrier
	lines    []lanes.Line
	lots     []lanes.Lot
	order    []int // of the verdicts, to be told in
}

// verdict is what was found about a lane, or about one locker bank of it, at
// one level.
type verdict struct {
	lane    int32
	bank    int32 // into Network.banks, or otherBank; noBank: the lane itself
	level   *level
	reason  Reason // Offered if it has options
	options int32
	full    int32 // options that turned out full
}

const (
	noBank    = -1
	otherBank = -2 // the one the shopper picked, which the lane does not fill
)

// MaxCandidates is how many candidates a decision lists.
const MaxCandidates = 64

// Plan weighs the options of an order.
func (n *Network) Plan(req Request) *Plan {
	p := &Plan{Request: req, net: n, scratch: n.scratch.Get().(*scratch)}
	p.Attempt = max(p.Attempt, 1)
	o := req.Order
	p.first = n.level(o.ServiceLevel)
	switch {
	case p.first == nil:
		p.problem = LevelUnknown
		return p
	case p.Place.Doubt == CoordinatesSwapped:
		p.problem = CoordinatesSwapped
		return p
	}
	p.methods = n.methodsOf(o)
	p.door = int16(slices.Index(p.methods, event.MethodCourier))
	p.locker = int16(slices.Index(p.methods, event.MethodLocker))
	p.parcel = p.pack(o.Lines)
	p.hits = n.index.Lookup(p.hits, p.Place.Cell, p.Place.Country, p.Place.Postcode)
	p.next = p.first
	return p
}

// Release gives the plan's memory to the next one. Options that were taken stay
// good, the plan itself must not be used again. Calling it is optional.
func (p *Plan) Release() {
	s := p.scratch
	if p.scratch = nil; s == nil {
		return
	}
	s.hits, s.verdicts, s.ready, s.banks = s.hits[:0], s.verdicts[:0], s.ready[:0], s.banks[:0]
	s.choices, s.days, s.goods, s.carriers = s.choices[:0], s.days[:0], s.goods[:0], s.carriers[:0]
	s.drawn, s.lines, s.lots, s.order = s.drawn[:0], s.lines[:0], s.lots[:0], s.order[:0]
	p.net.scratch.Put(s)
}

// Take returns up to most of the next best options, all of one region, and
// that region. It returns none when the plan is exhausted.
func (p *Plan) Take(most int) (options []*Option, region string) {
	region = p.draw(most)
	return p.write(most), region
}

// draw decides upon up to most of the next best choices, all of one region, in
// place of those drawn before. What a plan tells of its candidates depends on
// what was drawn, and not on how much of it was written out.
func (p *Plan) draw(most int) (region string) {
	p.drawn, p.written = p.drawn[:0], 0
	for len(p.drawn) < most && p.fill() {
		in := p.net.lanes[p.verdicts[p.choices[0].verdict].lane].site.region.key
		if len(p.drawn) > 0 && in != region {
			break
		}
		region = in
		p.drawn = append(p.drawn, drawn{p.pop(), len(p.fallback)})
	}
	return region
}

// write makes options of up to most of the drawn choices that are none yet.
func (p *Plan) write(most int) (options []*Option) {
	left := p.drawn[p.written:]
	left = left[:min(most, len(left))]
	p.written += len(left)
	for i := range left {
		options = append(options, p.option(&left[i]))
	}
	return options
}

// fill makes sure that the queue holds the best option that is left: when a
// level is used up, the next one that the order may fall back to is weighed.
func (p *Plan) fill() bool {
	for len(p.choices) == 0 && p.next != nil {
		if p.current != nil {
			p.fallback = append(p.fallback, p.levelReason(p.current).String())
		}
		p.current = p.next
		p.weigh(p.current)
		p.heapify()
		if p.next = p.current.fallback; !p.Order.Constraints.FallbackAllowed() {
			p.next = nil
		}
	}
	return len(p.choices) > 0
}

// Full notes that none of the options had room.
func (p *Plan) Full(options []*Option) {
	for _, o := range options {
		p.verdicts[o.verdict].full++
		for _, c := range o.Body.Claims {
			if len(p.waitsFor) < maxWaitsFor && !slices.Contains(p.waitsFor, c.Slot) {
				p.waitsFor = append(p.waitsFor, c.Slot)
			}
		}
	}
}

// maxWaitsFor bounds how many slots an order waits for; beyond that, its retry
// finds out.
const maxWaitsFor = 64

// Waits says which slots the order would have to wait for, and until when that
// makes sense: the last level lets it wait, and something failed on capacity
// alone. It is asked of a plan that is exhausted.
func (p *Plan) Waits() (slots []string, until time.Time) {
	if p.current == nil || !p.current.wait {
		return nil, time.Time{}
	}
	return p.waitsFor, utc(p.latest)
}

// Granted notes that the ledger chose the option with this body, and that none
// before it had room.
func (p *Plan) Granted(options []*Option, body []byte) {
	if i := slices.IndexFunc(options, func(o *Option) bool { return bytes.Equal(o.body, body) }); i > 0 {
		p.Full(options[:i])
	}
}

// Level is the id of the level asked for.
func (p *Plan) Level() string {
	if p.first == nil {
		return p.Order.ServiceLevel
	}
	return p.first.id
}
