package router

import (
	"context"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Inbox hands out the messages of ORDERS and COURIER. Every router of a
// deployment reads the same durables, so each message reaches one of them at a
// time.
type Inbox interface {
	// Pull blocks until there is a message or ctx is done, and returns all that
	// has arrived, up to BatchOrders messages. It does not wait for more: when
	// idle, an order goes at once, and when busy, the next batch grows while
	// one is worked on.
	Pull(ctx context.Context) ([]event.Delivery, error)
}

// Journal is the stream of decisions, as its leader sees it.
type Journal interface {
	// LastMany reads the last decision of each order; a zero Record: none.
	LastMany(ctx context.Context, keys []event.Key) ([]event.Record, error)
	// Commit stores all messages or none and returns their sequences. It fails
	// with event.ErrMoved, ErrFull or ErrUnknown.
	Commit(ctx context.Context, batch []event.Message) ([]uint64, error)
	// Sequence is the sequence of the last message on a literal subject, or 0.
	Sequence(ctx context.Context, subject string) (uint64, error)
}

// Ledger is the capacity in Redis. Both calls are safe to make twice, late,
// and by several routers at once.
type Ledger interface {
	Reserve(ctx context.Context, asks []lanes.Ask) []lanes.Answer
	Settle(ctx context.Context, settlements []lanes.Settlement) []error
}

// Rejects keeps what was refused, bytes unchanged. It returns once all of it
// is stored.
type Rejects interface {
	Reject(ctx context.Context, refused []event.Rejection) error
}
