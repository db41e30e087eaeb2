package router

import (
	"context"
	"errors"
	"fmt"

	"github.com/nearlane/nearlane/event"
)

// commitRounds bounds how often a batch reserves again before it is left for
// redelivery.
const commitRounds = 4

// mostMessages is how many messages an order has: its decision, what is
// withdrawn and what is requested.
const mostMessages = 3

// commit stores the outcomes of the whole batch: all or none. It reports true
// if the batch has to plan and reserve again.
func (b *batch) commit(ctx context.Context, round int) (again bool) {
	for refusals := 0; ; refusals++ {
		works := b.on(routing, closing)
		if len(works) == 0 {
			return false
		}
		messages, at := b.messages(works)
		seqs, err := b.Journal.Commit(ctx, messages)
		switch {
		case err == nil:
			stored := b.RealClock()
			for i, w := range works {
				b.metrics.stored(w, stored)
				w.stage, w.last = decided, event.Record{Sequence: seqs[at[i]], Decision: w.decision}
			}
			return false
		case !errors.Is(err, event.ErrMoved) || round >= commitRounds:
			b.later(fmt.Errorf("commit: %w", err), works...)
			return false
		}
		b.metrics.refusedCommits.Inc()
		if moved := b.review(ctx, works); moved || refusals > 0 {
			return true
		}
		b.write()
	}
}

// review reads the fence and all orders of a refused batch from the leader.
// Orders whose last decision is not their basis go by R2. It reports whether
// what was reserved counts for nothing any more: Redis was rebuilt if the
// fence moved (E5), and a hold belongs to the basis it was granted on. If
// neither, the decided orders were the reason, and the rest can be sent once
// more as it is.
func (b *batch) review(ctx context.Context, works []*work) (moved bool) {
	fence, basis := b.fence, make([]uint64, len(works))
	for i, w := range works {
		basis[i] = w.basis()
	}
	if err := b.stand(ctx); err != nil {
		b.later(err, works...)
		return false
	}
	b.fence = b.Router.fence.Load()
	b.learn(ctx, works)
	moved = b.fence != fence
	for i, w := range works {
		moved = moved || w.stage == routing && w.basis() != basis[i]
	}
	return moved
}

// write writes down what is to be stored of every order. One that cannot be
// written down stays behind alone.
func (b *batch) write() {
	works := b.on(routing, closing)
	errs := make([]error, len(works))
	each(len(works), func(i int) { works[i].messages, errs[i] = b.written(works[i]) })
	for i, w := range works {
		if errs[i] != nil {
			b.later(errs[i], w)
		}
	}
}

// messages puts the works' messages together. at[i] is the index of the
// decision of works[i].
func (b *batch) messages(works []*work) (messages []event.Message, at []int) {
	messages, at = make([]event.Message, 0, 2*len(works)), make([]int, len(works))
	fence := &event.Expect{Subject: event.FenceSubject(b.Name), Sequence: b.fence}
	for i, w := range works {
		at[i] = len(messages)
		messages = append(messages, w.messages...)
		// The first request of a batch carries the fence (E5).
		if last := &messages[len(messages)-1]; w.requests() && fence != nil {
			last.Expect, fence = fence, nil
		}
	}
	return messages, at
}

// written is the decision, stored against its basis (J1), then the dispatch it
// withdraws and the one it requests.
func (b *batch) written(w *work) ([]event.Message, error) {
	switch {
	case w.closing != nil:
		w.decision = w.closing
	case w.decision == nil: // followed anew since; what it schedules is scheduled
		b.conclude(w)
	}
	data, err := event.EncodeDecision(w.decision, b.now)
	if err != nil {
		return nil, err
	}
	subject := event.DecisionSubject(w.key)
	own := make([]event.Message, 1, mostMessages)
	own[0] = event.Message{Subject: subject, Data: data, Trace: w.decision.Trace, Expect: &event.Expect{Subject: subject, Sequence: w.basis()}}
	for _, dispatch := range dispatches(w) {
		if data, err = event.EncodeDispatch(dispatch, b.now); err != nil {
			return nil, err
		}
		own = append(own, event.Message{Subject: event.DispatchSubject(dispatch.CourierID, dispatch.Site.SiteID), Data: data, Trace: dispatch.Trace})
	}
	return own, nil
}

// requests reports whether the work's decision sends out a courier.
func (w *work) requests() bool { return w.closing == nil && w.body != nil }

// dispatches lists what couriers are told of the work's decision: first what
// is taken back, then what is asked for.
func dispatches(w *work) (told []*event.Dispatch) {
	if d := withdrawn(w.last.Decision, w.decision); d != nil {
		told = append(told, d)
	}
	if w.closing == nil && w.body != nil {
		d := requested(w)
		if len(told) > 0 {
			d.Supersedes = told[0].DispatchID
		}
		told = append(told, d)
	}
	return told
}
