package stream_test

import (
	"context"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// The unnumbered row of R7: acking an old retry.due must not take the newer
// schedule of the same order away, or the order waits for ever.
func TestAckOfAnOldDueKeepsTheNewerSchedule(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	in := inbox(t, c, event.StreamRetry)
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	schedule := func(name string, after time.Duration) {
		t.Helper()
		due := event.Due{Channel: "webshop", OrderID: "W1", DispatchID: name}
		if err := c.Retries().Schedule(ctx, []event.Retry{{Due: due, At: time.Now().Add(after)}}); err != nil {
			t.Fatal(err)
		}
	}
	next := func(want string) event.Delivery {
		t.Helper()
		got, err := in.Pull(ctx, 1, time.Millisecond)
		if err != nil || len(got) != 1 {
			t.Fatalf("pull %s: got %d messages, %v", want, len(got), err)
		}
		due, refusal := event.DecodeDue(got[0].Data)
		if refusal != nil || due.DispatchID != want {
			t.Fatalf("got %+v, %v, want %s", due, refusal, want)
		}
		return got[0]
	}
	schedule("old", 100*time.Millisecond)
	old := next("old")
	schedule("newer", 500*time.Millisecond)
	if err := old.Receipt.Ack(); err != nil {
		t.Fatal(err)
	}
	if err := next("newer").Receipt.Ack(); err != nil {
		t.Fatal(err)
	}
}
