package stream

import (
	"context"
	"fmt"
	"time"

	"github.com/nearlane/nearlane/event"
)

// StoredAt is when ORDERS stored its message at seq, by JetStream's clock. It
// is zero if ORDERS holds none there.
func (c *Conn) StoredAt(ctx context.Context, seq uint64) (time.Time, error) {
	s, err := c.stream(ctx, event.StreamOrders)
	if err != nil {
		return time.Time{}, fmt.Errorf("open stream %s: %w", event.StreamOrders, err)
	}
	msg, err := messageAt(ctx, s, seq)
	if err != nil || msg == nil {
		return time.Time{}, err
	}
	return msg.Time, nil
}
