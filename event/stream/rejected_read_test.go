package stream_test

import (
	"bytes"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestRejectsList(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	if got := list(t, c, "", ""); len(got) > 0 {
		t.Errorf("empty: got %v, want nothing", got)
	}
	large := make([]byte, event.MaxOrderBytes+1)
	for _, r := range []event.Rejection{ // one by one, for the order
		{Channel: "web", Reason: event.CodeNotJSON, Subject: "orders.v1.web.placed", Sequence: 1, Data: []byte("{")},
		{Channel: "w.b", Reason: event.CodeTooLarge, Subject: "orders.v1.w%2Eb.placed", Sequence: 2, Data: large},
		{Channel: "web", Reason: event.CodeTooLarge, Subject: "orders.v1.web.placed", Sequence: 3, Data: large},
		{Stream: event.StreamCourier, Reason: event.CodeNotJSON, Subject: "courier.v1.pyora.failed", Sequence: 1},
		{Channel: "web", Reason: event.CodeNotJSON, Subject: "orders.v1.web.placed", Sequence: 4, Data: []byte("}")},
	} {
		reject(t, c, r)
	}
	// Last and first are deleted, as people may.
	s, err := admin(t, srv.URL()).Stream(t.Context(), event.StreamRejected)
	if err != nil {
		t.Fatal(err)
	}
	for _, seq := range []uint64{5, 1} {
		if err := s.DeleteMsg(t.Context(), seq); err != nil {
			t.Fatal(err)
		}
	}
	const (
		dotted = "2 w.b too_large ORDERS/2 262145 bytes"
		large3 = "3 web too_large ORDERS/3 262145 bytes"
		report = "4  not_json COURIER/1 0 bytes"
	)
	for _, w := range []struct {
		channel, reason string
		want            []string
	}{
		{"", "", []string{dotted, large3, report}},
		{"web", "", []string{large3}},
		{"w.b", "too_large", []string{dotted}},
		{"", "not_json", []string{report}},
		{"-", "", []string{report}},
		{"web", "not_json", nil},
	} {
		if diff := cmp.Diff(w.want, list(t, c, w.channel, w.reason)); diff != "" {
			t.Errorf("channel %q, reason %q (-want +got):\n%s", w.channel, w.reason, diff)
		}
	}
}

func list(t *testing.T, c *stream.Conn, channel, reason string) (found []string) {
	t.Helper()
	err := c.Rejects().List(t.Context(), channel, reason, func(k *stream.Kept) error {
		if k.Data != nil || k.StoredAt.IsZero() {
			t.Errorf("%d: got %d bytes of %v, want none, and a time", k.Place, len(k.Data), k.StoredAt)
		}
		found = append(found, fmt.Sprintf("%d %s %s %s/%d %d bytes", k.Place, k.Channel, k.Reason, k.Stream, k.Sequence, k.Size))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestRejectsAt(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	want := event.Rejection{Stream: event.StreamOrders, Channel: "web", Reason: event.CodeNotJSON, Detail: "no JSON",
		Subject: "orders.v1.web.placed", Sequence: 7, Data: []byte("\xff\x00\r\n")}
	reject(t, c, want)
	got := at(t, c, 1)
	if diff := cmp.Diff(want, got.Rejection); diff != "" {
		t.Errorf("rejection (-want +got):\n%s", diff)
	}
	if got.Place != 1 || got.Size != 4 || got.StoredAt.IsZero() || got.Header[stream.HeaderDetail][0] != "no JSON" {
		t.Errorf("got %+v", got)
	}
	if k, err := c.Rejects().At(t.Context(), 2); k != nil || err != nil {
		t.Errorf("nothing there: got %v, %v", k, err)
	}
}

// Of a large message the whole comes from where it was published, if that is
// still the same message.
func TestRejectsWhole(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	large := outgoing("large", event.MaxOrderBytes+1)
	other := outgoing("other", event.MaxOrderBytes+1)
	other.Data[0] = 'x'
	p, outcomes := collect(c)
	for _, m := range []stream.Outgoing{large, other} {
		if err := p.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(*outcomes) != 2 {
		t.Fatalf("published %v", *outcomes)
	}
	for i, r := range []event.Rejection{
		{Stream: event.StreamOrders, Sequence: 1}, // still there
		{Stream: event.StreamOrders, Sequence: 3}, // forgotten
		{Stream: event.StreamOrders, Sequence: 2}, // another one has its place
		{Stream: event.StreamCourier, Sequence: 1},
		{Stream: "NOWHERE", Sequence: 1},
		{}, // it never said
	} {
		r.Channel, r.Reason, r.Subject, r.Data = "webshop", event.CodeTooLarge, large.Subject, large.Data
		reject(t, c, r)
		k := at(t, c, uint64(i+1))
		if !k.Partial() {
			t.Errorf("%d: got whole, want partial", i)
		}
		data, err := c.Rejects().Whole(t.Context(), k)
		if i == 0 {
			if err != nil || !bytes.Equal(data, large.Data) {
				t.Errorf("got %d bytes, %v, want all of them", len(data), err)
			}
		} else if !errors.Is(err, stream.ErrPartial) {
			t.Errorf("%d: got %d bytes, %v, want ErrPartial", i, len(data), err)
		}
	}
	small := event.Rejection{Channel: "webshop", Reason: event.CodeNotJSON, Subject: large.Subject, Sequence: 99, Data: []byte("{")}
	reject(t, c, small)
	k := at(t, c, 7)
	if data, err := c.Rejects().Whole(t.Context(), k); k.Partial() || err != nil || string(data) != "{" {
		t.Errorf("small: got %q, %v", data, err)
	}
}

func at(t *testing.T, c *stream.Conn, place uint64) *stream.Kept {
	t.Helper()
	k, err := c.Rejects().At(t.Context(), place)
	if err != nil || k == nil {
		t.Fatalf("read REJECTED at %d: got %v, %v", place, k, err)
	}
	return k
}
