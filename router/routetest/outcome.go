package routetest

import (
	"math"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Outcome is what became of an order.
type Outcome struct {
	Outcome    event.Outcome
	Body       *event.Body // of a dispatched order
	Reasons    []string    // as the decision has them
	Place      router.Place
	Candidates []event.Candidate // every lane and locker that came up, up to the level that was kept
	NotReached map[string]int    // the lanes that no catchment brought up, by reason
	Level      string            // asked for
	Methods    []string          // wanted, in order of preference

	offers []event.Body // all that there was room for, best first; the rest of it is for telling why
}

// outcome decides the case as the router would, with so much taken.
func (c *Case) outcome(n *router.Network) Outcome {
	request := router.Request{Order: c.Order, Place: n.Locate(c.Order), Now: c.Now, Excluded: c.Order.Constraints.ExcludedSites}
	p := n.Plan(request)
	defer p.Release()
	out := Outcome{Place: request.Place, Level: p.Level(), Methods: p.Methods()}
	option := p.Room(c.Taken.of)
	out.Candidates, out.NotReached = p.Candidates(math.MaxInt)
	switch slots, until := p.Waits(); {
	case option != nil:
		out.Outcome, out.Body, out.Reasons = event.Dispatched, &option.Body, option.Body.Fallback
	case len(slots) > 0 && until.After(c.Now):
		out.Outcome, out.Reasons = event.Waiting, p.Reasons()
	default:
		out.Outcome, out.Reasons = event.Unroutable, p.Reasons()
	}
	return out
}

// weigh lists all that there was room for, also at levels that it did not come
// to.
func (c *Case) weigh(n *router.Network, out *Outcome) {
	p := n.Plan(router.Request{Order: c.Order, Place: out.Place, Now: c.Now, Excluded: c.Order.Constraints.ExcludedSites})
	defer p.Release()
	for {
		options, _ := p.Take(math.MaxInt)
		if len(options) == 0 {
			return
		}
		for _, o := range options {
			if c.Taken.leaves(o.Body.Claims) {
				out.offers = append(out.offers, o.Body)
			}
		}
	}
}

// leaves reports whether there is room for all of some claims.
func (t Taken) leaves(claims []event.Claim) bool {
	for _, c := range claims {
		if t.of(c.Slot)+c.Units > c.Limit {
			return false
		}
	}
	return true
}

// zone is where the outcome is told: that of the site.
func (o *Outcome) zone() *time.Location {
	if o.Body == nil {
		return time.UTC
	}
	if zone, err := time.LoadLocation(o.Body.Site.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}
