package hostile

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// ids are message ids that another shop takes in the instant before the order
// comes under them: those that are made of the message, and those that anybody
// can guess.
func (w *world) ids() {
	for i := range 25 {
		id := fmt.Sprintf("squatted-%02d", i)
		data := order(id, nil)
		w.takenFirst("of the message, "+id, id, data, event.MsgID(placed, data))
		id += "-guessed"
		w.takenFirst("guessed, "+id, id, order(id, nil), "webshop/"+id+"/placed")
	}
	conn, err := stream.Connect(context.Background(), stream.Options{URL: w.NATSURL(), Name: "publisher"})
	if err != nil {
		w.Fatal(err)
	}
	defer conn.Close(context.Background())
	for i := range 10 { // the publisher knows what to do by itself
		id := fmt.Sprintf("published-%02d", i)
		data := order(id, nil)
		w.squat(event.MsgID(placed, data))
		t := try{area: "message ids", name: "by the publisher, " + id, want: decided, key: key(id), chain: 1}
		p := conn.Publisher(func(_ stream.Outgoing, o stream.Outcome) {
			t.at, t.err = w.stands(event.StreamOrders, o.Sequence), o.Err
		})
		if err := errors.Join(p.Send(context.Background(), stream.Outgoing{Subject: placed, Data: data}), p.Flush(context.Background())); err != nil {
			w.Fatal(err)
		}
		w.pending = append(w.pending, t)
	}
}

func (w *world) takenFirst(name, order string, data []byte, id string) {
	w.squat(id)
	ack, err := w.stored(placed, data, id)
	t := try{area: "message ids", name: name, want: decided, key: key(order), chain: 1, err: err}
	if err == nil {
		t.at = place{ack.Stream, ack.Sequence}
	}
	w.pending = append(w.pending, t)
}

// subjects are those that nobody may publish on, or that name nobody.
func (w *world) subjects() {
	data := order("subject", nil)
	for _, s := range []string{"orders.v1.web%zzshop.placed", "orders.v1.%.placed", "orders.v1.%2.placed", "orders.v1.%ff.placed", "orders.v1.shop%2Db.placed"} {
		w.send(try{area: "subjects", name: s, want: event.CodeBadSubject}, s, data, nil)
	}
	for _, s := range []string{"orders.v1.shop-b.placed", "orders.v1.WEBSHOP.placed"} {
		w.send(try{area: "subjects", name: s, want: event.CodeChannelMismatch}, s, data, nil)
	}
	for _, s := range []string{"orders.v1.webshop", "orders.v1.webshop.placed.more", "orders.v2.webshop.placed", "orders.v1.webshop.eaten", "courier.v1.pyora", "courier.v2.pyora.accepted", "orders"} {
		w.send(try{area: "subjects", name: s, want: unstored}, s, data, nil)
	}
}

// headers are those that make a server do more than store.
func (w *world) headers() {
	table := []nats.Header{
		{"Nats-Expected-Stream": {event.StreamDispatch}}, {"Nats-Expected-Last-Sequence": {"1"}}, {"Nats-Expected-Last-Subject-Sequence": {"1"}},
		{"Nats-Expected-Last-Msg-Id": {"nobody's"}}, {"Nats-TTL": {"1s"}}, {"Nats-TTL": {"never"}}, {"Nats-Rollup": {"all"}}, {"Nats-Rollup": {"sub"}},
		{"Nats-Schedule": {"@at 2030-01-01T00:00:00Z"}, "Nats-Schedule-Target": {"orders.v1.webshop.placed"}},
		{"Nats-Batch-Id": {"b"}, "Nats-Batch-Sequence": {"1"}, "Nats-Batch-Commit": {"1"}}, {"Nats-Incr": {"+1"}},
	}
	for i, h := range table {
		id := fmt.Sprintf("header-%02d", i)
		w.send(try{area: "headers", name: fmt.Sprintf("an order with %v", h), want: unstored}, placed, order(id, nil), h)
		w.send(try{area: "headers", name: fmt.Sprintf("a report with %v", h), want: unstored}, event.ReportSubject("pyora", event.Accepted), []byte("{}"), h)
	}
	for i, h := range []nats.Header{{"Nearlane-Requeued": {"1"}}, {"Nearlane-Reason": {"full"}}, {"traceparent": {"garbage"}}, {"Nats-Stream": {"X"}}, {"Nats-Sequence": {"0"}}} {
		id := fmt.Sprintf("header-own-%02d", i)
		w.send(try{area: "headers", name: fmt.Sprintf("an order with %v", h), want: decided, key: key(id), chain: 1}, placed, order(id, nil), h)
	}
}

// whole checks that nothing was taken out of a stream.
func (w *world) whole() {
	for _, name := range []string{event.StreamOrders, event.StreamCourier, event.StreamDispatch} {
		w.note("streams whole", name, w.intact(name))
	}
}

func (w *world) intact(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := w.js.Stream(ctx, name)
	if err != nil {
		return err
	}
	if st := s.CachedInfo().State; st.NumDeleted > 0 || st.FirstSeq != 1 || st.Msgs != st.LastSeq {
		return fmt.Errorf("messages are missing: %+v", st)
	}
	if s.Purge(ctx) == nil {
		return errors.New("it was purged")
	}
	if s.DeleteMsg(ctx, 1) == nil {
		return errors.New("a message was deleted")
	}
	return nil
}
