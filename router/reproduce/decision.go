package reproduce

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Case is a stored decision and what it was made from.
type Case struct {
	Order     *event.Order
	Stored    *event.Decision
	Before    *event.Decision // the order's decision before it; nil: it is the first
	WrittenAt time.Time       // by the router that stored it; see event.WrittenAt
}

// Result is what came of making a decision anew.
type Result struct {
	Again       *event.Decision // as router.Network.Redecide makes it
	Differences []Difference    // of the stored decision from it; none: it is the same to the letter
	// Held: the router that stored the decision took over a hold that another
	// had got, so its candidates do not say what was full.
	Held bool
}

// Difference is one thing in which a decision and its repetition differ.
type Difference struct {
	Field string `json:"field"`
	Then  string `json:"then"` // as stored; empty: nothing
	Now   string `json:"now"`  // as made anew
}

// Decision makes a stored decision anew on a network.
func Decision(n *router.Network, c Case) Result {
	r := Result{Again: n.Redecide(c.Order, c.Stored)}
	again := *r.Again
	if r.Differences = compare(c, &again); len(r.Differences) == 0 {
		return r
	}
	again.Candidates, again.ReasonCounts = n.Beside(c.Order, c.Stored, c.WrittenAt)
	if beside := compare(c, &again); len(beside) < len(r.Differences) {
		r.Again, r.Differences, r.Held = &again, beside, true
	}
	return r
}

// NotPlanned says what a decision came from if not from a plan: a report, a
// cancellation, or something that went wrong. It is empty if it was planned.
func NotPlanned(stored, before *event.Decision) string {
	renewed := before != nil && before.Outcome == stored.Outcome && before.DispatchID == stored.DispatchID &&
		len(stored.Candidates)+len(stored.ReasonCounts) == 0
	switch {
	case stored.Outcome == event.Cancelled:
		return "a cancellation needs no plan"
	case stored.Outcome == event.Completed:
		return "a courier's report ended the order"
	case stored.Outcome == event.Void:
		return "it only moves the order's place in the journal on"
	case renewed && stored.AcceptedAt != nil && before.AcceptedAt == nil:
		return "the courier's acceptance changes nothing else"
	case renewed && stored.Outcome != event.Unroutable:
		return "it renews the one before"
	case forgotten(stored):
		return "ORDERS had forgotten the order, so there was nothing to plan"
	case !planned[stored.Outcome]:
		return "this version knows no such outcome"
	}
	return ""
}

// planned are the outcomes that a plan has.
var planned = map[event.Outcome]bool{event.Dispatched: true, event.Waiting: true, event.Unroutable: true}

func forgotten(d *event.Decision) bool {
	n := len(d.Reasons)
	return d.Outcome == event.Unroutable && n > 0 && d.Reasons[n-1] == router.OrderExpired
}
