package router

import (
	"time"

	"github.com/nearlane/nearlane/event"
)

// stage is where an order of a batch stands.
type stage uint8

const (
	routing stage = iota // to be planned, reserved and committed
	decided              // its last decision is stored and known: settle, then ack
	refused              // to be rejected and terminated
	later                // left for a redelivery
)

// work is one order of a batch.
type work struct {
	in     event.Delivery
	stage  stage
	order  *event.Order
	key    event.Key
	digest string

	asked   bool         // the leader was asked for the last decision
	last    event.Record // what it answered; a zero Record: none
	touched []string     // regions where this router may hold something for the order

	plan   *Plan
	offer  []*Option // of the call in flight, best first
	region string    // of the call in flight
	body   *event.Body
	epoch  string

	decision *event.Decision // of this batch, when it is this router's
	refusal  *event.Refusal
}

// basis is the sequence every decision on the order is stored against (J1).
func (w *work) basis() uint64 { return w.last.Sequence }

// touch notes that a hold may exist in region.
func (w *work) touch(region string) {
	for _, t := range w.touched {
		if t == region {
			return
		}
	}
	w.touched = append(w.touched, region)
}

// refuse ends the order's way with a rejection.
func (w *work) refuse(r *event.Refusal) {
	w.stage, w.refusal = refused, r
}

// open decodes the deliveries. What the bytes alone show to be wrong is
// refused; an order that is in the batch already waits for the next (J1).
func (b *batch) open(in []event.Delivery) {
	b.works = make([]*work, 0, len(in))
	seen := make(map[event.Key]bool, len(in))
	for _, d := range in {
		w := &work{in: d}
		order, refusal := decode(d, b.now)
		switch {
		case refusal != nil:
			w.refuse(refusal)
		case seen[order.Key()]:
			d.Redelivered = true // so that the next batch asks the leader
			b.repeats = append(b.repeats, d)
			continue
		default:
			w.order, w.key = order, order.Key()
			w.digest = event.Digest(order, b.DigestKey)
			seen[w.key] = true
		}
		b.works = append(b.works, w)
	}
}

func decode(d event.Delivery, now time.Time) (*event.Order, *event.Refusal) {
	if _, kind, err := event.ParseOrderSubject(d.Subject); err == nil && kind == event.KindCancelled {
		if _, refusal := event.DecodeCancellation(d.Subject, d.Data); refusal != nil {
			return nil, refusal
		}
		return nil, &event.Refusal{Code: event.CodeCancellationUnsupported, Detail: "cancellations are not routed yet; the message is kept"}
	}
	return event.DecodeOrder(d.Subject, d.Data, now)
}
