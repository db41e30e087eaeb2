package event

import "time"

// Types of the marks that the capacity protocol keeps in the journal. They
// mean something by their sequence; what is in them is for people.
const (
	TypeEpoch = "dev.nearlane.epoch.v1"
	TypeFence = "dev.nearlane.fence.v1"
)

// Mark is the data of an epoch or a fence: of which region or router, and who
// set it.
type Mark struct {
	Of string `json:"of"`
	By string `json:"by"`
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
	w.end('}')
}
