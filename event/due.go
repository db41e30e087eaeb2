package event

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// Due is the message that brings an order back to the routers: it waits for
// capacity and may have a chance again, or its dispatch should have been
// accepted by now. It is scheduled on RetrySubject and arrives on SubjectDue.
type Due struct {
	Channel    string `json:"channel"`
	OrderID    string `json:"orderId"`
	DispatchID string `json:"dispatchId,omitzero"` // the dispatch that should have been accepted; empty: the order waits
}

// Key is the identity of the order.
func (d *Due) Key() Key { return Key{Channel: d.Channel, Order: d.OrderID} }

// Retry is a Due to be delivered at an instant of real time.
type Retry struct {
	Due Due
	At  time.Time
}

// EncodeDue is what stands on RETRY.
func EncodeDue(d *Due) ([]byte, error) {
	out, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode due order: %w", err)
	}
	return out, nil
}

// DecodeDue decodes what EncodeDue wrote.
func DecodeDue(data []byte) (*Due, *Refusal) {
	d := new(Due)
	if err := json.Unmarshal(data, d); err != nil {
		return nil, refuse(err, data)
	}
	for _, id := range []struct{ value, pointer string }{{d.Channel, "/channel"}, {d.OrderID, "/orderId"}} {
		if err := CheckID(id.value); err != nil {
			return nil, &Refusal{CodeBadID, id.pointer, err.Error()}
		}
	}
	return d, nil
}
