package replay

import (
	"cmp"
	"slices"

	"github.com/nearlane/nearlane/event"
)

// Comparison is what changes for the same inputs from one network to another.
type Comparison struct {
	Orders    int    `json:"orders"`
	Moved     int    `json:"moved"`     // to another site, or into or out of what no site gets
	OtherLane int    `json:"otherLane"` // at the same site
	Earlier   int    `json:"earlier"`   // of those dispatched by both: promised earlier
	Later     int    `json:"later"`
	Flows     []Flow `json:"flows"` // of the moved, the largest first
}

// Flow is how many orders moved from one site to another. Where there is no
// site, it is the outcome.
type Flow struct {
	From   string `json:"from"`
	To     string `json:"to"`
	Orders int    `json:"orders"`
}

// Share is how much of the orders moved.
func (c *Comparison) Share() float64 { return share(c.Moved, c.Orders) }

// Compare says what changes from before to after, which are results of the same
// inputs.
func Compare(before, after *Result) *Comparison {
	c := &Comparison{Orders: len(after.Journeys), Flows: []Flow{}}
	flows := map[Flow]int{}
	for i, a := range after.Journeys {
		b := before.Journeys[i]
		from, to := destination(b), destination(a)
		switch {
		case from != to:
			c.Moved++
			flows[Flow{From: from, To: to}]++
			continue
		case !a.Dispatched():
			continue
		case a.Sent.Lane != b.Sent.Lane:
			c.OtherLane++
		}
		switch a.Sent.PromiseDate.Compare(b.Sent.PromiseDate) {
		case -1:
			c.Earlier++
		case 1:
			c.Later++
		}
	}
	for f, n := range flows {
		f.Orders = n
		c.Flows = append(c.Flows, f)
	}
	slices.SortFunc(c.Flows, func(a, b Flow) int {
		return cmp.Or(b.Orders-a.Orders, cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return c
}

// destination is the site of a dispatched order, else its outcome.
func destination(j *Journey) string {
	switch j.Outcome {
	case event.Dispatched:
		return j.Sent.Site.SiteID
	case event.Cancelled:
		return "(cancelled)"
	}
	return "(unroutable)"
}
