package stream

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// Headers of a message on REJECTED.
const (
	HeaderReason   = "Nearlane-Reason"
	HeaderPointer  = "Nearlane-Pointer"
	HeaderDetail   = "Nearlane-Detail"
	HeaderStream   = "Nearlane-Stream" // it came on; without: ORDERS
	HeaderSubject  = "Nearlane-Subject"
	HeaderSequence = "Nearlane-Sequence"
	HeaderSize     = "Nearlane-Size"   // bytes of the whole, where only its beginning is kept
	HeaderSHA256   = "Nearlane-Sha256" // of the whole, likewise
)

// keptOfLarge is how much is kept of a message larger than any order may be.
const keptOfLarge = 64 << 10

// Rejects is the REJECTED stream.
type Rejects struct{ conn *Conn }

// Rejects opens REJECTED, which Ensure has made.
func (c *Conn) Rejects() *Rejects { return &Rejects{c} }

// Reject stores refused messages with their bytes unchanged, and returns once
// all of them are stored. After an error some may be; rejecting them again
// does not double them for an hour.
func (r *Rejects) Reject(ctx context.Context, refused []event.Rejection) error {
	acks := make([]jetstream.PubAckFuture, len(refused))
	for i := range refused {
		ack, err := r.conn.js.PublishMsgAsync(rejection(&refused[i]))
		if err != nil {
			return fmt.Errorf("reject message at %d: %w", refused[i].Sequence, err)
		}
		acks[i] = ack
	}
	for i, ack := range acks {
		if _, err := wait(ctx, ack); err != nil {
			return fmt.Errorf("reject message at %d: %w", refused[i].Sequence, err)
		}
	}
	return nil
}

func rejection(r *event.Rejection) *nats.Msg {
	h := make(nats.Header, 11)
	stream := cmp.Or(r.Stream, event.StreamOrders)
	set := func(name, value string) {
		if value != "" {
			h[name] = []string{headerText(value)}
		}
	}
	set(HeaderReason, r.Reason)
	set(HeaderPointer, r.Pointer)
	set(HeaderDetail, r.Detail)
	set(HeaderStream, stream)
	set(HeaderSubject, r.Subject)
	if r.Sequence > 0 {
		seq := strconv.FormatUint(r.Sequence, 10)
		set(HeaderSequence, seq)
		set(jetstream.MsgIDHeader, rejectionID(stream, seq, r))
	}
	trace(h, r.Trace)
	data := r.Data
	if len(data) > event.MaxOrderBytes {
		sum := sha256.Sum256(data)
		set(HeaderSHA256, hex.EncodeToString(sum[:]))
		set(HeaderSize, strconv.Itoa(len(data)))
		data = data[:keptOfLarge]
	}
	return &nats.Msg{Subject: event.RejectedSubject(r.Channel, r.Reason), Header: h, Data: data}
}

// rejectionID tells a refusal that was stored before a redelivery from any
// other. The bytes are in it because the sequence alone is that of another
// message once its stream was made anew.
func rejectionID(stream, seq string, r *event.Rejection) string {
	return stream + "/" + seq + "/" + event.MsgID(r.Subject, r.Data)
}

// Rejected is a refused message as REJECTED keeps it.
type Rejected struct {
	event.Rejection
	StoredAt time.Time // by JetStream's clock
	Size     int       // of the whole in bytes; Data may be only its beginning
}

// Tail visits refused messages as they come, beginning at sequence from of
// REJECTED, or with the next one if from is 0. It ends with ctx, or once it has
// visited a message at or after through, if that is not 0.
func (r *Rejects) Tail(ctx context.Context, from, through uint64, visit func(seq uint64, r *Rejected) error) error {
	return r.conn.follow(ctx, event.StreamRejected, onwards(event.AllRejected, from), at(through),
		func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
			return visit(meta.Sequence.Stream, rejected(msg.Subject(), msg.Headers(), msg.Data(), meta.Timestamp))
		})
}

// rejected is what rejection wrote.
func rejected(subject string, h nats.Header, data []byte, at time.Time) *Rejected {
	channel, _, _ := event.ParseRejectedSubject(subject)
	out := &Rejected{StoredAt: at, Size: len(data), Rejection: event.Rejection{
		Stream: cmp.Or(h.Get(HeaderStream), event.StreamOrders), Channel: channel, Reason: h.Get(HeaderReason), Pointer: h.Get(HeaderPointer), Detail: h.Get(HeaderDetail),
		Subject: h.Get(HeaderSubject), Trace: traceOf(h), Data: data,
	}}
	out.Sequence, _ = strconv.ParseUint(h.Get(HeaderSequence), 10, 64)
	if whole, err := strconv.Atoi(h.Get(HeaderSize)); err == nil {
		out.Size = whole
	}
	return out
}

// headerText makes a text fit for a header line: control characters become
// spaces, and it is cut where no one reads on.
func headerText(s string) string {
	const most = 1024
	out := []byte(s[:min(len(s), most)])
	for i, c := range out {
		if c < ' ' || c == 0x7f {
			out[i] = ' '
		}
	}
	return string(out)
}
