package event

import (
	"fmt"
	"time"
)

// Implausible refuses a report that cannot be true of the dispatch it is about:
// it happened before anybody asked for it, or in a locker, and the dispatch
// goes to a door. A courier that reports late is heard, and so is one whose
// clock is as far behind ours as it may be ahead.
func (r *Report) Implausible(of *Body) *Refusal {
	if r.Status.NeedsLocker() && of.Locker == nil {
		return &Refusal{CodeNoLocker, "", fmt.Sprintf("the dispatch goes to a door, and nothing there is %s", r.Status)}
	}
	if early := of.PlannedAt.Sub(r.At); early > maxAhead {
		return &Refusal{CodeReportBeforeDispatch, "/at",
			fmt.Sprintf("%v before the dispatch was requested, at most %v is accepted", early.Round(time.Second), maxAhead)}
	}
	return nil
}

// Within is when what r says has happened, as far as clocks may differ: not
// before its dispatch was requested, and not after now.
func (r *Report) Within(of *Body, now time.Time) time.Time {
	at := r.At
	if at.After(now) {
		at = now
	}
	if at.Before(of.PlannedAt) {
		at = of.PlannedAt
	}
	return at
}
