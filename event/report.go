package event

import (
	"slices"
	"strings"
	"time"
)

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

// Bounds of a report, in bytes.
const (
	MaxReason = 128
	MaxNote   = 4096
)

// ReasonOther is the reason that stands for none, and for one that is no code.
const ReasonOther = "other"

// ReportReasons lists the reasons that couriers give in the trade. The list is
// open: any other code is as good.
func ReportReasons() []string {
	return []string{"price_exceeded", "vehicle_not_available", "no_deliveryperson_available",
		"does_not_meet_requested_times", "region_not_served", ReasonOther}
}

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

// ReasonCode is the reason as a code of a to z, digits and underscores, fit to
// be kept and counted: ReasonOther where there is none, or a text that is no
// code and might tell about a person.
func (r *Report) ReasonCode() string {
	code := strings.ToLower(r.Reason)
	if code == "" || strings.ContainsFunc(code, notOfCode) {
		return ReasonOther
	}
	return code
}

func notOfCode(c rune) bool {
	return c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9')
}

// known reports whether s is one of ReportStatuses.
func (s ReportStatus) known() bool { return slices.Contains(ReportStatuses(), s) }

// Type is the type of a CloudEvent that reports s.
func (s ReportStatus) Type() string { return "dev.nearlane.courier." + string(s) + ".v1" }
