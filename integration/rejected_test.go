package integration

import (
	"context"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go/jetstream"

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
	var s jetstream.Stream
	w.soon(ctx, "open rejected", func(ctx context.Context) (err error) {
		s, err = w.js.Stream(ctx, event.StreamRejected)
		return err
	})
	found := map[place]rejection{}
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		var msg *jetstream.RawStreamMsg
		w.soon(ctx, fmt.Sprintf("read rejected %d", seq), func(ctx context.Context) (err error) {
			msg, err = s.GetMsg(ctx, seq)
			return err
		})
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

// soon asks a server until it answers: one whose leader has just stopped does
// not answer what that was asked.
func (w *world) soon(ctx context.Context, what string, ask func(context.Context) error) {
	w.Helper()
	w.eventually(what, func() error {
		ctx, cancel := context.WithTimeout(ctx, onceAsked)
		defer cancel()
		return ask(ctx)
	})
}
