package event

import (
	"bytes"
	"fmt"
	"time"
)

// Gist is the part of a decision that says what its order takes and waits for:
// all that following capacity needs of it, for half of the time that decoding
// everything takes.
type Gist struct {
	Outcome    Outcome   `json:"outcome"`
	OrderID    string    `json:"orderId"`
	Channel    string    `json:"channel"`
	Region     string    `json:"region"`
	Frees      *Frees    `json:"frees"`
	DispatchID string    `json:"dispatchId"`
	Claims     []Claim   `json:"claims"`
	Epoch      string    `json:"epoch"`
	DecidedAt  time.Time `json:"decidedAt"`
	WaitsFor   []string  `json:"waitsFor"`
}

// Key is the identity of the decided order.
func (g *Gist) Key() Key { return Key{Channel: g.Channel, Order: g.OrderID} }

// Gist is the gist of a decision that is decoded already.
func (d *Decision) Gist() *Gist {
	return &Gist{Outcome: d.Outcome, OrderID: d.OrderID, Channel: d.Channel, Region: d.Region, Frees: d.Frees,
		DispatchID: d.DispatchID, Claims: d.Claims, Epoch: d.Epoch, DecidedAt: d.DecidedAt, WaitsFor: d.WaitsFor}
}

// DecodeGist decodes the gist of what EncodeDecision wrote, and skips the rest.
func DecodeGist(data []byte) (*Gist, error) {
	g, _, err := decode[Gist](TypeDecision, data)
	if err != nil {
		return nil, fmt.Errorf("decode decision: %w", err)
	}
	return g, nil
}

// EndedBefore reports whether every claim of a decision, as EncodeDecision
// wrote it, ends before t. It reads no more of it than the ends of slots, so
// that what lies in the past costs little, and is false wherever it is not
// sure: within two days of t, and for bytes it did not expect.
func EndedBefore(data []byte, t time.Time) bool {
	// Two days are more than any two zones differ, so local dates compare.
	day := []byte(t.UTC().AddDate(0, 0, -2).Format(time.DateOnly))
	if bytes.Contains(data, escape) {
		return false // a name may be spelt with it
	}
	for {
		i := bytes.Index(data, ends)
		if i < 0 {
			return true
		}
		data = data[i+len(ends):]
		date, ok := bytes.CutPrefix(data, []byte(`:"`))
		if !ok || len(date) < len(day) || date[0] < '1' || date[0] > '9' || date[4] != '-' || bytes.Compare(date[:len(day)], day) >= 0 {
			return false
		}
	}
}

var (
	ends   = []byte(`"ends"`)
	escape = []byte(`\u00`)
)
