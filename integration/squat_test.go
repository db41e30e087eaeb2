package integration

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// Another shop takes every id in advance that the orders of this one may come
// under: the documented one, and one that the platform made up itself. Each
// order that is acknowledged is decided all the same.
func TestSquattedIDsSwallowNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: roomier})
	w.start("router")
	documented, own := orders(50, "documented"), orders(50, "own")
	for _, o := range documented {
		m := placed(o)
		w.foreign(event.MsgID(m.Subject, m.Data))
	}
	w.publish(documented...)
	ownID := func(o *event.Order) string { return o.Key().String() + "/placed" }
	for _, o := range own {
		w.foreign(ownID(o))
	}
	for _, o := range own {
		w.under(ownID(o), o)
	}
	w.drained(durable)
	w.check().wantOutcomes(t, 100, 0)
}

// An order that was refused, corrected and sent again under its old id is
// another order to everybody.
func TestCorrectedOrderUnderItsOldID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: roomier})
	w.start("router")
	w.under("own", order("order", quantity(-1)))
	w.drained(durable)
	w.under("own", order("order"))
	w.drained(durable)
	a := w.check()
	a.wantOutcomes(t, 1, 0)
	a.wantRefusal(t, onOrders(1), event.CodeOutOfRange)
}

// foreign has another shop publish what nobody wants under an id.
func (w *world) foreign(id string) {
	w.Helper()
	w.bare(event.PlacedSubject("shop-b"), id, []byte("{}"))
}

// under publishes an order under an id of the platform's own, until it is
// stored: for as long as the server remembers the id, it says duplicate.
func (w *world) under(id string, o *event.Order) {
	w.Helper()
	w.eventually(fmt.Sprintf("order %s is stored", o.OrderID), func() error {
		if w.bare(event.PlacedSubject(o.Channel), id, encode(o)).Duplicate {
			return errors.New("the id is known")
		}
		return nil
	})
}

// bare publishes as a platform does that knows nothing of package stream.
func (w *world) bare(subject, id string, data []byte) *jetstream.PubAck {
	w.Helper()
	ack, err := w.js.PublishMsg(context.Background(), &nats.Msg{Subject: subject, Data: data, Header: nats.Header{jetstream.MsgIDHeader: {id}}})
	if err != nil {
		w.Fatalf("publish on %s: %v", subject, err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = max(w.last, ack.Sequence)
	return ack
}
