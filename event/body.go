package event

import (
	"fmt"

	"github.com/go-json-experiment/json"
)

// EncodeBody is what the ledger keeps with a hold.
func EncodeBody(b *Body) ([]byte, error) {
	out, err := json.Marshal(b)
	if err != nil {
		return nil, fmt.Errorf("encode body: %w", err)
	}
	return out, nil
}

// DecodeBody decodes what EncodeBody wrote, now or in an earlier version of
// the program. Members it does not know are skipped.
func DecodeBody(data []byte) (*Body, error) {
	b := new(Body)
	if err := json.Unmarshal(data, b); err != nil {
		return nil, fmt.Errorf("decode body: %w", err)
	}
	return b, nil
}
