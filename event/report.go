package event

import "time"

// ReportStatus is the last token of a subject on COURIER: what a dispatch has
// come to.
type ReportStatus string

const (
	Accepted  ReportStatus = "accepted"  // the courier will do it
	Rejected  ReportStatus = "rejected"  // the courier will not
	PickedUp  ReportStatus = "picked_up" // the goods have left the site
	Delivered ReportStatus = "delivered" // the recipient has them
	Failed    ReportStatus = "failed"    // tried, and given up
	Returned  ReportStatus = "returned"  // the goods are back at the site
	Deposited ReportStatus = "deposited" // the goods are in the locker
	Collected ReportStatus = "collected" // and no longer: the recipient has them
	Expired   ReportStatus = "expired"   // nobody has collected them in time
)

// ReportStatuses lists the statuses there are, in the order of a dispatch's life.
func ReportStatuses() []ReportStatus {
	return []ReportStatus{Accepted, Rejected, PickedUp, Delivered, Failed, Returned, Deposited, Collected, Expired}
}

// Type is the type of a CloudEvent that reports s.
func (s ReportStatus) Type() string { return "dev.nearlane.courier." + string(s) + ".v1" }

// NeedsLocker reports whether s can only be said of a dispatch into a locker.
func (s ReportStatus) NeedsLocker() bool { return s == Deposited || s == Collected || s == Expired }

// MaxReportAge is how long ago may be what a report says. Dispatches and
// reports are kept for half as long each, so nothing that is older is about a
// dispatch that anybody knows, also when all of COURIER is read again.
const MaxReportAge = 70 * 24 * time.Hour

// Bounds of a report's texts, in bytes.
const (
	MaxReason = 128
	MaxNote   = 4096
)

// Report is what a courier says about a dispatch on courier.v1.<courier>.<status>.
// Courier and Status are those of the subject.
type Report struct {
	DispatchID string       `json:"dispatchId"`
	Channel    string       `json:"channel"`
	OrderID    string       `json:"orderId"`
	At         time.Time    `json:"at"`
	Reason     string       `json:"reason,omitzero"` // as written; see ReasonCode
	Note       string       `json:"note,omitzero"`   // for a person; may be personal data
	Courier    string       `json:"-"`
	Status     ReportStatus `json:"-"`
}

// Key is the identity of the order that the dispatch is of.
func (r *Report) Key() Key { return Key{Channel: r.Channel, Order: r.OrderID} }

// ReasonCode is the reason as a code that may be kept and counted; without a
// reason, ReasonOther.
func (r *Report) ReasonCode() string { return reasonCode(r.Reason) }
