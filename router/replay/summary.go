package replay

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
)

// Report adds the result up.
func (r *Result) Report() *Report {
	zone := r.zone()
	out := &Report{
		Network: r.Network.Name, Revision: r.Network.Revision, Currency: r.Network.Currency, Zone: zone.String(),
		Orders: len(r.Journeys), Repeats: r.Repeats, Changed: r.Changed,
	}
	out.Cost.Decimals, _ = lanes.Decimals(out.Currency)
	unroutable, late, methods := counts{}, counts{}, counts{}
	for _, j := range r.Journeys {
		out.span(j)
		switch j.Outcome {
		case event.Dispatched:
			out.Dispatched++
			methods.add(j.Sent.Method)
			out.Cost.Total += j.Sent.Cost.Amount
			if j.Sent.ServiceLevel != j.Asked {
				out.Fallback++
			}
			if j.Late() {
				out.Late++
				late.add(j.Sent.Fallback...)
				if j.PastCut {
					out.PastCutoff++
				}
			}
		case event.Cancelled:
			out.Cancelled++
		default:
			out.Unroutable++
			unroutable.add(j.Reasons...)
		}
	}
	out.Reasons, out.LateFor, out.Methods = unroutable.list(), late.list(), methods.list()
	if out.Dispatched > 0 {
		out.Cost.PerOrder = float64(out.Cost.Total) / float64(out.Dispatched)
	}
	out.Levels = r.levels()
	out.Distance, out.Slack, out.Waiting = r.distance(), r.slack(), r.waiting()
	out.Days, out.Cells = r.days(zone), r.cells()
	used := r.use(out.From, out.To)
	out.Sites, out.Lanes, out.Fullest = used.sites(r, out.Dispatched), used.filled, used.mostWanted()
	return out
}

// zone is the one that days are told in: the first region's.
func (r *Result) zone() *time.Location {
	if ids := r.Network.Regions(); len(ids) > 0 {
		return r.Network.Zones()[ids[0]]
	}
	return time.UTC
}

// span widens the report's span to hold the order. One of which only the
// cancellation was recorded has no time that says anything.
func (out *Report) span(j *Journey) {
	if j.Order == nil {
		return
	}
	at := j.Order.PlacedAt
	if out.From.IsZero() || at.Before(out.From) {
		out.From = at
	}
	if at.After(out.To) {
		out.To = at
	}
}

// counts counts orders by a code.
type counts map[string]int

// add counts an order by the first of its codes.
func (c counts) add(codes ...string) {
	if len(codes) > 0 {
		c[codes[0]]++
	}
}

// list is the counts, the largest first.
func (c counts) list() []Count {
	list := make([]Count, 0, len(c))
	for code, n := range c {
		list = append(list, Count{code, n})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Or(b.Orders-a.Orders, cmp.Compare(a.Code, b.Code)) })
	return list
}

func (r *Result) levels() []LevelShare {
	number := map[LevelShare]int{}
	for _, j := range r.Journeys {
		if j.Order == nil {
			continue
		}
		l := LevelShare{Asked: j.Asked, Outcome: j.Outcome}
		if j.Dispatched() {
			l.Served = j.Sent.ServiceLevel
		}
		number[l]++
	}
	list := make([]LevelShare, 0, len(number))
	for l, n := range number {
		l.Orders, l.Share = n, share(n, len(r.Journeys))
		list = append(list, l)
	}
	slices.SortFunc(list, func(a, b LevelShare) int {
		return cmp.Or(cmp.Compare(a.Asked, b.Asked), b.Orders-a.Orders, cmp.Compare(a.End(), b.End()))
	})
	return list
}

func (r *Result) waiting() (w Waiting) {
	var minutes []int64
	for _, j := range r.Journeys {
		if !j.Waited {
			continue
		}
		w.Orders++
		minutes = append(minutes, int64(j.WaitedFor/time.Minute))
		switch j.Outcome {
		case event.Dispatched:
			w.Dispatched++
		case event.Cancelled:
			w.Cancelled++
		default:
			w.Unroutable++
		}
	}
	if len(minutes) > 0 {
		slices.Sort(minutes)
		w.P50, w.Longest = percentile(minutes, 50), minutes[len(minutes)-1]
	}
	return w
}

func (r *Result) days(zone *time.Location) []Day {
	byDate := map[lanes.Date]*Day{}
	for _, j := range r.Journeys {
		if j.Order == nil {
			continue
		}
		date := lanes.DateOf(j.Order.PlacedAt.Unix(), zone)
		d := byDate[date]
		if d == nil {
			d = &Day{Date: date.String()}
			byDate[date] = d
		}
		switch {
		case j.Late():
			d.Late++
		case j.Dispatched():
			d.InTime++
		case j.Outcome == event.Cancelled:
			d.Cancelled++
		default:
			d.Unroutable++
		}
	}
	list := make([]Day, 0, len(byDate))
	for _, date := range slices.Sorted(maps.Keys(byDate)) {
		list = append(list, *byDate[date])
	}
	return list
}

// cells counts by cell, in the order of the cells.
func (r *Result) cells() []CellCount {
	sites := map[geo.Cell]counts{}
	for _, j := range r.Journeys {
		if j.Cell == 0 || j.Order == nil {
			continue
		}
		c := sites[j.Cell]
		if c == nil {
			c = counts{}
			sites[j.Cell] = c
		}
		if j.Dispatched() {
			c.add(j.Sent.Site.SiteID)
		} else {
			c.add("")
		}
	}
	list := make([]CellCount, 0, len(sites))
	for _, cell := range slices.Sorted(maps.Keys(sites)) {
		c := CellCount{Cell: cell}
		for _, site := range sites[cell].list() {
			if c.Orders += site.Orders; c.Site == "" {
				c.Site = site.Code // after none, if most have none
			}
		}
		list = append(list, c)
	}
	return list
}
