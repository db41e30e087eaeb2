package event

import (
	"errors"
	"time"
)

// Delivery is one message of ORDERS or COURIER as it was handed to this router.
type Delivery struct {
	Stream      string // StreamOrders or StreamCourier; empty: StreamOrders
	Subject     string
	Data        []byte
	Sequence    uint64    // its place on Stream
	StoredAt    time.Time // JetStream's timestamp, real time
	Redelivered bool
	Trace       Trace // of its headers
	Receipt     Receipt
}

// Receipt answers the server for one delivery. Answers are buffered; losing
// one costs a redelivery, never an order.
type Receipt interface {
	// Ack says that the work for the message is stored.
	Ack() error
	// Retry asks for a redelivery after delay, to any router.
	Retry(delay time.Duration) error
	// Terminate says that the message will never be worked on, and why.
	Terminate(reason string) error
}

// Message is one message of an atomic batch on the journal.
type Message struct {
	Subject string
	Data    []byte
	Expect  *Expect // nil: no compare-and-set
	Trace   Trace   // for its headers
}

// Expect is a compare-and-set: the message is stored only if Sequence is the
// stream sequence of the last message on Subject (0: there is none). Subject
// is literal, never a wildcard.
type Expect struct {
	Subject  string
	Sequence uint64
}

// Record is a stored decision.
type Record struct {
	Sequence uint64
	Decision *Decision
}

// Rejection is a message that was refused, with its bytes unchanged.
type Rejection struct {
	Stream   string // it came on: StreamOrders or StreamCourier; empty: StreamOrders
	Channel  string // of the subject it came on, or that a report names; empty: none that can be read
	Reason   string // a reason code
	Pointer  string // JSON pointer to what is wrong, where there is one
	Detail   string // for a person
	Subject  string
	Sequence uint64 // its place on Stream
	Trace    Trace  // of its headers
	Data     []byte
}

// How a commit on the journal can fail. An error that is none of these is
// not known to have stored or not stored anything, and counts as ErrUnknown.
var (
	// ErrMoved: nothing was stored, because a compare-and-set failed.
	ErrMoved = errors.New("journal: compare-and-set refused")
	// ErrUnknown: the batch may be stored or may yet be stored.
	ErrUnknown = errors.New("journal: outcome unknown")
	// ErrFull: nothing was stored, because the stream is full.
	ErrFull = errors.New("journal: stream full")
	// ErrQuota is an ErrFull that concerns one channel or courier only: the
	// stream keeps as many of its messages as it may.
	ErrQuota error = quotaError{}
	// ErrDamaged: nothing was stored or read, because the journal lacks
	// messages that it had.
	ErrDamaged = errors.New("journal: messages are missing")
)

type quotaError struct{}

func (quotaError) Error() string { return "the quota is used up" }

// Is makes it an ErrFull.
func (quotaError) Is(target error) bool { return target == ErrFull }
