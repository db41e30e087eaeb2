package integration

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// A dispatch's life, told by its courier in every order that happens and in
// some that should not. Every report is about the first dispatch.
func TestReports(t *testing.T) {
	t.Parallel()
	const bike, van = "kallio/bike", "kallio/van"
	rerouted := []string{"courier_rejected", "vehicle_not_available"}
	for _, oneBatch := range []bool{false, true} {
		t.Run(fmt.Sprintf("in one batch %t", oneBatch), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: threeLanes(100)})
			table := []struct {
				statuses []event.ReportStatus
				want     ending
			}{
				{[]event.ReportStatus{event.Accepted}, ending{event.Dispatched, bike, 1, 2, nil}},
				{[]event.ReportStatus{event.Accepted, event.Accepted}, ending{event.Dispatched, bike, 1, 2, nil}},
				{[]event.ReportStatus{event.PickedUp}, ending{event.Dispatched, bike, 1, 1, nil}},
				{[]event.ReportStatus{event.Accepted, event.PickedUp, event.Delivered}, ending{event.Completed, bike, 1, 3, []string{"delivered"}}},
				{[]event.ReportStatus{event.Delivered, event.PickedUp, event.Accepted}, ending{event.Completed, bike, 1, 2, []string{"delivered"}}},
				{[]event.ReportStatus{event.Delivered, event.Delivered}, ending{event.Completed, bike, 1, 2, []string{"delivered"}}},
				{[]event.ReportStatus{event.Delivered, event.Failed, event.Rejected}, ending{event.Completed, bike, 1, 2, []string{"delivered"}}},
				{[]event.ReportStatus{event.PickedUp, event.Returned}, ending{event.Completed, bike, 1, 2, []string{"returned"}}},
				{[]event.ReportStatus{event.Returned, event.Delivered}, ending{event.Completed, bike, 1, 2, []string{"returned"}}},
				{[]event.ReportStatus{event.Rejected}, ending{event.Dispatched, van, 2, 2, rerouted}},
				{[]event.ReportStatus{event.Rejected, event.Rejected}, ending{event.Dispatched, van, 2, 2, rerouted}},
				{[]event.ReportStatus{event.Rejected, event.Accepted}, ending{event.Dispatched, van, 2, 2, rerouted}},
				{[]event.ReportStatus{event.Rejected, event.Delivered}, ending{event.Dispatched, van, 2, 2, rerouted}},
				{[]event.ReportStatus{event.Accepted, event.Rejected}, ending{event.Dispatched, van, 2, 3, rerouted}},
				{[]event.ReportStatus{event.PickedUp, event.Failed}, ending{event.Dispatched, van, 2, 2, []string{"courier_failed", "vehicle_not_available"}}},
				{[]event.ReportStatus{event.Failed, event.Rejected}, ending{event.Dispatched, van, 2, 2, []string{"courier_failed", "vehicle_not_available"}}},
			}
			all := orders(len(table), "order")
			first := w.start("first")
			w.route(all...)
			sent := make([]*event.Decision, len(all))
			for i, o := range all {
				sent[i] = w.lastOf(o.Key())
			}
			if oneBatch { // all of it waits for the next router
				first.stop()
			}
			for i, row := range table {
				for _, status := range row.statuses {
					w.say(about(sent[i], status))
					if !oneBatch {
						w.drained(durable)
					}
				}
			}
			if oneBatch {
				w.start("second")
			}
			w.drained(durable)
			a := w.check()
			for i, row := range table {
				a.wantEnd(t, all[i].Key(), row.want)
				if row.want.lane == van {
					a.wantTold(t, all[i].Key(), "requested pyora", "withdrawn pyora", "requested kuorma")
				} else {
					a.wantTold(t, all[i].Key(), "requested pyora")
				}
			}
			if len(a.rejections) > 0 {
				t.Errorf("got rejections %+v, want none", a.rejections)
			}
			a.wantUnits(t, "", map[string]string{
				"lane/kallio/bike:2026-08-04T10:00:parcels": "9 of 100",
				"lane/kallio/van:2026-08-04T12:00:parcels":  "7 of 100",
			})
		})
	}
}

// An acceptance renews the decision: the dispatch in force, its claims and all
// else stay, and nobody is told anything.
func TestAcceptedIsARenewal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100)})
	w.start("router")
	o := order("accepted")
	w.route(o)
	said := about(w.lastOf(o.Key()), event.Accepted)
	said.At = now.Add(-time.Minute)
	w.say(said)
	w.drained(durable)
	a := w.check()
	chain := a.decisions[o.Key()]
	if len(chain) != 2 {
		t.Fatalf("got %d decisions, want 2", len(chain))
	}
	want, got := *chain[0].Decision, chain[1].Decision
	want.DecisionID, want.Basis = event.DecisionID(o.Key(), chain[0].Sequence), chain[0].Sequence
	want.Frees = &event.Frees{Region: "helsinki", Seq: chain[0].Sequence}
	want.AcceptedAt, want.Candidates, want.ReasonCounts = &now, nil, nil // the courier's clock is behind
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("renewal (-want +got):\n%s", diff)
	}
}

// Every report that is not about a dispatch in force is acked without effect,
// or kept on REJECTED with a code that says why.
func TestBadReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100)})
	w.start("router")
	o, nowhere := order("order"), order("nowhere", sku("lamp-1"))
	w.route(o, nowhere)
	good := about(w.lastOf(o.Key()), event.Rejected)
	but := func(change func(*saying)) saying {
		bad := good
		change(&bad)
		return bad
	}
	raw := func(text string) saying { return but(func(s *saying) { s.data = []byte(text) }) }
	table := []struct {
		saying
		code, pointer string
	}{
		{saying: but(func(s *saying) { s.DispatchID = event.DispatchID(o.Key(), "1", 2) })}, // none yet
		{saying: but(func(s *saying) { s.DispatchID = "other" })},
		{saying: but(func(s *saying) { s.DispatchID, s.Courier = "other", "kuorma" })},
		{saying: but(func(s *saying) { s.OrderID = "nowhere" })}, // it has a decision and no dispatch
		{but(func(s *saying) { s.Courier = "kuorma" }), event.CodeWrongCourier, ""},
		{but(func(s *saying) { s.Courier = "nobody" }), event.CodeWrongCourier, ""},
		{but(func(s *saying) { s.OrderID = "unknown" }), event.CodeUnknownOrder, "/orderId"},
		{but(func(s *saying) { s.Channel = "market" }), event.CodeUnknownOrder, "/orderId"},
		{but(func(s *saying) { s.Status = "eaten" }), event.CodeUnknownStatus, ""},
		{but(func(s *saying) { s.Status = "REJECTED" }), event.CodeUnknownStatus, ""},
		{but(func(s *saying) { s.At = now.Add(time.Hour) }), event.CodeReportInFuture, "/at"},
		{but(func(s *saying) { s.DispatchID = "" }), event.CodeBadID, "/dispatchId"},
		{but(func(s *saying) { s.Reason = strings.Repeat("x", event.MaxReason+1) }), event.CodeOutOfRange, "/reason"},
		{raw(""), event.CodeNotJSON, ""},
		{raw("{"), event.CodeNotJSON, ""},
		{raw("null"), event.CodeMissingField, "/dispatchId"},
		{raw("[]"), event.CodeWrongValueType, ""},
		{raw(`{"dispatchId":1}`), event.CodeWrongValueType, "/dispatchId"},
		{raw(`{"dispatchId":"a","dispatchId":"b"}`), event.CodeDuplicateKey, "/dispatchId"},
		{raw("{\"dispatchId\":\"\xff\"}"), event.CodeInvalidUTF8, "/dispatchId"},
		{raw(`{"specversion":"1.0","type":"dev.nearlane.courier.accepted.v1","data":{}}`), event.CodeWrongEventType, "/type"},
		{raw(`{"specversion":"1.0","type":"dev.nearlane.courier.rejected.v1","data":{}}`), event.CodeMissingField, "/data/dispatchId"},
	}
	at := make([]uint64, len(table))
	for i, row := range table {
		at[i] = w.say(row.saying)
	}
	w.drained(durable)
	a := w.check()
	for i, row := range table {
		got := a.rejections[onCourier(at[i])]
		if got.reason != row.code || got.pointer != row.pointer {
			t.Errorf("report %d on %s: got rejected as %q at %q, want %q at %q", i,
				event.ReportSubject(row.Courier, row.Status), got.reason, got.pointer, row.code, row.pointer)
		}
		if row.code != "" && got.subject != event.ReportSubject(row.Courier, row.Status) {
			t.Errorf("report %d: got original subject %q", i, got.subject)
		}
		if row.data != nil && !slices.Equal(got.data, row.data) {
			t.Errorf("report %d: got %q, want %q unchanged", i, got.data, row.data)
		}
	}
	a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
	a.wantEnd(t, nowhere.Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
}

// The stream and the sequence tell rejections apart: the fifth message of
// COURIER is not the fifth of ORDERS, also for the server's deduplication.
func TestRejectionsOfBothStreamsAreKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100)})
	w.start("router")
	w.send(garbage("garbage"))
	w.say(saying{Report: event.Report{Courier: "pyora", Status: event.Accepted}, data: []byte("[")})
	w.drained(durable)
	a := w.check()
	wantRejected(t, a.rejections[onOrders(1)], poison{data: []byte("{garbage"), code: event.CodeNotJSON})
	wantRejected(t, a.rejections[onCourier(1)], poison{data: []byte("["), code: event.CodeWrongValueType})
}
