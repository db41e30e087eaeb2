// Package stream carries events over NATS JetStream. It is the only package
// that knows NATS.
//
// Four streams stand behind it. ORDERS is what platforms publish; losing it
// loses the orders that are not decided yet. DISPATCH is the journal, the
// truth about every order and all capacity: its decisions are stored with
// compare-and-set, many in one atomic batch, and every read that decides
// anything goes to the stream's leader. COURIER is what couriers report; losing
// it loses the reports that nobody has worked on yet. REJECTED keeps what was
// refused of ORDERS and COURIER.
//
// The invariant kept here: a commit is reported as refused (event.ErrMoved,
// event.ErrFull) only if the server said that nothing of it was stored.
// Everything else is event.ErrUnknown.
package stream
