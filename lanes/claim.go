package lanes

import "time"

// Claim is what an option takes from one slot: Units, if that stays within
// Limit. Ends is the end of the slot in real terms; after it, the claim no
// longer matters.
type Claim struct {
	Slot  string
	Units int64
	Limit int64
	Ends  time.Time
}

// Status is the ledger's answer to a reservation.
type Status uint8

const (
	Granted   Status = iota + 1 // an option fits and is now the order's open part
	Existing                    // an earlier attempt on the same basis holds; its body is the answer
	Full                        // no option fits
	Behind                      // the order has a later decision than the basis: Answer.Seq
	Unsettled                   // the basis is not settled in this region yet
	Rebuild                     // the region has no epoch of this server's history: nothing is reserved
)

// Ask is one reservation: the options of one order in one region, best first.
// The identity of the hold is (Order, Basis), so asking twice grants once.
type Ask struct {
	Region  string
	Order   string // event.Key.String()
	Basis   uint64
	Options []Offer
}

// Offer is one option as the ledger sees it: claims and an opaque body.
type Offer struct {
	Claims []Claim
	Body   []byte
}

// Answer is the reply to one Ask. Err is set when the outcome is not known;
// everything else is meaningless then.
type Answer struct {
	Status Status
	Body   []byte // of Granted and Existing: commit this, never an index into one's own list
	Epoch  string // of Granted and Existing: the region's epoch at the grant
	Seq    uint64 // of Behind
	Err    error
}

// Settlement makes the claims of the decision at Seq the order's live part in
// Region. Empty Claims is release, and leaves a tombstone.
type Settlement struct {
	Region string
	Order  string
	Seq    uint64
	Claims []Claim
	Epoch  string // of the decision
	Token  string // the rebuild token of a caller that rebuilds the region; else empty
}

// Stray is an order that an auditor has to look at: an attempt holds capacity
// for it on Basis (Open), or its claims have to be verified.
type Stray struct {
	Order string
	Since time.Time // on the process's clock
	Open  bool
	Basis uint64
}
