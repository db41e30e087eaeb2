package stream_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestBounds(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	bounds := func() [2]uint64 {
		t.Helper()
		first, last, err := c.Bounds(t.Context(), event.StreamRejected)
		if err != nil {
			t.Fatal(err)
		}
		return [2]uint64{first, last}
	}
	if got, want := bounds(), [2]uint64{1, 0}; got != want {
		t.Errorf("new: got %v, want %v", got, want)
	}
	for i := range 3 {
		reject(t, c, event.Rejection{Channel: "web", Reason: event.CodeNotJSON, Subject: "orders.v1.web.placed", Sequence: uint64(i + 1)})
	}
	if got, want := bounds(), [2]uint64{1, 3}; got != want {
		t.Errorf("three: got %v, want %v", got, want)
	}
	s, err := admin(t, srv.URL()).Stream(t.Context(), event.StreamRejected)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := bounds(), [2]uint64{4, 3}; got != want {
		t.Errorf("all forgotten: got %v, want %v", got, want)
	}
	if _, _, err := c.Bounds(t.Context(), "NOWHERE"); err == nil {
		t.Error("no such stream: got no error, want one")
	}
}

// What Tail gives back of a rejection is what was rejected.
func TestRejectsTail(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	large := make([]byte, event.MaxOrderBytes+1)
	rejections := []event.Rejection{
		{Stream: event.StreamOrders, Channel: "w.b", Reason: event.CodeOutOfRange, Pointer: "/shipTo/geo/latitude", Detail: "want -90 to 90, got 91",
			Subject: "orders.v1.w%2Eb.placed", Sequence: 1, Data: []byte("{\xff}")},
		{Stream: event.StreamOrders, Channel: "web", Reason: event.CodeTooLarge, Subject: "orders.v1.web.placed", Sequence: 2, Data: large},
	}
	reject(t, c, rejections...)
	var got []event.Rejection
	var sizes []int
	visit := func(_ uint64, r *stream.Rejected) error {
		got, sizes = append(got, r.Rejection), append(sizes, r.Size)
		if r.StoredAt.IsZero() {
			t.Errorf("rejection of %d has no time", r.Sequence)
		}
		return nil
	}
	if err := c.Rejects().Tail(t.Context(), 1, 2, visit); err != nil {
		t.Fatal(err)
	}
	want := append([]event.Rejection(nil), rejections...)
	want[1].Data = want[1].Data[:64<<10]
	if diff := cmp.Diff(want, got, cmpopts.SortSlices(func(a, b event.Rejection) bool { return a.Sequence < b.Sequence })); diff != "" {
		t.Errorf("rejections (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]int{3, len(large)}, sizes); diff != "" {
		t.Errorf("sizes (-want +got):\n%s", diff)
	}

	stop := errors.New("stop")
	if err := c.Rejects().Tail(t.Context(), 2, 0, func(seq uint64, _ *stream.Rejected) error {
		if seq != 2 {
			t.Errorf("begins at %d, want 2", seq)
		}
		return stop
	}); !errors.Is(err, stop) {
		t.Errorf("got %v, want the visitor's error", err)
	}
}

func reject(t *testing.T, c *stream.Conn, refused ...event.Rejection) {
	t.Helper()
	if err := c.Rejects().Reject(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
}
