// Package event is the wire contract: what platforms send, what they and the
// couriers receive, and on which subjects.
//
// Everything that comes from outside passes DecodeOrder, DecodeCancellation or
// DecodeReport, which give either a value that the rest of the program need not check again
// (ids that fit a subject, numbers whose sums stay in int64, times in UTC) or a
// Refusal with a code and a JSON pointer. A refusal is what the bytes alone
// show; what needs the config to be known is a decision. A report is also
// refused for what the journal does not know of.
//
// Everything that goes out is a structured CloudEvent with the same bytes for
// the same value. A Decision holds no personal data; the address and the
// recipient travel only in the requested Dispatch to the chosen courier.
//
// Within version 1 there are only additions. The files under testdata and the
// JSON Schemas under schema are the contract: a change that alters one of them
// changes it for every reader.
//
// The package does no I/O and reads no clock.
package event
