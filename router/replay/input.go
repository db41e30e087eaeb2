package replay

import (
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
)

// Input is one recorded message: an order or a cancellation, the other nil.
type Input struct {
	Order        *event.Order
	Cancellation *event.Cancellation
}

// At is when the shopper did it, which is when the router gets to see it.
func (in *Input) At() time.Time {
	if in.Order != nil {
		return in.Order.PlacedAt
	}
	return in.Cancellation.CancelledAt
}

// Within reports whether the message is of the span [since, until). A zero
// time does not bound it.
func (in *Input) Within(since, until time.Time) bool {
	at := in.At()
	return !at.Before(since) && (until.IsZero() || at.Before(until))
}

// Sort puts inputs into the order in which they happened; what happened at the
// same instant stays in the order in which it was recorded.
func Sort(inputs []Input) {
	slices.SortStableFunc(inputs, func(a, b Input) int { return a.At().Compare(b.At()) })
}
