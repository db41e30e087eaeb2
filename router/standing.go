package router

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Standing is what an order's last decision leaves standing: all that settling
// and checking need of it, and little enough to keep for every order.
type Standing struct {
	Sequence   uint64
	Outcome    event.Outcome
	Region     string
	Epoch      string
	DispatchID string
	Frees      *event.Frees
	Claims     []event.Claim
}

// StandingOf is what the decision of a record leaves; nothing if there is none.
func StandingOf(rec event.Record) Standing {
	d := rec.Decision
	if d == nil {
		return Standing{Sequence: rec.Sequence}
	}
	return Standing{Sequence: rec.Sequence, Outcome: d.Outcome, Region: d.Region, Epoch: d.Epoch,
		DispatchID: d.DispatchID, Frees: d.Frees, Claims: d.Claims}
}

// settlement is what the decision says of one region: its claims where it has
// them, a release everywhere else.
func (s Standing) settlement(key event.Key, region string) lanes.Settlement {
	out := lanes.Settlement{Region: region, Order: key.String(), Seq: s.Sequence}
	if s.Region == region && len(s.Claims) > 0 {
		out.Epoch, out.Claims = s.Epoch, ledgerClaims(s.Claims)
	}
	return out
}

// ledgerClaims gives claims of the journal to the ledger.
func ledgerClaims(in []event.Claim) []lanes.Claim {
	out := make([]lanes.Claim, len(in))
	for i, c := range in {
		out[i] = lanes.Claim(c)
	}
	return out
}

// claimsAfter reports whether any claim still matters at t.
func (s Standing) claimsAfter(t time.Time) bool {
	for _, c := range s.Claims {
		if c.Ends.After(t) {
			return true
		}
	}
	return false
}
