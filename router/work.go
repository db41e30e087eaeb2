package router

import (
	"github.com/nearlane/nearlane/event"
)

// stage is where an order of a batch stands.
type stage uint8

const (
	routing stage = iota // to be planned, reserved and committed
	closing              // to be committed: its decision needs no plan
	decided              // its last decision is stored and known: settle, then ack
	refused              // to be rejected and terminated
	later                // left for a redelivery
)

// work is one order of a batch: what a message asks for it, and what came of
// that.
type work struct {
	in    event.Delivery
	stage stage
	key   event.Key

	order        *event.Order // of a cancellation or report: only once it is to be planned
	digest       string       // of the order
	cancellation *event.Cancellation
	report       *event.Report
	due          *event.Due
	heal         string // the dispatch that is one too many (A4)

	attempt  int          // of the plan
	retry    *event.Retry // to be scheduled before anything is stored
	excluded []string     // lanes that did not serve it, as "site/lane"
	because  []string     // why it is planned again
	closing  *event.Decision
	onward   bool // the message is not worked off by this decision

	last    event.Record // the order's last decision, as far as it was read; a zero Record: none
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
// refused; a message about an order that is in the batch already waits for the
// next (J1).
func (b *batch) open(in []event.Delivery) {
	b.works = make([]*work, 0, len(in))
	seen := make(map[event.Key]bool, len(in))
	for _, d := range in {
		w := &work{in: d}
		if refusal := b.decode(w); refusal != nil {
			w.refuse(refusal)
		} else if seen[w.key] {
			d.Redelivered = true // so that the next batch asks the leader
			b.repeats = append(b.repeats, d)
			continue
		}
		seen[w.key] = true
		b.works = append(b.works, w)
	}
}

// decode reads what the message asks for.
func (b *batch) decode(w *work) (refusal *event.Refusal) {
	subject, data := w.in.Subject, w.in.Data
	switch w.in.Stream {
	case streamHeal:
		w.key, _ = event.ParseDecisionSubject(subject) // the auditor wrote it
		w.heal = string(data)
		return nil
	case event.StreamRetry:
		if w.due, refusal = event.DecodeDue(data); refusal == nil {
			w.key = w.due.Key()
		}
		return refusal
	case event.StreamCourier:
		if w.report, refusal = event.DecodeReport(subject, data, b.now); refusal == nil {
			w.key = w.report.Key()
		}
		return refusal
	}
	if _, kind, err := event.ParseOrderSubject(subject); err == nil && kind == event.KindCancelled {
		if w.cancellation, refusal = event.DecodeCancellation(subject, data); refusal == nil {
			w.key = w.cancellation.Key()
		}
		return refusal
	}
	if w.order, refusal = event.DecodeOrder(subject, data, b.now); refusal == nil {
		w.key, w.digest = w.order.Key(), event.Digest(w.order, b.DigestKey)
	}
	return refusal
}
