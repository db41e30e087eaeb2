package router

import (
	"fmt"
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
	if rec.Decision == nil {
		return Standing{Sequence: rec.Sequence}
	}
	return gistOf(rec).standing()
}

// gist is a decision in its place in the journal, as far as Redis follows it.
type gist struct {
	seq uint64
	*event.Gist
}

func gistOf(rec event.Record) gist { return gist{rec.Sequence, rec.Decision.Gist()} }

// readGist is the gist of a decision as the journal has it.
func readGist(seq uint64, data []byte) (gist, error) {
	g, err := event.DecodeGist(data)
	if err != nil {
		return gist{}, fmt.Errorf("decode decision at sequence %d: %w", seq, err)
	}
	return gist{seq, g}, nil
}

func (g gist) standing() Standing {
	return Standing{Sequence: g.seq, Outcome: g.Outcome, Region: g.Region, Epoch: g.Epoch,
		DispatchID: g.DispatchID, Frees: g.Frees, Claims: g.Claims}
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
