package integration

import (
	"context"
	"strconv"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// retention is how old an order may be.
const retention = stream.KeepOrders

// place is where a message stands: the stream it came on, and its sequence.
type place struct {
	stream string
	seq    uint64
}

func onOrders(seq uint64) place  { return place{event.StreamOrders, seq} }
func onCourier(seq uint64) place { return place{event.StreamCourier, seq} }

// rejection is what REJECTED says of one message of ORDERS or COURIER.
type rejection struct {
	times           int
	reason, pointer string
	subject         string // of the message that was refused
	data            []byte
}

// rejections reads REJECTED, by what was refused.
func (w *world) rejections(ctx context.Context) map[place]rejection {
	w.Helper()
	s, err := w.js.Stream(ctx, event.StreamRejected)
	if err != nil {
		w.Fatalf("open rejected: %v", err)
	}
	found := map[place]rejection{}
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		msg, err := s.GetMsg(ctx, seq)
		if err != nil {
			w.Fatalf("read rejected %d: %v", seq, err)
		}
		at, err := strconv.ParseUint(msg.Header.Get(stream.HeaderSequence), 10, 64)
		if err != nil {
			w.Fatalf("rejected %d: sequence header: %v", seq, err)
		}
		of := place{msg.Header.Get(stream.HeaderStream), at}
		found[of] = rejection{
			times: found[of].times + 1, reason: msg.Header.Get(stream.HeaderReason),
			pointer: msg.Header.Get(stream.HeaderPointer), subject: msg.Header.Get(stream.HeaderSubject), data: msg.Data,
		}
	}
	return found
}
