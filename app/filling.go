package app

import (
	"context"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// fillings sum up how full today is, by region, kind and unit: a slot of each
// site on each day would be more series than anybody can keep. Which lane it is
// that is full, `nearlane top` and `nearlane capacity` say.
type fillings struct {
	network func() *router.Network
	counts  func(ctx context.Context, region string, slots []string) ([]int64, error)
	now     func() time.Time

	mu    sync.Mutex
	of    *router.Network // that plans is made of
	days  map[string]lanes.Date
	plans []plan
	at    time.Time // real time of the last look
	last  []sum
}

// fillEvery is how often Redis is asked at most, however often /metrics is.
const fillEvery = 10 * time.Second

var (
	capacityUsed  = describe("capacity_used", "What is taken of today's slots.", "region", "kind", "unit")
	capacityLimit = describe("capacity_limit", "What today's slots hold.", "region", "kind", "unit")
	slotsToday    = describe("capacity_slots", "Today's slots.", "region", "kind", "unit")
	slotsFull     = describe("capacity_slots_full", "Today's slots of which all is taken.", "region", "kind", "unit")
)

func (f *fillings) describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{capacityUsed, capacityLimit, slotsToday, slotsFull} {
		to <- d
	}
}

// plan is what one region has today.
type plan struct {
	region string // its key
	name   string
	slots  []string
	limits []int64
	sums   []int // index into the sums of each slot
	groups []sum // by kind and unit, nothing used yet
}

// sum is how full the slots of a kind are that count in one unit.
type sum struct {
	region, kind, unit       string
	used, limit, slots, full int64
}

// collect sends the sums of now, or those of a moment ago. While Redis does not
// answer it sends none: an old number would look like a fact.
func (f *fillings) collect(ctx context.Context, to chan<- prometheus.Metric) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.at) > fillEvery {
		sums, err := f.look(ctx)
		if err != nil {
			return
		}
		f.last, f.at = sums, time.Now()
	}
	for _, s := range f.last {
		send(to, capacityUsed, float64(s.used), s.region, s.kind, s.unit)
		send(to, capacityLimit, float64(s.limit), s.region, s.kind, s.unit)
		send(to, slotsToday, float64(s.slots), s.region, s.kind, s.unit)
		send(to, slotsFull, float64(s.full), s.region, s.kind, s.unit)
	}
}

// look counts what is taken from today's slots.
func (f *fillings) look(ctx context.Context) ([]sum, error) {
	f.plan(f.network(), f.now())
	var all []sum
	for i := range f.plans {
		p := &f.plans[i]
		counts, err := f.counts(ctx, p.region, p.slots)
		if err != nil {
			return nil, err
		}
		sums := append([]sum(nil), p.groups...)
		for i, used := range counts {
			s := &sums[p.sums[i]]
			s.used += used
			if used >= p.limits[i] {
				s.full++
			}
		}
		all = append(all, sums...)
	}
	return all, nil
}

// plan lists today's slots, unless those that are listed are still today's.
func (f *fillings) plan(n *router.Network, now time.Time) {
	days := map[string]lanes.Date{}
	same := n == f.of
	for region, zone := range n.Zones() {
		days[region] = lanes.DateOf(now.Unix(), zone)
		same = same && f.days[region] == days[region]
	}
	if same {
		return
	}
	f.of, f.days, f.plans = n, days, nil
	byDay := map[lanes.Date][]router.SlotInfo{}
	for _, region := range n.Regions() {
		day := days[region]
		if byDay[day] == nil {
			byDay[day] = n.Slots(day)
		}
		p := plan{region: region, name: n.RegionID(region)}
		for i := range byDay[day] {
			p.add(&byDay[day][i])
		}
		f.plans = append(f.plans, p)
	}
}

// add takes a slot in, if it is one of the region.
func (p *plan) add(s *router.SlotInfo) {
	if s.Region != p.region {
		return
	}
	group := -1
	for i := range p.groups {
		if p.groups[i].kind == s.Slot.Kind && p.groups[i].unit == s.Slot.Unit {
			group = i
		}
	}
	if group < 0 {
		group = len(p.groups)
		p.groups = append(p.groups, sum{region: p.name, kind: s.Slot.Kind, unit: s.Slot.Unit})
	}
	p.groups[group].limit += s.Limit
	p.groups[group].slots++
	p.slots, p.limits, p.sums = append(p.slots, s.ID), append(p.limits, s.Limit), append(p.sums, group)
}
