package event

import "time"

// Delivery methods an order may ask for.
const (
	MethodCourier = "courier" // to the door
	MethodLocker  = "locker"  // into a compartment of a locker bank
)

// Status of a dispatch.
const (
	Requested = "requested"
	Withdrawn = "withdrawn"
)

// Dispatch is what a courier receives on dispatch.v1.<courier>.<site>.
// A withdrawn dispatch carries neither destination nor recipient.
type Dispatch struct {
	DispatchID     string     `json:"dispatchId"`
	OrderID        string     `json:"orderId"`
	Channel        string     `json:"channel"`
	ConsignmentID  string     `json:"consignmentId"`
	Attempt        int        `json:"attempt"`
	Supersedes     string     `json:"supersedes,omitzero"`
	Status         string     `json:"status"`
	Site           Site       `json:"site"`
	CourierID      string     `json:"courierId"`
	Lane           string     `json:"lane"`
	Slot           Span       `json:"slot"`
	Pickup         Pickup     `json:"pickup"`
	Dropoff        Dropoff    `json:"dropoff"`
	Locker         *Locker    `json:"locker,omitzero"`
	Destination    *Address   `json:"destination,omitzero"`
	Recipient      *Recipient `json:"recipient,omitzero"`
	Packages       []Package  `json:"packages"`
	PromiseDate    time.Time  `json:"promiseDate"`
	ConfigRevision string     `json:"configRevision"`
	Trace          Trace      `json:"-"` // of the order; an attribute of the event
}

// Key is the identity of the dispatched order.
func (d *Dispatch) Key() Key { return Key{Channel: d.Channel, Order: d.OrderID} }

// Site is a place that fulfils, as far as a courier needs to know it.
type Site struct {
	SiteID   string `json:"siteId"`
	Kind     string `json:"kind"` // micro_hub or microfactory
	Geo      Geo    `json:"geo"`
	TimeZone string `json:"timeZone"` // IANA name
}

// Span is a half-open span of time, [start, end). A collection leaves once:
// its start is its end.
type Span struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Pickup says when the goods are ready and when they have to have left.
type Pickup struct {
	ReadyAt  time.Time `json:"readyAt"`
	Deadline time.Time `json:"deadline"`
}

// Dropoff is the interval in which the recipient gets the goods.
type Dropoff struct {
	After  time.Time `json:"after"`
	Before time.Time `json:"before"`
}

// Locker is the compartment held for a consignment.
type Locker struct {
	BankID string    `json:"bankId"`
	Size   string    `json:"size"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// Package is one parcel: outer dimensions in mm, weight in grams, and the ids
// of the lines in it. Without dimensions they are not known.
type Package struct {
	DimensionsMm []int64  `json:"dimensionsMm,omitzero"`
	Grams        int64    `json:"grams"`
	Lines        []string `json:"lines"`
}
