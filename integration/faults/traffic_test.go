package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

const (
	channel    = "webshop"
	publishers = 4
	perRound   = 480 // orders
	pace       = 40 * time.Millisecond
)

// known is what publishers were told: what is acknowledged must not be lost.
type known struct {
	now func() time.Time

	mu        sync.Mutex
	orders    map[event.Key]time.Time // when it was acknowledged first, on the routers' clock
	cancelled map[event.Key]bool
	reports   []event.Report
	unknown   int // publishes without an answer
}

func newKnown(now func() time.Time) *known {
	return &known{now: now, orders: map[event.Key]time.Time{}, cancelled: map[event.Key]bool{}}
}

// placed notes that an order was acknowledged.
func (k *known) placed(key event.Key) {
	if k.orders[key].IsZero() {
		k.orders[key] = k.now()
	}
}

func key(order string) event.Key { return event.Key{Channel: channel, Order: order} }

// order is a parcel of one mug to the middle of Helsinki.
func order(id, level string) stream.Outgoing {
	o := &event.Order{
		OrderID: id, Channel: channel, PlacedAt: morning, ServiceLevel: level,
		ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.1842, Longitude: 24.9497},
			StreetAddress: "Castréninkatu 1", AddressLocality: "Helsinki", PostalCode: "00530", AddressCountry: "FI"},
		Recipient: &event.Recipient{Name: "Aino"},
		Lines:     []event.Line{{LineID: "1", SKU: "mug-blue", Quantity: 1, WeightGrams: 1000, DimensionsMm: []int64{100, 80, 90}}},
	}
	if level == "locker" {
		o.DeliveryMethods = []string{event.MethodLocker}
	}
	return outgoing(event.PlacedSubject(channel), o)
}

func cancellation(id string) stream.Outgoing {
	c := &event.Cancellation{OrderID: id, Channel: channel, CancelledAt: morning, Reason: "customer_changed_mind"}
	return outgoing(event.CancelledSubject(channel), c)
}

func outgoing(subject string, v any) stream.Outgoing {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // it is made of what JSON can hold
	}
	return stream.Outgoing{Subject: subject, Data: data}
}

// sending is one message of the traffic, and what its acknowledgement means.
type sending struct {
	stream.Outgoing
	told func(*known)
}

// script is what one publisher sends: its orders, some of them twice, with
// cancellations before, right behind and long after their orders.
func script(seed uint64, publisher int) []sending {
	r := rand.New(rand.NewPCG(seed, 100+uint64(publisher)))
	var list []sending
	later := map[int][]sending{}
	n := perRound / publishers
	for i := range n {
		id := fmt.Sprintf("s%d-p%d-%03d", seed, publisher, i)
		placed := sending{order(id, levels[r.IntN(len(levels))]), func(k *known) { k.placed(key(id)) }}
		cancelled := sending{cancellation(id), func(k *known) { k.cancelled[key(id)] = true }}
		switch r.IntN(30) {
		case 0:
			list = append(list, cancelled) // it overtakes its order
		case 1, 2:
			later[i] = append(later[i], cancelled)
		case 3, 4:
			later[i+20] = append(later[i+20], cancelled)
		case 5, 6:
			later[i+r.IntN(30)] = append(later[i+r.IntN(30)], placed)
		}
		list = append(slices.Concat(list, []sending{placed}), later[i]...)
		delete(later, i)
	}
	for i := range 2 * n {
		list = append(list, later[i]...)
	}
	return list
}

// publish sends the script over the length of the storm and a little longer,
// and returns when every message has an answer or none is to be had.
func (w *world) publish(conn *stream.Conn, list []sending, k *known) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	steps := int((storm + time.Second) / pace)
	for step := range steps {
		burst := list[len(list)*step/steps : len(list)*(step+1)/steps]
		w.send(ctx, conn, burst, k)
		<-ticker.C
	}
}

// send publishes and notes what was acknowledged.
func (w *world) send(ctx context.Context, conn *stream.Conn, list []sending, k *known) {
	next := 0
	p := conn.Publisher(func(_ stream.Outgoing, out stream.Outcome) {
		k.mu.Lock()
		defer k.mu.Unlock()
		if out.Err == nil {
			list[next].told(k)
		} else {
			k.unknown++
		}
		next++ // outcomes come in the order of sending
	})
	for _, m := range list {
		if p.Send(ctx, m.Outgoing) != nil {
			break
		}
	}
	_ = p.Flush(ctx)
}

// courier reads dispatches off the journal and reports on them, as its seed
// has it: it accepts, rejects, delivers, fails, says things twice, too late,
// or not at all.
type courier struct {
	w    *world
	seed uint64
	conn *stream.Conn
	k    *known

	mu   sync.Mutex
	read uint64 // the journal is answered through here
}

func (c *courier) run(ctx context.Context) {
	ticker := time.NewTicker(pace)
	defer ticker.Stop()
	for ctx.Err() == nil {
		c.answer(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
		}
	}
}

// through is how far the journal is answered.
func (c *courier) through() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.read
}

func (c *courier) answer(ctx context.Context) {
	read, reports := c.through(), []sending(nil)
	asking, cancel := context.WithTimeout(ctx, asked)
	defer cancel()
	err := c.conn.Read(asking, event.StreamDispatch, read+1, 0, func(seq uint64, subject string, data []byte) error {
		read = seq
		if _, _, err := event.ParseDispatchSubject(subject); err != nil {
			return nil
		}
		d, err := event.DecodeDispatch(data)
		if err == nil && d.Status == event.Requested {
			reports = append(reports, c.about(d)...)
		}
		return err
	})
	c.w.send(ctx, c.conn, reports, c.k)
	if err == nil || len(reports) > 0 {
		c.mu.Lock()
		c.read = read
		c.mu.Unlock()
	}
}

// about is what the courier has to say of a dispatch, one after the other.
func (c *courier) about(d *event.Dispatch) []sending {
	var told []event.ReportStatus
	done := event.Delivered
	if d.Locker != nil {
		done = event.Collected
	}
	switch pick(c.seed, d.DispatchID, 20) {
	case 0, 1, 2:
		told = []event.ReportStatus{event.Rejected}
	case 3:
		told = []event.ReportStatus{event.Rejected, event.Rejected}
	case 4:
		told = []event.ReportStatus{event.Accepted, event.Failed}
	case 5:
		told = []event.ReportStatus{event.Rejected, event.Accepted}
	case 6, 7, 8:
		told = []event.ReportStatus{event.Accepted, event.PickedUp, done}
	case 9, 10:
		told = []event.ReportStatus{done, event.Accepted}
	case 11, 12, 13, 14:
		told = []event.ReportStatus{event.Accepted}
	}
	list := make([]sending, len(told))
	for i, status := range told {
		r := event.Report{DispatchID: d.DispatchID, Channel: d.Channel, OrderID: d.OrderID, At: c.k.now(),
			Courier: d.CourierID, Status: status}
		list[i] = sending{outgoing(event.ReportSubject(d.CourierID, status), &r),
			func(k *known) { k.reports = append(k.reports, r) }}
	}
	return list
}

// pick is a number below n that a seed gives a text.
func pick(seed uint64, text string, n int) int {
	for _, b := range []byte(text) {
		seed = seed*1099511628211 ^ uint64(b)
	}
	return rand.New(rand.NewPCG(seed, 7)).IntN(n)
}
