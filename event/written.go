package event

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// WrittenAt is the time of an event that Encode wrote. Of a decision it is the
// now of the router that stored it, which is later than DecidedAt where it took
// over a hold from one that had died.
func WrittenAt(data []byte) (time.Time, error) {
	var e struct {
		Time time.Time `json:"time"`
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return time.Time{}, fmt.Errorf("decode time of event: %w", err)
	}
	return e.Time, nil
}
