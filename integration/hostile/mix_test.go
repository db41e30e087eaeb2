package hostile

import (
	"fmt"

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
	send := func(order, id string, data []byte) {
		ack, err := w.stored(placed, data, id)
		if err != nil {
			w.note("mix", order, err)
			return
		}
		acknowledged = append(acknowledged, sent{place{ack.Stream, ack.Sequence}, key(order)})
	}
	for i := range n {
		id := fmt.Sprintf("mix-%04d", i)
		data, own := order(id, nil), "webshop/"+id+"/placed"
		switch i % 4 {
		case 0: // another shop has taken what is made of the message
			w.squat(event.MsgID(placed, data))
			send(id, event.MsgID(placed, data), data)
		case 1: // another shop has guessed it
			w.squat(own)
			send(id, own, data)
		case 2: // refused, then corrected under the same id
			send(id, own, order(id, members{"lines": []any{line(members{"quantity": -1})}}))
			send(id, own, data)
		case 3: // repeated
			send(id, event.MsgID(placed, data), data)
			send(id, event.MsgID(placed, data), data)
		}
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
