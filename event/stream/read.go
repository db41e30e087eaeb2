package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	// readAhead is how many messages of a Read are under way, and how many
	// bytes of them.
	readAhead      = 8192
	readAheadBytes = 16 << 20

	// readerIdle is how long the server keeps the consumer of a reader that it
	// hears nothing of. A reader that was only slow makes a new one.
	readerIdle = time.Minute
)

// Visit is called with one message of a stream, in the order of the sequences.
// It may keep data. An error ends the read.
type Visit = func(seq uint64, subject string, data []byte) error

// Read visits the messages of a stream from sequence from on, and returns once
// it has visited one at or after through. With through 0 that is the last one
// now, and what was stored with it in one atomic batch: a stream that grows
// tells of a batch while it stores it. An empty stream is read at once.
func (c *Conn) Read(ctx context.Context, stream string, from, through uint64, visit Visit) error {
	return c.read(ctx, stream, from, through, bare(visit))
}

// ReadWithID is Read for whoever asks under which message id each message came;
// empty: none.
func (c *Conn) ReadWithID(ctx context.Context, stream string, from, through uint64, visit func(seq uint64, subject, id string, data []byte) error) error {
	return c.read(ctx, stream, from, through, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		return visit(meta.Sequence.Stream, msg.Subject(), msg.Headers().Get(jetstream.MsgIDHeader), msg.Data())
	})
}

func (c *Conn) read(ctx context.Context, stream string, from, through uint64, visit visitMsg) error {
	s, err := c.stream(ctx, stream)
	if err != nil {
		return fmt.Errorf("open stream %s: %w", stream, err)
	}
	state := s.CachedInfo().State
	end := at(through)
	if through == 0 {
		through = state.LastSeq
		end = wholeAt(through)
	}
	// Streams forget from their beginning, so an empty one has forgotten all.
	gone := state.Msgs == 0 && through <= state.LastSeq
	if gone || from > through {
		return nil
	}
	return c.follow(ctx, stream, jetstream.OrderedConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:   max(from, 1),
	}, end, visit)
}

// ending is where a reader ends: at or after a sequence, or never if that is 0.
// A whole ending takes the rest of an atomic batch with it.
type ending struct {
	through uint64
	whole   bool
}

func at(through uint64) ending { return ending{through: through} }

func wholeAt(through uint64) ending { return ending{through, true} }

// reached reports whether a message is at the end or behind it, and halfway
// whether more of its batch has to come.
func (e ending) reached(seq uint64, h nats.Header) (reached, halfway bool) {
	reached = e.through > 0 && seq >= e.through
	return reached, reached && e.whole && h.Get(batchID) != "" && h.Get(batchCommit) == ""
}

// Bounds gives the sequences of the first and the last message that a stream
// holds. Without any, first is the one that the next message gets, and last the
// one before.
func (c *Conn) Bounds(ctx context.Context, stream string) (first, last uint64, _ error) {
	s, err := c.stream(ctx, stream)
	if err != nil {
		return 0, 0, fmt.Errorf("open stream %s: %w", stream, err)
	}
	state := s.CachedInfo().State
	if state.Msgs == 0 {
		return state.LastSeq + 1, state.LastSeq, nil
	}
	return state.FirstSeq, state.LastSeq, nil
}

// Tail visits the messages on filter as they come, until ctx ends; its error
// is that of ctx then. It begins at sequence from, or with the next message if
// from is 0.
func (c *Conn) Tail(ctx context.Context, stream, filter string, from uint64, visit Visit) error {
	return c.follow(ctx, stream, onwards(filter, from), at(0), bare(visit))
}

// onwards consumes what is on filter from sequence from on; 0: what is new.
func onwards(filter string, from uint64) jetstream.OrderedConsumerConfig {
	cfg := jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{filter},
		DeliverPolicy:  jetstream.DeliverNewPolicy,
	}
	if from > 0 {
		cfg.DeliverPolicy = jetstream.DeliverByStartSequencePolicy
		cfg.OptStartSeq = from
	}
	return cfg
}

// bare visits without headers and times.
func bare(visit Visit) visitMsg {
	return func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		return visit(meta.Sequence.Stream, msg.Subject(), msg.Data())
	}
}

type visitMsg = func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error

// follow visits until the end. The consumer begins anew by itself where a
// connection or a server was lost, without gap or repeat.
func (c *Conn) follow(ctx context.Context, stream string, cfg jetstream.OrderedConsumerConfig, end ending, visit visitMsg) error {
	cfg.InactiveThreshold = readerIdle
	cons, err := ask(ctx, askWithin, func(ctx context.Context) (jetstream.Consumer, error) {
		return c.js.OrderedConsumer(ctx, stream, cfg)
	})
	if err != nil {
		return fmt.Errorf("read stream %s: %w", stream, err)
	}
	defer c.forget(stream, cons)
	iter, err := cons.Messages(jetstream.PullMaxMessagesWithBytesLimit(readAhead, max(readAheadBytes, 2*c.MaxPayload())),
		jetstream.PullHeartbeat(heartbeat))
	if err != nil {
		return fmt.Errorf("read stream %s: %w", stream, err)
	}
	defer iter.Stop()
	seen := cfg.OptStartSeq - 1
	for waiting := ctx; ; {
		msg, err := c.next(ctx, waiting, stream, iter, seen, end)
		if errors.Is(err, errNoMore) || waiting.Err() != nil && ctx.Err() == nil {
			return nil // half of a batch is all that there is
		}
		if err != nil {
			return fmt.Errorf("read stream %s: %w", stream, err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return fmt.Errorf("read stream %s: %w", stream, err)
		}
		if err := visit(msg, meta); err != nil {
			return err
		}
		seen = meta.Sequence.Stream
		reached, halfway := end.reached(meta.Sequence.Stream, msg.Headers())
		if reached && !halfway {
			return nil
		}
		if reached && waiting == ctx {
			var cancel context.CancelFunc
			waiting, cancel = context.WithTimeout(ctx, apiTimeout)
			defer cancel()
		}
	}
}

// forget deletes the consumer of a reader, which stopping leaves on the server:
// a stream has room for a thousand. One whose connection is gone goes by itself,
// after readerIdle.
func (c *Conn) forget(stream string, cons jetstream.Consumer) {
	ctx, cancel := context.WithTimeout(context.Background(), apiTimeout)
	defer cancel()
	if info := cons.CachedInfo(); info != nil && c.nc.IsConnected() {
		_ = c.js.DeleteConsumer(ctx, stream, info.Name)
	}
}
