package event

import (
	"encoding/json"
	"fmt"
	"time"
)

// Types of the marks that the capacity protocol keeps in the journal. They
// mean something by their sequence, and an epoch by the memory that it names;
// the rest is for people.
const (
	TypeEpoch = "dev.nearlane.epoch.v1"
	TypeFence = "dev.nearlane.fence.v1"
)

// Mark is the data of an epoch or a fence: of which region or router, and who
// set it. An epoch says in which memory the region is rebuilt, so that a router
// on another one finds out (E6).
type Mark struct {
	Of string `json:"of"`
	By string `json:"by"`
	In string `json:"in,omitzero"`
}

// EpochRecord is an epoch as the journal has it.
type EpochRecord struct {
	Sequence uint64
	Mark
}

// DecodeMark reads what EncodeMark wrote. Records of older versions name no
// memory.
func DecodeMark(data []byte) (Mark, error) {
	var e struct{ Data Mark }
	if err := json.Unmarshal(data, &e); err != nil {
		return Mark{}, fmt.Errorf("decode mark: %w", err)
	}
	return e.Data, nil
}

// EncodeMark is the message for EpochSubject or FenceSubject. Marks are told
// apart by sequence, so their id need not be unique.
func EncodeMark(typ string, m Mark, at time.Time) ([]byte, error) {
	return encodeEvent(typ, m.Of+"/"+at.UTC().Format(time.RFC3339Nano), m.Of, at, Trace{}, &m)
}

func (m *Mark) encode(w *writer) {
	w.begin('{')
	w.text(`"of":`, m.Of)
	w.text(`"by":`, m.By)
	w.optText(`"in":`, m.In)
	w.end('}')
}
