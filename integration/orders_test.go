package integration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

const channel = "webshop"

// change is what makes one order differ from the plainest.
type change func(*event.Order)

// order is a parcel of one mug to the middle of Helsinki, placed just now.
func order(id string, changes ...change) *event.Order {
	o := &event.Order{
		OrderID: id, Channel: channel, PlacedAt: now,
		ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.1842, Longitude: 24.9497},
			StreetAddress: "Castréninkatu 1", AddressLocality: "Helsinki", PostalCode: "00530", AddressCountry: "FI"},
		Recipient: &event.Recipient{Name: "Aino"},
		Lines:     []event.Line{{LineID: "1", SKU: "mug-blue", Quantity: 1, WeightGrams: 1000, DimensionsMm: []int64{100, 80, 90}}},
	}
	for _, c := range changes {
		c(o)
	}
	return o
}

// orders are n of them, told apart by a number.
func orders(n int, prefix string, changes ...change) []*event.Order {
	list := make([]*event.Order, n)
	for i := range list {
		list[i] = order(fmt.Sprintf("%s-%03d", prefix, i), changes...)
	}
	return list
}

func level(id string) change        { return func(o *event.Order) { o.ServiceLevel = id } }
func sku(id string) change          { return func(o *event.Order) { o.Lines[0].SKU = id } }
func quantity(n int64) change       { return func(o *event.Order) { o.Lines[0].Quantity = n } }
func grams(n int64) change          { return func(o *event.Order) { o.Lines[0].WeightGrams = n } }
func sides(mm ...int64) change      { return func(o *event.Order) { o.Lines[0].DimensionsMm = mm } }
func methods(list ...string) change { return func(o *event.Order) { o.DeliveryMethods = list } }
func excluding(sites ...string) change {
	return func(o *event.Order) { o.Constraints.ExcludedSites = sites }
}

func noFallback(o *event.Order) {
	no := false
	o.Constraints.AllowServiceLevelFallback = &no
}

// abroad is an address in a country that no gazetteer knows.
func abroad(country, postcode string) change {
	return func(o *event.Order) { o.ShipTo = event.Address{PostalCode: postcode, AddressCountry: country} }
}

func encode(o *event.Order) []byte {
	data, err := json.Marshal(o)
	if err != nil {
		panic(err) // an order is made of what JSON can hold
	}
	return data
}

// placed is the message that a platform publishes for an order.
func placed(o *event.Order) stream.Outgoing {
	return stream.Outgoing{Subject: event.PlacedSubject(o.Channel), Data: encode(o)}
}

// again is the same order in other bytes, past the server's deduplication.
func again(o *event.Order, nth int) stream.Outgoing {
	m := placed(o)
	m.Data = reworded(m.Data, nth)
	return m
}

// reworded is the same JSON object with a member that means nothing.
func reworded(data []byte, nth int) []byte {
	return append(fmt.Appendf(nil, `{"sending":%d,`, nth), data[1:]...)
}

// publish publishes orders one after the other.
func (w *world) publish(list ...*event.Order) {
	w.Helper()
	messages := make([]stream.Outgoing, len(list))
	for i, o := range list {
		messages[i] = placed(o)
	}
	w.send(messages...)
}

// publishBy lets n publishers, each with a connection of its own, share the
// orders.
func (w *world) publishBy(n int, list []*event.Order) {
	w.Helper()
	w.publishing(n, list)()
}

// publishing is publishBy under way; done waits for its end.
func (w *world) publishing(n int, list []*event.Order) (done func()) {
	w.Helper()
	errs := make([]error, n)
	var all sync.WaitGroup
	for p := range n {
		conn := w.connect(fmt.Sprintf("publisher %d", p))
		all.Go(func() {
			defer closeNow(conn)
			var mine []stream.Outgoing
			for i := p; i < len(list); i += n {
				mine = append(mine, placed(list[i]))
			}
			errs[p] = w.sendOn(conn, mine)
		})
	}
	return func() {
		w.Helper()
		all.Wait()
		if err := errors.Join(errs...); err != nil {
			w.Fatalf("publish: %v", err)
		}
	}
}

// send publishes messages and returns once they are stored.
func (w *world) send(messages ...stream.Outgoing) {
	w.Helper()
	if err := w.sendOn(w.conn, messages); err != nil {
		w.Fatalf("publish: %v", err)
	}
}

func (w *world) sendOn(conn *stream.Conn, messages []stream.Outgoing) error {
	var failed []error
	p := conn.Publisher(func(m stream.Outgoing, out stream.Outcome) {
		if out.Err != nil {
			failed = append(failed, fmt.Errorf("%.80s: %w", m.Data, out.Err))
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		w.last = max(w.last, out.Sequence)
	})
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, m := range messages {
		failed = append(failed, p.Send(ctx, m))
	}
	return errors.Join(append(failed, p.Flush(ctx))...)
}

// drained waits until the durable has an answer to everything published.
func (w *world) drained(durable string) {
	w.Helper()
	w.mu.Lock()
	published := map[string]uint64{event.StreamOrders: w.last, event.StreamCourier: w.reported}
	w.mu.Unlock()
	w.eventually("everything is answered", func() error {
		for stream, last := range published {
			if err := w.answered(stream, durable, last); err != nil {
				return err
			}
		}
		return nil
	})
}

// answered is nil once the durable has an answer to what stream holds through
// last.
func (w *world) answered(stream, durable string, last uint64) error {
	if last == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), onceAsked)
	defer cancel()
	c, err := w.js.Consumer(ctx, stream, durable)
	if err != nil {
		return err
	}
	info := c.CachedInfo()
	if info.AckFloor.Stream < last || info.NumAckPending > 0 {
		return fmt.Errorf("%s answered through %d of %d, %d in hand", stream, info.AckFloor.Stream, last, info.NumAckPending)
	}
	return nil
}
