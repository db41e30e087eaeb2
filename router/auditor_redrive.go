package router

import (
	"context"
	"fmt"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event"
)

// redriveChunk is how many messages are handed to the router at once.
const redriveChunk = BatchOrders

// RedriveFindings is what the look at ORDERS found.
type RedriveFindings struct {
	Checked int // messages that were answered since the last pass
	Driven  int // of them, without a decision
}

// Redrive hands the router every order and cancellation that was answered on
// ORDERS and has no decision: somebody acked it by hand, or the journal was
// put back. What is not answered yet comes back by itself. The router takes it
// as a redelivery, so that it asks the leader first (R1, R2).
func (a *Auditor) Redrive(ctx context.Context) (found RedriveFindings, err error) {
	answered, err := a.opts.Backlog.Answered(ctx)
	if err != nil {
		return found, fmt.Errorf("look for orders without a decision: %w", err)
	}
	if answered <= a.checked {
		return found, nil
	}
	done := answered // unless one is driven: the next pass looks after it
	var chunk []event.Delivery
	var keys []event.Key
	flush := func() error {
		driven, err := a.drive(ctx, chunk, keys)
		if err != nil {
			return err
		}
		if len(driven) > 0 {
			done = min(done, driven[0].Sequence-1)
		}
		found.Checked, found.Driven = found.Checked+len(chunk), found.Driven+len(driven)
		chunk, keys = nil, nil
		return nil
	}
	err = a.opts.Backlog.Read(ctx, a.checked+1, answered, func(in event.Delivery) error {
		young := a.opts.Hand != nil && in.StoredAt.After(a.RealClock().Add(-2*a.AckWait))
		if in.Sequence > answered || young {
			done = min(done, in.Sequence-1)
			return nil
		}
		key, ok := a.readable(in)
		if !ok {
			return nil
		}
		in.Redelivered, in.Receipt = true, internal{}
		if chunk, keys = append(chunk, in), append(keys, key); len(chunk) < redriveChunk {
			return nil
		}
		pause(ctx, comparePause)
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return found, fmt.Errorf("look for orders without a decision: %w", err)
	}
	a.checked = done
	return found, nil
}

// redriveFirst is two looks at ORDERS: one once the router is ready, and one
// when all that had been answered before is old enough to be judged.
func (a *Auditor) redriveFirst(ctx context.Context) {
	for _, wait := range []time.Duration{0, 2 * a.AckWait} {
		pause(ctx, wait)
		for ready, _ := a.Ready(); !ready && ctx.Err() == nil; ready, _ = a.Ready() {
			pause(ctx, retryDelay)
		}
		found, err := a.Redrive(ctx)
		if err != nil {
			a.failed(ctx, err)
			continue
		}
		a.Log.Info("looked for orders without a decision", zap.Int("checked", found.Checked), zap.Int("driven", found.Driven))
	}
}

// readable is the order that a message is about; false if it was refused for
// what its bytes or its age show. One that was placed in the future when it
// came is not let in by the time that has passed since.
func (a *Auditor) readable(in event.Delivery) (event.Key, bool) {
	b, w := a.batch(), &work{in: in}
	b.now = b.now.Add(in.StoredAt.Sub(a.RealClock()))
	if refusal := b.decode(w); refusal != nil || w.order != nil && event.StaleOrder(w.order, a.Clock(), a.Retention) != nil {
		return event.Key{}, false
	}
	return w.key, true
}

// drive hands out those of the deliveries that have no decision, or only finds
// them if there is nobody to hand them to.
func (a *Auditor) drive(ctx context.Context, in []event.Delivery, keys []event.Key) (driven []event.Delivery, err error) {
	if len(in) == 0 {
		return nil, nil
	}
	records, err := a.Journal.LastMany(ctx, keys)
	if err != nil {
		return nil, err
	}
	for i, rec := range records {
		if undecided(in[i], rec.Decision) {
			driven = append(driven, in[i])
		}
	}
	if len(driven) == 0 || a.opts.Hand == nil {
		return driven, nil
	}
	a.metrics.redriven.Add(float64(len(driven)))
	return driven, a.opts.Hand(ctx, driven)
}

// undecided reports whether a message had no effect on its order.
func undecided(in event.Delivery, last *event.Decision) bool {
	if _, kind, _ := event.ParseOrderSubject(in.Subject); kind == event.KindCancelled {
		return last == nil || last.Outcome != event.Cancelled && last.Outcome != event.Completed
	}
	return last == nil || last.Outcome == event.Void
}
