package router

import "github.com/nearlane/nearlane/event"

// open decodes the deliveries. What the bytes alone show to be wrong is
// refused; a message about an order that is in the batch already waits for the
// next (J1).
func (b *batch) open(in []event.Delivery) {
	b.works = make([]*work, 0, len(in))
	b.keys = make(map[event.Key]bool, len(in))
	works, refusals := make([]work, len(in)), make([]*event.Refusal, len(in))
	eachAside(len(in), func(i int) {
		works[i].in, works[i].trace = in[i], traceOf(in[i])
		refusals[i] = b.decode(&works[i])
	})
	for i, d := range in {
		w := &works[i]
		switch {
		case refusals[i] != nil:
			w.refuse(refusals[i])
		case b.keys[w.key]:
			d.Redelivered = true // so that the next batch asks the leader
			b.repeats = append(b.repeats, d)
			continue
		default:
			b.keys[w.key] = true
		}
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
		w.key, w.digest = w.order.Key(), b.digests.Digest(w.order)
	}
	return refusal
}

// traceOf is the trace context that a delivery came with: its headers win over
// what the event itself says.
func traceOf(d event.Delivery) event.Trace {
	if d.Trace.Parent != "" {
		return d.Trace
	}
	return event.TraceOf(d.Data)
}
