package stream_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// Who waits is known from the standings alone, so none may be left out, however
// long the journal is.
func TestStandingLeavesNoOrderOut(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	j := journal(t, c)
	const n = 8 * stream.MaxBatch
	key := func(i int) event.Key { return event.Key{Channel: "shop", Order: fmt.Sprint(i)} }
	for range 2 { // the last of an order is all that matters
		for i := 0; i < n; i += stream.MaxBatch {
			batch := make([]event.Message, stream.MaxBatch)
			for k := range batch {
				batch[k] = event.Message{Subject: event.DecisionSubject(key(i + k)), Data: make([]byte, 2000)}
			}
			commit(t, j, batch...)
		}
	}
	last := map[string]uint64{}
	enough := errors.New("enough")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	err := c.Standings().Standing(ctx, func(seq uint64, subject string, _ []byte) error {
		if last[subject] = seq; seq == 2*n {
			return enough
		}
		return nil
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	for i := range n {
		if got := last[event.DecisionSubject(key(i))]; got != uint64(n+i+1) {
			t.Errorf("order %d: got its decision at %d, want the one at %d", i, got, n+i+1)
		}
	}
}
