package integration

import (
	"context"
	"strconv"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// retention is how old an order may be.
const retention = stream.KeepOrders

// rejection is what REJECTED says of one message of ORDERS.
type rejection struct {
	times           int
	reason, pointer string
	subject         string // of the message that was refused
	data            []byte
}

// rejections reads what REJECTED has got since the last time, and returns all
// of it by sequence on ORDERS.
func (w *world) rejections(ctx context.Context) map[uint64]rejection {
	w.Helper()
	s, err := w.js.Stream(ctx, event.StreamRejected)
	if err != nil {
		w.Fatalf("open rejected: %v", err)
	}
	if w.refused == nil {
		w.refused = map[uint64]rejection{}
	}
	for ; w.refusedThrough < s.CachedInfo().State.LastSeq; w.refusedThrough++ {
		seq := w.refusedThrough + 1
		msg, err := s.GetMsg(ctx, seq)
		if err != nil {
			w.Fatalf("read rejected %d: %v", seq, err)
		}
		of, err := strconv.ParseUint(msg.Header.Get(stream.HeaderSequence), 10, 64)
		if err != nil {
			w.Fatalf("rejected %d: sequence header: %v", seq, err)
		}
		w.refused[of] = rejection{
			times: w.refused[of].times + 1, reason: msg.Header.Get(stream.HeaderReason),
			pointer: msg.Header.Get(stream.HeaderPointer), subject: msg.Header.Get(stream.HeaderSubject), data: msg.Data,
		}
	}
	return w.refused
}
