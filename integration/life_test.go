package integration

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// threeLanes is a network in which an order goes by kallio/bike, then by
// kallio/van, then by tapiola/bike in the other region: each promises later
// than the one before, and takes that many parcels.
func threeLanes(parcels int) string {
	return yaml(fmt.Sprintf(`
defaults: {serviceLevel: same_day}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}}
couriers: {pyora: {}, kuorma: {}, lansi: {}}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: %[1]d}}
      van: {courier: kuorma, serviceLevels: [same_day], blocks: ["Mo-Fr 12:00-14:00"], capacity: {parcels: %[1]d}}
  tapiola:
    kind: micro_hub
    region: espoo
    at: {lat: 60.1755, lng: 24.8049}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: lansi, serviceLevels: [same_day], blocks: ["Mo-Fr 14:00-16:00"], capacity: {parcels: %[1]d}}
`, parcels))
}

// cancelled is the cancellation of an order.
func cancelled(o *event.Order) stream.Outgoing {
	return stream.Outgoing{
		Subject: event.CancelledSubject(o.Channel),
		Data:    fmt.Appendf(nil, `{"orderId":%q,"channel":%q,"cancelledAt":"2026-08-04T06:00:00Z","reason":"CHANGED_MIND"}`, o.OrderID, o.Channel),
	}
}

// cancelledAgain is the same cancellation in other bytes.
func cancelledAgain(o *event.Order) stream.Outgoing {
	m := cancelled(o)
	m.Data = reworded(m.Data, 1)
	return m
}

// saying is a message of a courier.
type saying struct {
	event.Report
	data []byte // instead of the report
}

// about is a report on the dispatch that a decision names, by its courier.
func about(d *event.Decision, status event.ReportStatus) saying {
	return saying{Report: event.Report{DispatchID: d.DispatchID, Channel: d.Channel, OrderID: d.OrderID, At: now,
		Reason: "VEHICLE_NOT_AVAILABLE", Courier: d.Consignments[0].CourierID, Status: status}}
}

// say publishes reports one after the other, and returns where the last one
// stands on COURIER.
func (w *world) say(list ...saying) (seq uint64) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, s := range list {
		data := s.data
		if data == nil {
			var err error
			if data, err = json.Marshal(s.Report); err != nil {
				w.Fatalf("encode report: %v", err)
			}
		}
		ack, err := w.js.PublishMsg(ctx, &nats.Msg{Subject: event.ReportSubject(s.Courier, s.Status), Data: data},
			jetstream.WithRetryAttempts(10))
		if err != nil {
			w.Fatalf("publish report: %v", err)
		}
		seq = ack.Sequence
		w.mu.Lock()
		w.reported = max(w.reported, seq)
		w.mu.Unlock()
	}
	return seq
}

// lastOf reads an order's last decision from the leader.
func (w *world) lastOf(key event.Key) *event.Decision {
	w.Helper()
	var d *event.Decision
	w.eventually("the leader answers", func() error {
		ctx, cancel := context.WithTimeout(context.Background(), onceAsked)
		defer cancel()
		records, err := w.journal.LastMany(ctx, []event.Key{key})
		if err == nil {
			d = records[0].Decision
		}
		return err
	})
	if d == nil {
		w.Fatalf("order %s has no decision", key)
	}
	return d
}

// report lets the courier of the dispatch in force say something, and waits
// until it is answered.
func (w *world) report(o *event.Order, status event.ReportStatus) (seq uint64) {
	w.Helper()
	seq = w.say(about(w.lastOf(o.Key()), status))
	w.drained(durable)
	return seq
}

// route publishes orders and waits until they are answered.
func (w *world) route(list ...*event.Order) {
	w.Helper()
	w.publish(list...)
	w.drained(durable)
}

// cancel publishes the cancellation of an order and waits until it is answered.
func (w *world) cancel(o *event.Order) (seq uint64) {
	w.Helper()
	w.send(cancelled(o))
	w.drained(durable)
	return w.last
}

// ending is what a test expects of an order's last decision.
type ending struct {
	outcome   event.Outcome
	lane      string   // of a dispatch, as "site/lane"; empty: none in force
	attempt   int      // 0: whatever
	decisions int      // of the whole chain; 0: whatever
	reasons   []string // nil: whatever
}

func (a *account) wantEnd(t testing.TB, key event.Key, want ending) {
	t.Helper()
	d := a.decision(t, key)
	got := ending{outcome: d.Outcome, attempt: d.Attempt, decisions: len(a.decisions[key]), reasons: d.Reasons}
	if d.DispatchID != "" {
		got.lane = d.Consignments[0].Site.SiteID + "/" + d.Consignments[0].Lane
	}
	if want.attempt == 0 {
		got.attempt = 0
	}
	if want.decisions == 0 {
		got.decisions = 0
	}
	if want.reasons == nil {
		got.reasons = nil
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ending{})); diff != "" {
		t.Errorf("end of order %s (-want +got):\n%s", key, diff)
	}
}

// wantRefusal compares the code of a rejection; empty: there is none.
func (a *account) wantRefusal(t testing.TB, at place, code string) {
	t.Helper()
	if got := a.rejections[at].reason; got != code {
		t.Errorf("message %d of %s: got rejected as %q, want %q", at.seq, at.stream, got, code)
	}
}

// wantUnits compares what stands in the slots whose names begin with prefix.
func (a *account) wantUnits(t testing.TB, prefix string, want map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, a.units(prefix)); diff != "" {
		t.Errorf("slots %s* (-want +got):\n%s", prefix, diff)
	}
}

// statuses are told of the tellings of an order, oldest first.
func (a *account) statuses(key event.Key) (list []string) {
	for _, t := range a.told[key] {
		list = append(list, t.Status+" "+t.CourierID)
	}
	return list
}

func (a *account) wantTold(t testing.TB, key event.Key, want ...string) {
	t.Helper()
	if got := a.statuses(key); !slices.Equal(got, want) {
		t.Errorf("couriers of order %s: got told %q, want %q", key, got, want)
	}
}

// tomorrow is when a courier comes to report what it did today.
var tomorrow = now.Add(24 * time.Hour)
