package routetest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Result is what a case came to.
type Result struct {
	Case     *Case
	Outcome  Outcome
	Failures []Failure // none: it passed
}

// Failure is one expectation that was not met.
type Failure struct {
	Want
	Got string
	Why []string // why what was expected was not chosen
}

// Run decides every case of the suite on the network, which is that of the
// config c, and judges it.
func (s *Suite) Run(c *config.Config, n *router.Network) []Result {
	results := make([]Result, len(s.Cases))
	for i := range s.Cases {
		one := &s.Cases[i]
		results[i] = Result{Case: one, Outcome: one.outcome(n)}
		one.weigh(n, &results[i].Outcome)
		results[i].judge(c)
	}
	return results
}

// judge compares the outcome with what the case wants. An order that was to
// be dispatched and was not, or the other way round, is one failure.
func (r *Result) judge(c *config.Config) {
	out := &r.Outcome
	for _, w := range r.Case.Wants {
		got, met := out.met(w, c)
		if met {
			continue
		}
		r.Failures = append(r.Failures, Failure{Want: w, Got: got, Why: out.why(w, c)})
	}
	wrong := slices.IndexFunc(r.Failures, func(f Failure) bool { return f.Key == keyOutcome })
	if wrong >= 0 && out.Body == nil { // then nothing else can be met; tell why what was named was not chosen
		outcome := r.Failures[wrong]
		for _, f := range r.Failures {
			if f.Key == keySite || f.Key == keyLane || f.Key == keyLevel {
				outcome.Why = append(outcome.Why, f.Why...)
			}
		}
		slices.Sort(outcome.Why)
		outcome.Why = slices.Compact(outcome.Why)
		r.Failures = []Failure{outcome}
	}
}

// met reports whether the outcome is as wanted, and what it is.
func (o *Outcome) met(w Want, c *config.Config) (got string, met bool) {
	switch w.Key {
	case keyOutcome:
		return o.tell(), w.Value == string(o.Outcome)
	case keyReason:
		first := ""
		if len(o.Reasons) > 0 {
			first = o.Reasons[0]
		}
		return cmp.Or(strings.Join(o.Reasons, ", "), "no reason: it got the level asked for"), first == w.Value
	case keyNot:
		return o.kept(w, c)
	}
	if o.Body == nil {
		return o.tell(), false
	}
	return o.chose(w)
}

// chose is met for what only a dispatched order has.
func (o *Outcome) chose(w Want) (got string, met bool) {
	b := o.Body
	path := b.Site.SiteID + "/" + b.Lane
	switch w.Key {
	case keySite:
		return b.Site.SiteID, w.Value == b.Site.SiteID
	case keyLane:
		return path, w.Value == path || w.Value == b.Lane
	case keyLevel:
		return b.ServiceLevel, w.Value == b.ServiceLevel
	case keyMethod:
		return b.Method, w.Value == b.Method
	case keyCourier:
		return b.CourierID, w.Value == b.CourierID
	case keyLocker:
		if b.Locker == nil {
			return "no locker", false
		}
		compartment := b.Locker.BankID + "/" + b.Locker.Size
		return compartment, w.Value == b.Locker.BankID || w.Value == compartment
	case keyPromise:
		return o.local(b.PromiseDate), sameMinute(w.instant, b.PromiseDate)
	}
	if w.instant.IsZero() { // a slot id
		ids := slotIDs(b.Claims)
		return strings.Join(ids, ", "), slices.Contains(ids, w.Value)
	}
	return o.local(b.Slot.Start), sameMinute(w.instant, b.Slot.Start)
}

// kept reports whether the order kept away from a place, for the reason that
// it must have.
func (o *Outcome) kept(w Want, c *config.Config) (got string, met bool) {
	if o.Body != nil && (w.Value == o.Body.Site.SiteID || w.Value == o.Body.Site.SiteID+"/"+o.Body.Lane) {
		return o.Body.Site.SiteID + "/" + o.Body.Lane, false
	}
	if w.because == "" {
		return "", true
	}
	var reasons []string
	for _, v := range o.verdicts(c, w.Value) {
		if v.reason == w.because {
			return v.reason, true
		}
		if reason := cmp.Or(v.reason, "offered"); !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	return strings.Join(reasons, ", "), false
}

// tell says in a few words what became of the order.
func (o *Outcome) tell() string {
	if o.Body == nil {
		return string(o.Outcome) + ": " + strings.Join(o.Reasons, ", ")
	}
	return string(o.Outcome) + " by " + o.Body.Site.SiteID + "/" + o.Body.Lane + " at " + o.Body.ServiceLevel
}

func (o *Outcome) local(at time.Time) string { return at.In(o.zone()).Format(timeLayout) }

func sameMinute(a, b time.Time) bool {
	return a.Truncate(time.Minute).Equal(b.Truncate(time.Minute))
}

func slotIDs(claims []event.Claim) []string {
	ids := make([]string, len(claims))
	for i, c := range claims {
		ids[i] = c.Slot
	}
	return ids
}
