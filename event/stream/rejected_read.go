package stream

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// ErrPartial means that only the beginning of a refused message is left.
var ErrPartial = errors.New("only its beginning is kept")

// Kept is a refused message where it stands on REJECTED.
type Kept struct {
	Rejected
	Place  uint64 // its sequence on REJECTED; Sequence is that on the stream it came from
	Header map[string][]string
}

// Partial reports whether REJECTED has only the beginning of the message.
func (k *Kept) Partial() bool { return nats.Header(k.Header).Get(HeaderSHA256) != "" }

// List visits the refused messages that are there now, oldest first and
// without their bytes. An empty channel or reason stands for any.
func (r *Rejects) List(ctx context.Context, channel, reason string, visit func(*Kept) error) error {
	filter := event.RejectedOf(channel, reason)
	s, err := r.conn.stream(ctx, event.StreamRejected)
	if err != nil {
		return fmt.Errorf("open stream %s: %w", event.StreamRejected, err)
	}
	// People may delete from REJECTED, so its last sequence may never come.
	last, err := lastOn(ctx, s, filter)
	if err != nil || last == nil {
		return err
	}
	cfg := onwards(filter, 1)
	cfg.HeadersOnly = true
	return r.conn.follow(ctx, event.StreamRejected, cfg, at(last.Sequence),
		func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
			k := kept(meta.Sequence.Stream, rejected(msg.Subject(), msg.Headers(), nil, meta.Timestamp), msg.Headers())
			if size, err := strconv.Atoi(msg.Headers().Get(nats.MsgSize)); err == nil && !k.Partial() {
				k.Size = size
			}
			return visit(k)
		})
}

// At reads the refused message at place, nil if REJECTED holds none there.
func (r *Rejects) At(ctx context.Context, place uint64) (*Kept, error) {
	s, err := r.conn.stream(ctx, event.StreamRejected)
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", event.StreamRejected, err)
	}
	msg, err := messageAt(ctx, s, place)
	if err != nil || msg == nil {
		return nil, err
	}
	return kept(place, rejected(msg.Subject, msg.Header, msg.Data, msg.Time), msg.Header), nil
}

func kept(place uint64, r *Rejected, h nats.Header) *Kept {
	return &Kept{Rejected: *r, Place: place, Header: h}
}

// Whole gives all bytes of what At has read: of a large message, those that
// still stand on the stream it came from. The error is ErrPartial if they do
// not stand there any more.
func (r *Rejects) Whole(ctx context.Context, k *Kept) ([]byte, error) {
	if !k.Partial() {
		return k.Data, nil
	}
	s, err := r.conn.leaderRead(ctx, k.Stream)
	if errors.Is(err, jetstream.ErrStreamNotFound) || k.Sequence == 0 {
		return nil, partial(k)
	}
	if err != nil {
		return nil, err
	}
	msg, err := messageAt(ctx, s, k.Sequence)
	if err != nil {
		return nil, err
	}
	if msg == nil || !sameSum(msg.Data, nats.Header(k.Header).Get(HeaderSHA256)) {
		return nil, partial(k)
	}
	return msg.Data, nil
}

func partial(k *Kept) error {
	return fmt.Errorf("%w, %d of %d bytes, and %s does not have the whole at %d any more",
		ErrPartial, len(k.Data), k.Size, k.Stream, k.Sequence)
}

func sameSum(data []byte, sum string) bool {
	got := sha256.Sum256(data)
	return hex.EncodeToString(got[:]) == sum
}
