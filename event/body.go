package event

import (
	"fmt"

	"github.com/go-json-experiment/json"
)

// held is a body as the ledger keeps it.
type held struct {
	Body
	Located *Located `json:"located,omitzero"`
}

// EncodeBody is what the ledger keeps with a hold.
func EncodeBody(b *Body) ([]byte, error) {
	w := newWriter()
	defer w.free()
	b.encode(w)
	out, err := w.value()
	if err != nil {
		return nil, fmt.Errorf("encode body: %w", err)
	}
	return out, nil
}

// DecodeBody decodes what EncodeBody wrote, now or in an earlier version of
// the program. Members it does not know are skipped.
func DecodeBody(data []byte) (*Body, error) {
	h := new(held)
	if err := json.Unmarshal(data, h); err != nil {
		return nil, fmt.Errorf("decode body: %w", err)
	}
	h.Body.Located = h.Located
	return &h.Body, nil
}
