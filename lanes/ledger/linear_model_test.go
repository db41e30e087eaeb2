package ledger_test

import (
	"fmt"

	"github.com/anishathalye/porcupine"

	"github.com/nearlane/nearlane/lanes"
)

// The sequential ledger: one slot with so many places and the orders on it. It
// says in Go what S2 and S3 say of one slot.
const (
	slotLimit     = 2
	ordersPerSlot = 3
)

// slotState is what the ledger holds of one slot.
type slotState [ordersPerSlot]struct {
	live      uint64 // sequence of the settled decision, 0: none
	units     int64
	open      bool
	basis     uint64
	openUnits int64
}

func (s slotState) taken() (n int64) {
	for _, o := range s {
		n += o.units + o.openUnits
	}
	return n
}

// operation is one call on one slot.
type operation struct {
	kind  string // reserve, settle, count
	slot  int
	order int
	seq   uint64 // basis, or the decision
	units int64
}

// answer is what came back. Unknown: an error, and the call may be made, may
// yet be made, or never.
type answer struct {
	unknown bool
	status  lanes.Status
	behind  uint64
	count   int64
}

func (s slotState) reserve(op operation) (slotState, answer) {
	o := &s[op.order]
	switch {
	case o.live > op.seq:
		return s, answer{status: lanes.Behind, behind: o.live}
	case op.seq > 0 && o.live != op.seq:
		return s, answer{status: lanes.Unsettled}
	case o.open && o.basis == op.seq:
		return s, answer{status: lanes.Existing}
	case s.taken()+op.units > slotLimit:
		return s, answer{status: lanes.Full}
	}
	o.open, o.basis, o.openUnits = true, op.seq, op.units
	return s, answer{status: lanes.Granted}
}

func (s slotState) settle(op operation) slotState {
	o := &s[op.order]
	if o.live >= op.seq {
		return s
	}
	o.live, o.units = op.seq, op.units // over the limit, if need be
	if o.open && o.basis < op.seq {
		o.open, o.basis, o.openUnits = false, 0, 0
	}
	return s
}

// step gives the states that may follow; none: the answer is wrong.
func (s slotState) step(op operation, got answer) []slotState {
	switch op.kind {
	case "count":
		if got.count != s.taken() {
			return nil
		}
		return []slotState{s}
	case "settle":
		if got.unknown {
			return []slotState{s, s.settle(op)}
		}
		return []slotState{s.settle(op)}
	}
	next, want := s.reserve(op)
	switch {
	case got.unknown:
		return []slotState{s, next}
	case got == want:
		return []slotState{next}
	case got.status == lanes.Existing && want.status == lanes.Granted:
		return []slotState{next} // granted, the reply lost, and asked again
	}
	return nil
}

var linearModel = (&porcupine.NondeterministicModel{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		bySlot := map[int][]porcupine.Operation{}
		for _, o := range history {
			slot := o.Input.(operation).slot
			bySlot[slot] = append(bySlot[slot], o)
		}
		var parts [][]porcupine.Operation
		for _, part := range bySlot {
			parts = append(parts, part)
		}
		return parts
	},
	Init: func() []any { return []any{slotState{}} },
	Step: func(state, input, output any) (next []any) {
		for _, s := range state.(slotState).step(input.(operation), output.(answer)) {
			next = append(next, s)
		}
		return next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}).ToModel()
