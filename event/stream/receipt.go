package stream

import (
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// delivery is a message as the routers know it.
func (i *Inbox) delivery(msg jetstream.Msg) (event.Delivery, error) {
	meta, err := msg.Metadata()
	if err != nil {
		return event.Delivery{}, fmt.Errorf("read the metadata of %s: %w", msg.Subject(), err)
	}
	return event.Delivery{
		Stream:      i.stream,
		Subject:     msg.Subject(),
		Data:        msg.Data(),
		Sequence:    meta.Sequence.Stream,
		StoredAt:    meta.Timestamp,
		Redelivered: meta.NumDelivered > 1,
		Trace:       traceOf(msg.Headers()),
		Receipt:     receipt{msg},
	}, nil
}

// receipt answers for one message. An answer is published and not waited for:
// losing one costs a redelivery.
type receipt struct{ msg jetstream.Msg }

func (r receipt) Ack() error { return answered(r.msg.Ack()) }

func (r receipt) Terminate(reason string) error {
	return answered(r.msg.TermWithReason(headerText(reason)))
}

func (r receipt) Retry(delay time.Duration) error {
	if delay <= 0 {
		return answered(r.msg.Nak())
	}
	return answered(r.msg.NakWithDelay(delay))
}

// answered makes a second answer to the same delivery harmless.
func answered(err error) error {
	if err == nil || errors.Is(err, jetstream.ErrMsgAlreadyAckd) {
		return nil
	}
	if errors.Is(err, nats.ErrConnectionClosed) {
		return fmt.Errorf("answer for a delivery: %w", ErrUnreachable)
	}
	return fmt.Errorf("answer for a delivery: %w", err)
}
