package stream_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func TestReject(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	large := bytes.Repeat([]byte("x"), 900<<10)
	refused := []event.Rejection{
		{
			Channel: "webshop", Reason: "out_of_range", Pointer: "/shipTo/geo/latitude", Detail: "91 is\r\nno latitude",
			Subject: "orders.v1.webshop.placed", Sequence: 7, Data: []byte("\xff not \"JSON\"\r\n"),
		},
		{Channel: "web.shop", Reason: "too_large", Subject: "orders.v1.web%2Eshop.placed", Sequence: 8, Data: large},
	}
	for range 2 { // the second time as after a redelivery
		if err := c.Rejects().Reject(t.Context(), refused); err != nil {
			t.Fatal(err)
		}
	}

	s, err := admin(t, srv.URL()).Stream(t.Context(), event.StreamRejected)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.CachedInfo().State.Msgs, uint64(len(refused)); got != want {
		t.Fatalf("stored: got %d messages, want %d", got, want)
	}
	small := lastOf(t, s, "rejected.v1.webshop.out_of_range")
	if got, want := small.Data, refused[0].Data; !bytes.Equal(got, want) {
		t.Errorf("bytes: got %q, want %q", got, want)
	}
	wantHeaders := map[string]string{
		stream.HeaderReason: "out_of_range", stream.HeaderPointer: "/shipTo/geo/latitude",
		stream.HeaderStream: "ORDERS", stream.HeaderSubject: "orders.v1.webshop.placed", stream.HeaderSequence: "7",
		stream.HeaderDetail: "91 is  no latitude", stream.HeaderSHA256: "",
	}
	if diff := cmp.Diff(wantHeaders, headers(small, wantHeaders)); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}

	cut := lastOf(t, s, "rejected.v1.web%2Eshop.too_large")
	if got, want := cut.Data, large[:64<<10]; !bytes.Equal(got, want) {
		t.Errorf("large message: got %d bytes, want its first %d", len(got), len(want))
	}
	sum := sha256.Sum256(large)
	wantHeaders = map[string]string{
		stream.HeaderReason: "too_large", stream.HeaderSequence: "8",
		stream.HeaderSHA256: hex.EncodeToString(sum[:]), stream.HeaderSize: fmt.Sprint(len(large)),
	}
	if diff := cmp.Diff(wantHeaders, headers(cut, wantHeaders)); diff != "" {
		t.Errorf("headers of the large message (-want +got):\n%s", diff)
	}
}

// Sequence 7 of COURIER is another message than sequence 7 of ORDERS, and each
// is stored once.
func TestRejectOfBothStreams(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	refused := []event.Rejection{
		{Stream: event.StreamOrders, Channel: "web", Reason: "not_json", Subject: "orders.v1.web.placed", Sequence: 7, Data: []byte("a")},
		{Stream: event.StreamCourier, Channel: "web", Reason: "unknown_order", Subject: "courier.v1.pyora.accepted", Sequence: 7, Data: []byte("b")},
		{Stream: event.StreamCourier, Reason: "not_json", Subject: "courier.v1.pyora.accepted", Sequence: 8, Data: []byte("c")},
	}
	for range 2 { // the second time as after a redelivery
		reject(t, c, refused...)
	}
	got := map[string]event.Rejection{} // by data
	if err := c.Rejects().Tail(t.Context(), 1, 3, func(_ uint64, r *stream.Rejected) error {
		got[string(r.Data)] = r.Rejection
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]event.Rejection{"a": refused[0], "b": refused[1], "c": refused[2]}, got); diff != "" {
		t.Errorf("rejections (-want +got):\n%s", diff)
	}
	if _, last, err := c.Bounds(t.Context(), event.StreamRejected); err != nil || last != 3 {
		t.Errorf("stored: got %d messages, %v, want 3", last, err)
	}
}

// What was refused can be anything, and has to be storable.
func TestRejectAnything(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	refused := []event.Rejection{
		{Reason: "bad_subject", Subject: "orders.v1.\xff.placed"},
		{Channel: strings.Repeat("c", 500), Reason: "bad_id", Pointer: strings.Repeat("/\x00é", 5000), Data: make([]byte, event.MaxOrderBytes)},
	}
	if err := c.Rejects().Reject(t.Context(), refused); err != nil {
		t.Fatal(err)
	}
	s, err := admin(t, srv.URL()).Stream(t.Context(), event.StreamRejected)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.CachedInfo().State.Msgs, uint64(2); got != want {
		t.Errorf("stored: got %d messages, want %d", got, want)
	}
}

func TestRejectWithoutServer(t *testing.T) {
	t.Parallel()
	c, srv := alone(t, stream.Settings{})
	srv.Shutdown()
	if err := c.Rejects().Reject(t.Context(), []event.Rejection{{Channel: "webshop", Reason: "not_json", Sequence: 1}}); err == nil {
		t.Error("got nil, want an error: nothing can have been stored")
	}
}

func lastOf(t *testing.T, s jetstream.Stream, subject string) *jetstream.RawStreamMsg {
	t.Helper()
	m, err := s.GetLastMsgForSubject(t.Context(), subject)
	if err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
	return m
}

// headers gives those of m that want names.
func headers(m *jetstream.RawStreamMsg, want map[string]string) map[string]string {
	got := make(map[string]string)
	for name := range want {
		got[name] = m.Header.Get(name)
	}
	return got
}
