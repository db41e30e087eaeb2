package app

import (
	"context"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// orderSource opens the ORDERS durable when it is first needed, and again
// when it was lost: somebody deleted it, or the server came back without it.
// A new durable starts at the oldest order kept, which is harmless.
type orderSource struct {
	conn *stream.Conn
	open *stream.Orders
}

// Pull is router.Orders. One goroutine at a time may call it.
func (s *orderSource) Pull(ctx context.Context, max int, wait time.Duration) ([]event.Delivery, error) {
	if s.open == nil {
		opened, err := s.conn.Orders(ctx, Durable)
		if err != nil {
			return nil, err
		}
		s.open = opened
	}
	in, err := s.open.Pull(ctx, max, wait)
	if err != nil && ctx.Err() == nil {
		_ = s.close(ctx) // what it had fetched comes back after AckWait at the latest
	}
	return in, err
}

// close hands back what was fetched and not pulled.
func (s *orderSource) close(ctx context.Context) error {
	if s.open == nil {
		return nil
	}
	open := s.open
	s.open = nil
	return open.Close(ctx)
}
