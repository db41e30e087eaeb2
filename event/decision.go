package event

import "time"

// Outcome is what a decision says of its order. The list is open: a reader
// ignores what it does not know.
type Outcome string

const (
	Dispatched Outcome = "dispatched"
	Waiting    Outcome = "waiting"
	Unroutable Outcome = "unroutable"
	Cancelled  Outcome = "cancelled"
	Void       Outcome = "void"
	Completed  Outcome = "completed"
)

// Outcomes lists the outcomes that this version writes.
func Outcomes() []Outcome {
	return []Outcome{Dispatched, Waiting, Unroutable, Cancelled, Void, Completed}
}

// Decision is the durable outcome of one attempt at an order, stored on
// decision.v1.<channel>.<order> with compare-and-set on Basis. It holds no
// personal data.
type Decision struct {
	DecisionID     string         `json:"decisionId"`
	Outcome        Outcome        `json:"outcome"`
	Reasons        []string       `json:"reasons,omitzero"`
	Attempt        int            `json:"attempt"`
	Basis          uint64         `json:"basis"` // stream sequence of the order's last decision its writer had read; 0: none
	OrderID        string         `json:"orderId"`
	Channel        string         `json:"channel"`
	OrderSequence  uint64         `json:"orderSequence"` // the order's place on ORDERS
	OrderDigest    string         `json:"orderDigest"`
	Cell           string         `json:"cell,omitzero"` // H3, hexadecimal
	Precision      string         `json:"precision,omitzero"`
	LocatedBy      string         `json:"locatedBy,omitzero"` // who knew the cell: "order", "gazetteer" or "geocoder"; see router.Source
	ServiceLevel   string         `json:"serviceLevel,omitzero"`
	Region         string         `json:"region,omitzero"`
	Frees          *Frees         `json:"frees,omitzero"`
	DispatchID     string         `json:"dispatchId,omitzero"`
	Consignments   []Consignment  `json:"consignments,omitzero"`
	Candidates     []Candidate    `json:"candidates,omitzero"`
	ReasonCounts   map[string]int `json:"reasonCounts,omitzero"`
	Claims         []Claim        `json:"claims,omitzero"`
	ConfigRevision string         `json:"configRevision"`
	Epoch          string         `json:"epoch,omitzero"` // of the region, when the hold was granted
	Excluded       []string       `json:"excluded,omitzero"`
	Voids          int            `json:"voids,omitzero"`
	DecidedBy      string         `json:"decidedBy"`
	DecidedAt      time.Time      `json:"decidedAt"` // the now that the plan was given
	RetryAt        *time.Time     `json:"retryAt,omitzero"`
	WaitsFor       []string       `json:"waitsFor,omitzero"` // full slots, any of which may make room
	AcceptedAt     *time.Time     `json:"acceptedAt,omitzero"`
	Trace          Trace          `json:"-"` // of the order; an attribute of the event
}

// Key is the identity of the decided order.
func (d *Decision) Key() Key { return Key{Channel: d.Channel, Order: d.OrderID} }

// Frees names the decision whose claims this one replaces.
type Frees struct {
	Region string `json:"region"`
	Seq    uint64 `json:"seq"`
}

// Claim is what a decision takes from one slot: units out of limit. Ends is
// the end of the slot, after which the claim no longer matters.
type Claim struct {
	Slot  string    `json:"slot"`
	Units int64     `json:"units"`
	Limit int64     `json:"limit"`
	Ends  time.Time `json:"ends"`
}

// Candidate is a lane whose catchment matched, or one locker bank that such a
// lane fills. An empty reason means that it was offered; otherwise the reason
// code says why it was not.
type Candidate struct {
	Site   string `json:"site"`
	Lane   string `json:"lane"`
	Locker string `json:"locker,omitzero"`
	Level  string `json:"serviceLevel"`
	Reason string `json:"reason,omitzero"`
}

// Consignment is the part of an order that travels together.
type Consignment struct {
	ConsignmentID string `json:"consignmentId"`
	DispatchID    string `json:"dispatchId"`
	Body
}

// Body is all that a plan chose for one consignment. The ledger keeps it with
// the hold as opaque bytes, so that decision and dispatch can be built from it
// and the order alone, whatever the config says by then.
type Body struct {
	Site           Site      `json:"site"`
	CourierID      string    `json:"courierId"`
	Lane           string    `json:"lane"`
	Method         string    `json:"method"` // MethodCourier or MethodLocker
	Slot           Span      `json:"slot"`
	Pickup         Pickup    `json:"pickup"`
	Dropoff        Dropoff   `json:"dropoff"`
	Locker         *Locker   `json:"locker,omitzero"`
	Packages       []Package `json:"packages"`
	PromiseDate    time.Time `json:"promiseDate"`
	ServiceLevel   string    `json:"serviceLevel"`
	Cost           Money     `json:"cost"`
	DistanceM      int64     `json:"distanceM"` // great circle, metres
	Region         string    `json:"region"`
	Claims         []Claim   `json:"claims"`
	Attempt        int       `json:"attempt"`
	Excluded       []string  `json:"excluded,omitzero"`
	Fallback       []string  `json:"fallback,omitzero"` // why the levels before ServiceLevel were not kept
	ConfigRevision string    `json:"configRevision"`
	PlannedAt      time.Time `json:"plannedAt"` // the now that the plan was given
	Located        *Located  `json:"-"`         // goes with a hold only: a decision says it itself
}

// Located is where the order of a hold was taken to be, for one that might be
// found elsewhere another time; see Decision.
type Located struct {
	Cell      string `json:"cell,omitzero"`
	Precision string `json:"precision"`
	By        string `json:"by,omitzero"`
}
