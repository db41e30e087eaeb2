package stream_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// What was put back is found on the streams themselves, and nobody can claim
// it of another's message.
func TestRequeued(t *testing.T) {
	t.Parallel()
	c, _ := alone(t, stream.Settings{})
	report := event.ReportSubject("pyora", event.Failed)
	for i, subject := range []string{"orders.v1.web.placed", "orders.v1.web.cancelled", report, "orders.v1.web.placed", "decision.v1.web.1"} {
		reject(t, c, event.Rejection{Channel: "web", Reason: event.CodeNotJSON, Subject: subject, Sequence: uint64(i + 1), Data: []byte("{")})
	}
	var wanted []*stream.Kept
	for place := range uint64(5) {
		wanted = append(wanted, at(t, c, place+1))
	}
	requeued := func() map[uint64]uint64 {
		t.Helper()
		found, err := c.Rejects().Requeued(t.Context(), wanted)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if diff := cmp.Diff(map[uint64]uint64{}, requeued()); diff != "" {
		t.Errorf("none on empty streams (-want +got):\n%s", diff)
	}

	p, _ := collect(c)
	for i, m := range []stream.Outgoing{
		{Subject: "orders.v1.web.placed"},
		{Subject: "orders.v1.web.placed", Requeued: 4},
		{Subject: "orders.v1.web.cancelled", Requeued: 2},
		{Subject: "orders.v1.phone.placed", Requeued: 1},  // never came from there
		{Subject: "orders.v1.web.cancelled", Requeued: 1}, // nor from there, though others did
		{Subject: report, Requeued: 3},
		{Subject: "orders.v1.web.placed"},
	} {
		m.Data = fmt.Append(nil, i)
		if err := p.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[uint64]uint64{2: 3, 3: 1, 4: 2}
	if diff := cmp.Diff(want, requeued()); diff != "" {
		t.Errorf("places and sequences (-want +got):\n%s", diff)
	}

	// REJECTED was made anew since, and counts from 1 again.
	for _, k := range wanted {
		k.StoredAt = k.StoredAt.Add(time.Hour)
	}
	if diff := cmp.Diff(map[uint64]uint64{}, requeued()); diff != "" {
		t.Errorf("of an earlier REJECTED (-want +got):\n%s", diff)
	}
	wanted[0].StoredAt = wanted[0].StoredAt.Add(-time.Hour) // the scan begins early for it
	if diff := cmp.Diff(map[uint64]uint64{}, requeued()); diff != "" {
		t.Errorf("of an earlier REJECTED, some of them (-want +got):\n%s", diff)
	}
}

func TestKeptHome(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]string{
		"orders.v1.web.placed":       event.StreamOrders,
		"orders.v1.w%2Eb.cancelled":  event.StreamOrders,
		"orders.v1.w%2eb.cancelled":  "", // the router refuses it for that
		"orders.v1.*.placed":         "",
		"orders.v1.web.placed 5":     "",
		"courier.v1.pyora.failed":    event.StreamCourier,
		"courier.v1.pyora.lost":      event.StreamCourier, // a later version may know it
		"courier.v1.pyora.*":         "",
		"courier.v1.pyora.failed 5":  "",
		"decision.v1.web.1":          "", // never onto the journal
		"rejected.v1.web.bad_values": "",
		"":                           "",
	} {
		k := stream.Kept{Rejected: stream.Rejected{Rejection: event.Rejection{Subject: subject}}}
		if got := k.Home(); got != want {
			t.Errorf("%q: got %q, want %q", subject, got, want)
		}
	}
}
