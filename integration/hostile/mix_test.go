package hostile

import (
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
)

// mix sends n orders with squatted ids, corrections and repeats among them, and
// returns how many that were acknowledged are neither decided nor refused.
func (w *world) mix(n int) (lost int) {
	type sent struct {
		at  place
		key event.Key
	}
	var acknowledged []sent
	send := func(id string, data []byte, header nats.Header) {
		ack, err := w.publish(placed, data, header)
		if err != nil {
			w.note("mix", id, err)
			return
		}
		if !ack.Duplicate {
			acknowledged = append(acknowledged, sent{place{ack.Stream, ack.Sequence}, key(id)})
		}
	}
	for i := range n {
		id := fmt.Sprintf("mix-%04d", i)
		data, header := order(id, nil), nats.Header{}
		header.Set(jetstream.MsgIDHeader, event.MsgID(placed, data))
		switch i % 4 {
		case 0: // squatted
			w.publish(event.PlacedSubject("shop-b"), []byte("{}"), header)
			header = nil
		case 1: // refused, then corrected, under ids of the platform's own
			send(id, order(id, members{"lines": []any{line(members{"quantity": -1})}}), nats.Header{jetstream.MsgIDHeader: {id + "/1"}})
			header.Set(jetstream.MsgIDHeader, id+"/2")
		case 2: // repeated
			send(id, data, header)
		}
		send(id, data, header)
	}
	w.drained()
	refused, chains := w.refused(), w.chains()
	for _, s := range acknowledged {
		if refused[s.at] == "" && len(chains[s.key]) == 0 {
			lost++
		}
	}
	var err error
	if lost > 0 {
		err = fmt.Errorf("%d of %d acknowledged orders are neither decided nor refused", lost, len(acknowledged))
	}
	w.note("mix", fmt.Sprintf("%d orders", n), err)
	return lost
}
