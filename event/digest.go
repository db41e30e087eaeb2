package event

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// Digester makes the digests of one key. It may be used by several goroutines
// at once.
type Digester struct{ macs sync.Pool }

// mac is a keyed hash: what the key costs is paid once for many orders.
type mac struct {
	hash.Hash
	sum [sha256.Size]byte
	hex [2 * sha256.Size]byte
}

// NewDigester makes a digester.
func NewDigester(key []byte) *Digester {
	key = slices.Clone(key)
	return &Digester{sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, key)} }}}
}

// Digest is the HMAC-SHA256, in hexadecimal, over the canonical JSON (RFC
// 8785) of o's known fields. It tells a repeat with the same content from one
// that changes the order; the key keeps addresses from being guessed. Order o
// is one that DecodeOrder gave.
func (d *Digester) Digest(o *Order) string {
	m := d.macs.Get().(*mac)
	defer d.macs.Put(m)
	m.Reset()
	writeCanonical(m, o)
	return string(m.hex[:hex.Encode(m.hex[:], m.Sum(m.sum[:0]))])
}

// Digest is that of a digester of key.
func Digest(o *Order, key []byte) string { return NewDigester(key).Digest(o) }

// canonical is the canonical JSON of o.
func canonical(o *Order) []byte {
	var out bytes.Buffer
	writeCanonical(&out, o)
	return out.Bytes()
}

// writeCanonical writes the canonical JSON of o. Marshalling copies whose
// fields stand in sorted order takes a quarter of the time of sorting members
// afterwards.
func writeCanonical(to io.Writer, o *Order) {
	c := canonicalOrder{
		Brand:           o.Brand,
		Channel:         o.Channel,
		DeliveryMethods: o.DeliveryMethods,
		Lines:           make([]canonicalLine, len(o.Lines)),
		OrderID:         o.OrderID,
		PlacedAt:        o.PlacedAt,
		ServiceLevel:    o.ServiceLevel,
		Constraints: canonicalConstraints{
			AllowServiceLevelFallback: o.Constraints.AllowServiceLevelFallback,
			AllowSplit:                o.Constraints.AllowSplit,
			ExcludedSites:             o.Constraints.ExcludedSites,
		},
		ShipTo: canonicalAddress{
			AddressCountry:  o.ShipTo.AddressCountry,
			AddressLocality: o.ShipTo.AddressLocality,
			LockerID:        o.ShipTo.LockerID,
			PostalCode:      o.ShipTo.PostalCode,
			StreetAddress:   o.ShipTo.StreetAddress,
		},
	}
	if g := o.ShipTo.Geo; g != nil {
		c.ShipTo.Geo = &Geo{g.Latitude + 0, g.Longitude + 0} // -0 becomes 0
	}
	if r := o.Recipient; r != nil {
		c.Recipient = &canonicalRecipient{r.Email, r.Name, r.Phone}
	}
	if w := o.RequestedWindow; w != nil {
		c.RequestedWindow = &canonicalWindow{w.End, w.Start}
	}
	for i, l := range o.Lines {
		c.Lines[i] = canonicalLine{l.DimensionsMm, l.LineID, l.Quantity, l.SKU, l.UnitValue, l.WeightGrams}
	}
	if err := json.MarshalWrite(to, &c); err != nil {
		panic(fmt.Sprintf("canonical form of a decoded order: %v", err))
	}
}

// The types below have the fields of their originals, sorted by JSON name. The
// members of Geo and Money are in order as they are.

type canonicalOrder struct {
	Brand           string               `json:"brand,omitzero"`
	Channel         string               `json:"channel"`
	Constraints     canonicalConstraints `json:"constraints,omitzero"`
	DeliveryMethods []string             `json:"deliveryMethods,omitzero"`
	Lines           []canonicalLine      `json:"lines"`
	OrderID         string               `json:"orderId"`
	PlacedAt        time.Time            `json:"placedAt"`
	Recipient       *canonicalRecipient  `json:"recipient,omitzero"`
	RequestedWindow *canonicalWindow     `json:"requestedWindow,omitzero"`
	ServiceLevel    string               `json:"serviceLevel,omitzero"`
	ShipTo          canonicalAddress     `json:"shipTo"`
}

type canonicalAddress struct {
	AddressCountry  string `json:"addressCountry"`
	AddressLocality string `json:"addressLocality,omitzero"`
	Geo             *Geo   `json:"geo,omitzero"`
	LockerID        string `json:"lockerId,omitzero"`
	PostalCode      string `json:"postalCode,omitzero"`
	StreetAddress   string `json:"streetAddress,omitzero"`
}

type canonicalRecipient struct {
	Email string `json:"email,omitzero"`
	Name  string `json:"name,omitzero"`
	Phone string `json:"phone,omitzero"`
}

type canonicalLine struct {
	DimensionsMm []int64 `json:"dimensionsMm,omitzero"`
	LineID       string  `json:"lineId,omitzero"`
	Quantity     int64   `json:"quantity"`
	SKU          string  `json:"sku"`
	UnitValue    *Money  `json:"unitValue,omitzero"`
	WeightGrams  int64   `json:"weightGrams,omitzero"`
}

type canonicalWindow struct {
	End   time.Time `json:"end"`
	Start time.Time `json:"start"`
}

type canonicalConstraints struct {
	AllowServiceLevelFallback *bool    `json:"allowServiceLevelFallback,omitzero"`
	AllowSplit                *bool    `json:"allowSplit,omitzero"`
	ExcludedSites             []string `json:"excludedSites,omitzero"`
}
