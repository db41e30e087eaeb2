package router

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/event"
)

// answer tells the server what became of each delivery. What is refused is
// stored on REJECTED before its message is terminated.
func (b *batch) answer(ctx context.Context) {
	b.reject(ctx)
	for _, w := range b.works {
		var err error
		switch {
		case w.stage == later:
			err = w.in.Receipt.Retry(retryDelay)
		case w.refusal != nil:
			err = w.in.Receipt.Terminate(w.refusal.Code)
		case w.stage == decided && w.onward:
			err = w.in.Receipt.Retry(0)
		case w.stage == decided:
			err = w.in.Receipt.Ack()
		}
		if err != nil && b.fault == nil { // AckWait brings it back; it is harmless then
			b.fault = fmt.Errorf("answer delivery %d: %w", w.in.Sequence, err)
		}
	}
}

func (b *batch) reject(ctx context.Context) {
	var works []*work
	var rejections []event.Rejection
	for _, w := range b.works {
		if w.refusal == nil || w.stage == later {
			continue
		}
		works = append(works, w)
		rejections = append(rejections, event.Reject(&w.in, w.refusal))
	}
	if len(works) == 0 {
		return
	}
	if err := b.Rejects.Reject(ctx, rejections); err != nil {
		b.later(fmt.Errorf("store rejections: %w", err), works...)
		return
	}
	for _, w := range works {
		b.metrics.refused.WithLabelValues(w.refusal.Code).Inc()
	}
}
