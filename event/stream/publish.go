package stream

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

const (
	// window is how many publishes may be unacknowledged at once.
	window = 256
	// patience is how long a message is offered again while the server cannot
	// be reached.
	patience    = 30 * time.Second
	retryPause  = 250 * time.Millisecond
	headersRoom = 512 // bytes of a message for the headers a publish adds
)

// Outgoing is a message for ORDERS, or for COURIER if its subject is there.
type Outgoing struct {
	Subject  string
	Data     []byte
	Trace    event.Trace // none: no headers
	Requeued uint64      // its place on REJECTED, from which it is put back; 0: it is new
}

// Outcome is what became of an Outgoing. Without an error these very bytes
// stand at Sequence, also if others stand there already. Err is an
// *event.Refusal if the message is larger than the server takes,
// event.ErrFull if the stream is full, event.ErrQuota if it is for this channel
// or courier alone.
type Outcome struct {
	Sequence uint64 // its place on the stream
	Err      error
}

// Publisher publishes to ORDERS with many publishes under way, and reports
// every outcome in the order of sending, from within Send and Flush. It is for
// one goroutine.
type Publisher struct {
	conn    *Conn
	report  func(Outgoing, Outcome)
	pending []sent // oldest first
}

type sent struct {
	msg Outgoing
	ack jetstream.PubAckFuture // nil: err says why it was not sent
	err error
}

// Publisher makes a publisher. Flush it at the end.
func (c *Conn) Publisher(report func(Outgoing, Outcome)) *Publisher {
	return &Publisher{conn: c, report: report}
}

// Send publishes m, after waiting for the oldest outcome if too many are
// outstanding. Its error is that of ctx; m's own goes to report.
func (p *Publisher) Send(ctx context.Context, m Outgoing) error {
	if len(p.pending) == window {
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	s := sent{msg: m}
	if most := p.conn.MaxPayload() - headersRoom; len(m.Data) > most {
		s.err = &event.Refusal{
			Code:   event.CodeTooLarge,
			Detail: fmt.Sprintf("%d bytes, the server takes %d", len(m.Data), most),
		}
	} else {
		s.ack, s.err = p.conn.js.PublishMsgAsync(orderMessage(m))
	}
	p.pending = append(p.pending, s)
	return nil
}

// Flush waits for all outcomes.
func (p *Publisher) Flush(ctx context.Context) error {
	for len(p.pending) > 0 {
		if err := p.settle(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settle waits for the oldest outcome and reports it. A message is offered
// again while the server is away: if it was stored before that, the router
// finds a repeat.
func (p *Publisher) settle(ctx context.Context) error {
	s := p.pending[0]
	ack, err := (*jetstream.PubAck)(nil), s.err
	if s.ack != nil {
		ack, err = wait(ctx, s.ack)
	}
	msg := orderMessage(s.msg)
	for until := time.Now().Add(patience); time.Now().Before(until); {
		if known(ack, err) {
			msg.Header.Del(jetstream.MsgIDHeader) // whoever came with that id, this is not stored
		} else if !transient(err) {
			break
		}
		if ack, err = p.conn.js.PublishMsg(ctx, msg); !transient(err) {
			continue
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("publish orders: %w", ctx.Err())
	}
	p.pending = p.pending[1:]
	out := Outcome{Err: meaning(err)}
	if err == nil {
		out.Sequence = ack.Sequence
	}
	p.report(s.msg, out)
	return nil
}

func orderMessage(m Outgoing) *nats.Msg {
	h := nats.Header{jetstream.MsgIDHeader: []string{event.MsgID(m.Subject, m.Data)}}
	if m.Requeued > 0 {
		h[HeaderRequeued] = []string{strconv.FormatUint(m.Requeued, 10)}
	}
	trace(h, m.Trace)
	return &nats.Msg{Subject: m.Subject, Header: h, Data: m.Data}
}

// wait waits for the acknowledgement of an asynchronous publish.
func wait(ctx context.Context, f jetstream.PubAckFuture) (*jetstream.PubAck, error) {
	select {
	case ack := <-f.Ok():
		return ack, nil
	case err := <-f.Err():
		return nil, meaning(err)
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// meaning turns the server's refusal of a publish into event's words.
func meaning(err error) error {
	var refused *jetstream.APIError
	if errors.As(err, &refused) {
		if refused.ErrorCode == codeTooLarge {
			return &event.Refusal{Code: event.CodeTooLarge, Detail: "more bytes than the stream takes of a message, its headers included"}
		}
		return refusal(refused)
	}
	return err
}

// known reports whether the server dropped a message for its id: it knows one
// with the same, or is about to store one.
func known(ack *jetstream.PubAck, err error) bool {
	var refused *jetstream.APIError
	return err == nil && ack.Duplicate || errors.As(err, &refused) && refused.ErrorCode == codeIDInHand
}

// transient reports whether the server was away, so that offering the message
// again may help.
func transient(err error) bool {
	for _, e := range []error{
		nats.ErrDisconnected, nats.ErrReconnectBufExceeded, nats.ErrConnectionReconnecting,
		nats.ErrNoResponders, jetstream.ErrNoStreamResponse, nats.ErrTimeout, jetstream.ErrAsyncPublishTimeout,
		jetstream.ErrTooManyStalledMsgs, context.DeadlineExceeded,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func pause(ctx context.Context) error {
	t := time.NewTimer(retryPause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("publish orders: %w", ctx.Err())
	}
}
