package event

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// MaxOrderBytes is the largest message on ORDERS or COURIER that is decoded.
const MaxOrderBytes = 256 << 10

// DecodeOrder decodes a message of ORDERS that was published on subject:
// plain JSON, or a structured CloudEvent of type TypeOrderPlaced. It accepts
// members it does not know. Times of the order are in UTC. How old the order
// may be is judged by StaleOrder.
func DecodeOrder(subject string, data []byte, now time.Time) (*Order, *Refusal) {
	channel, payload, base, refusal := open(subject, KindPlaced, data)
	if refusal != nil {
		return nil, refusal
	}
	o := &Order{Lines: make([]Line, 0, 2)} // most have no more
	if err := json.Unmarshal(payload, o); err != nil {
		return nil, refuse(err, data).under(base)
	}
	refusal = o.check(channel, now)
	if refusal == nil {
		refusal = o.missingZero(payload)
	}
	if refusal != nil {
		return nil, orMissing(payload, refusal).under(base)
	}
	return o, nil
}

// DecodeCancellation is DecodeOrder for a cancellation, the CloudEvents type
// of which is TypeOrderCancelled.
func DecodeCancellation(subject string, data []byte) (*Cancellation, *Refusal) {
	channel, payload, base, refusal := open(subject, KindCancelled, data)
	if refusal != nil {
		return nil, refusal
	}
	c := new(Cancellation)
	if err := json.Unmarshal(payload, c); err != nil {
		return nil, refuse(err, data).under(base)
	}
	if refusal := c.check(channel); refusal != nil {
		return nil, orMissing(payload, refusal).under(base)
	}
	return c, nil
}

// open finds the payload of a message of kind and the channel it came on.
// Base is the pointer from the message to the payload.
func open(subject string, kind Kind, data []byte) (channel string, payload []byte, base string, _ *Refusal) {
	if refusal := checkSize(data); refusal != nil {
		return "", nil, "", refusal
	}
	channel, got, err := ParseOrderSubject(subject)
	if err != nil {
		return "", nil, "", &Refusal{CodeBadSubject, "", err.Error()}
	}
	if got != kind {
		return "", nil, "", &Refusal{CodeBadSubject, "", fmt.Sprintf("want a subject that ends in %s, got %s", kind, subject)}
	}
	typ := TypeOrderPlaced
	if kind == KindCancelled {
		typ = TypeOrderCancelled
	}
	payload, base, refusal := unwrap(data, typ)
	return channel, payload, base, refusal
}

func checkSize(data []byte) *Refusal {
	if len(data) > MaxOrderBytes {
		return &Refusal{CodeTooLarge, "", fmt.Sprintf("%d bytes, at most %d are decoded", len(data), MaxOrderBytes)}
	}
	return nil
}
