package event

import "time"

// Order is what a platform emits on orders.v1.<channel>.placed. It is
// identified by (channel, orderId); see Key.
type Order struct {
	OrderID         string      `json:"orderId"`
	Channel         string      `json:"channel"`
	Brand           string      `json:"brand,omitzero"`
	PlacedAt        time.Time   `json:"placedAt"`
	ServiceLevel    string      `json:"serviceLevel,omitzero"`    // empty: the network's default
	DeliveryMethods []string    `json:"deliveryMethods,omitzero"` // in order of preference; empty: the network's default
	ShipTo          Address     `json:"shipTo"`
	Recipient       *Recipient  `json:"recipient,omitzero"`
	Lines           []Line      `json:"lines"`
	RequestedWindow *Window     `json:"requestedWindow,omitzero"`
	Constraints     Constraints `json:"constraints,omitzero"`
}

// Key is the identity of the order.
func (o *Order) Key() Key { return Key{Channel: o.Channel, Order: o.OrderID} }

// Address is where an order ships to: a schema.org PostalAddress with
// coordinates and the one locker bank the shopper picked, if any.
type Address struct {
	Geo             *Geo   `json:"geo,omitzero"`
	StreetAddress   string `json:"streetAddress,omitzero"`
	AddressLocality string `json:"addressLocality,omitzero"`
	PostalCode      string `json:"postalCode,omitzero"`
	AddressCountry  string `json:"addressCountry"` // ISO 3166-1 alpha-2
	LockerID        string `json:"lockerId,omitzero"`
}

// Geo is a WGS 84 point in degrees.
type Geo struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Recipient is personal data: it travels in ORDERS and in the dispatch to the
// one chosen courier, nowhere else.
type Recipient struct {
	Name  string `json:"name,omitzero"`
	Phone string `json:"phone,omitzero"`
	Email string `json:"email,omitzero"`
}

// Line is one position of an order.
type Line struct {
	LineID       string  `json:"lineId,omitzero"`
	SKU          string  `json:"sku"`
	Quantity     int64   `json:"quantity"`
	WeightGrams  int64   `json:"weightGrams,omitzero"`  // of one unit
	DimensionsMm []int64 `json:"dimensionsMm,omitzero"` // of one unit, three sides in any order
	UnitValue    *Money  `json:"unitValue,omitzero"`
}

// Money is an amount in minor units (cents) of an ISO 4217 currency.
type Money struct {
	Amount   int64  `json:"amount"`
	Currency string `json:"currency"`
}

// Window is a half-open span of time, [start, end).
type Window struct {
	Start time.Time `json:"start"`
	End   time.Time `json:"end"`
}

// Constraints is what the platform asks of the routing.
type Constraints struct {
	ExcludedSites             []string `json:"excludedSites,omitzero"`
	AllowServiceLevelFallback *bool    `json:"allowServiceLevelFallback,omitzero"` // nil: allowed
	AllowSplit                *bool    `json:"allowSplit,omitzero"`                // accepted, without effect yet
}

// FallbackAllowed reports whether the order may be served at a lower level.
func (c Constraints) FallbackAllowed() bool {
	return c.AllowServiceLevelFallback == nil || *c.AllowServiceLevelFallback
}

// Cancellation is what a platform emits on orders.v1.<channel>.cancelled.
type Cancellation struct {
	OrderID     string    `json:"orderId"`
	Channel     string    `json:"channel"`
	CancelledAt time.Time `json:"cancelledAt"`
	Reason      string    `json:"reason,omitzero"` // as written, of any length; see ReasonCode
}

// Key is the identity of the order.
func (c *Cancellation) Key() Key { return Key{Channel: c.Channel, Order: c.OrderID} }

// ReasonCode is the reason as a code that may be kept and counted; without a
// reason, ReasonOther.
func (c *Cancellation) ReasonCode() string { return reasonCode(c.Reason) }
