package integration

import (
	"fmt"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
)

// Whatever a courier says, it can be true of its dispatch, or it is refused and
// changes nothing. Whoever is late, or has a clock that is some minutes off, is
// heard.
func TestImplausibleReports(t *testing.T) {
	t.Parallel()
	const door, locker = "order", "boxed"
	instants := []struct {
		name string
		at   time.Time
		code string
	}{
		{"in 1970", time.Unix(0, 0).UTC(), event.CodeTooOld},
		{"before 1970", time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), event.CodeOutOfRange},
		{"71 days ago", now.Add(-71 * 24 * time.Hour), event.CodeTooOld},
		{"yesterday", now.Add(-24 * time.Hour), event.CodeReportBeforeDispatch},
		{"just before the request", now.Add(-6 * time.Minute), event.CodeReportBeforeDispatch},
		{"with a clock behind", now.Add(-5 * time.Minute), ""},
		{"with a clock ahead", now.Add(5 * time.Minute), ""},
		{"ahead of us", now.Add(6 * time.Minute), event.CodeReportInFuture},
		{"in 2199", time.Date(2199, 12, 31, 0, 0, 0, 0, time.UTC), event.CodeReportInFuture},
		{"in 9999", time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC), event.CodeOutOfRange},
	}
	w := newWorld(t, setting{network: doorAndLocker})
	w.start("router")
	type said struct {
		key  event.Key
		what string
		seq  uint64
		code string
		at   time.Time
	}
	var all []said
	for _, to := range []string{door, locker} {
		for _, status := range event.ReportStatuses() {
			var list []*event.Order
			for i := range instants {
				o := order(fmt.Sprintf("%s-%s-%d", to, status, i))
				if to == locker {
					methods(event.MethodLocker)(o)
				}
				list = append(list, o)
			}
			w.route(list...)
			for i, x := range instants {
				report := about(w.lastOf(list[i].Key()), status)
				report.At = x.at
				code := x.code
				if to == door && status.NeedsLocker() && (code == "" || code == event.CodeReportBeforeDispatch) {
					code = event.CodeNoLocker
				}
				all = append(all, said{list[i].Key(), fmt.Sprintf("%s to a %s, %s", status, to, x.name), w.say(report), code, x.at})
			}
		}
	}
	w.drained(durable)
	a := w.check()
	for _, s := range all {
		if got := a.rejections[onCourier(s.seq)].reason; got != s.code {
			t.Errorf("%s: got refused as %q, want %q", s.what, got, s.code)
		}
		chain := a.decisions[s.key]
		if s.code != "" && len(chain) != 1 {
			t.Errorf("%s: got %d decisions, want the first alone", s.what, len(chain))
		}
		if at := chain[len(chain)-1].Decision.AcceptedAt; at != nil && !at.Equal(now) {
			t.Errorf("%s: got accepted at %v, want %v, when it was requested and is now", s.what, at, now)
		}
	}
}

// A courier that is hours late to tell of anything is heard.
func TestSlowCourierIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: threeLanes(100)})
	const early = 4 * time.Hour
	first := w.start("first", at(now.Add(-early)))
	o := order("order", placedAt(now.Add(-early)))
	w.route(o)
	first.stop()
	w.start("second")
	for i, status := range []event.ReportStatus{event.Accepted, event.PickedUp, event.Delivered} {
		s := about(w.lastOf(o.Key()), status)
		s.At = now.Add(time.Duration(i+1)*time.Hour - early)
		w.say(s)
		w.drained(durable)
	}
	a := w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Completed, lane: "kallio/bike", attempt: 1, decisions: 3, reasons: []string{"delivered"}})
	if at := a.decision(t, o.Key()).AcceptedAt; at == nil || !at.Equal(now.Add(time.Hour-early)) || len(a.rejections) > 0 {
		t.Errorf("got accepted at %v and rejections %v, want an hour after the request and none", at, a.rejections)
	}
}

// doorAndLocker has room for everything, at the door and in the box.
var doorAndLocker = yaml(`
defaults: {serviceLevel: box, deliveryMethods: [courier]}
serviceLevels: {box: {promise: {elapsed: 36h}, whenFull: reject}}
couriers: {pyora: {}}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [box], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1000}, lockers: [sornainen]}
lockers:
  sornainen:
    region: helsinki
    at: {lat: 60.1870, lng: 24.9600}
    offer: {withinKm: 2}
    dwell: 1d
    sizes: [{size: S, count: 1000, mm: [100, 100, 100]}]
`)
