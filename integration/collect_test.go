package integration

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// oneBox is a locker bank with one compartment, in which parcels lie until the
// end of the day after. Today's and tomorrow's round fill it.
var oneBox = yaml(`
defaults: {serviceLevel: box, deliveryMethods: [locker]}
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
      bike: {courier: pyora, serviceLevels: [box], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 100}, lockers: [sornainen]}
lockers:
  sornainen:
    region: helsinki
    at: {lat: 60.1870, lng: 24.9600}
    offer: {withinKm: 2}
    dwell: 1d
    sizes: [{size: S, count: 1, mm: [100, 100, 100]}]
`)

const (
	boxToday    = "locker/sornainen/S:2026-08-04:parcels"
	boxTomorrow = "locker/sornainen/S:2026-08-05:parcels"
	boxThursday = "locker/sornainen/S:2026-08-06:parcels"
)

// A parcel that is no longer in the locker leaves its remaining days to
// another. The day on which it was taken stays used, and so does the lane.
func TestCollectedFreesTheRemainingDays(t *testing.T) {
	t.Parallel()
	tomorrowsRound := map[string]string{boxToday: "1 of 1", boxTomorrow: "1 of 1", boxThursday: "1 of 1"}
	for _, tt := range []struct {
		name     string
		statuses []event.ReportStatus
		late     bool // the last one comes tomorrow
		reason   string
		ends     int // decisions
		want     map[string]string
	}{
		{"collected", []event.ReportStatus{event.Accepted, event.PickedUp, event.Deposited, event.Collected}, false, "collected", 3, tomorrowsRound},
		{"delivered into it, collected", []event.ReportStatus{event.Delivered, event.Collected}, false, "collected", 2, tomorrowsRound},
		{"collected without a word before", []event.ReportStatus{event.Collected}, false, "collected", 2, tomorrowsRound},
		{"collected before deposited", []event.ReportStatus{event.Collected, event.Deposited, event.Collected}, false, "collected", 2, tomorrowsRound},
		{"expired", []event.ReportStatus{event.Deposited, event.Expired}, false, "expired", 2, tomorrowsRound},
		{"expired, returned", []event.ReportStatus{event.Deposited, event.Expired, event.Returned, event.Returned}, false, "returned", 3, tomorrowsRound},
		{"returned, expired", []event.ReportStatus{event.Returned, event.Expired, event.Collected}, false, "returned", 2, tomorrowsRound},
		{"collected, reported a day late", []event.ReportStatus{event.Collected}, true, "collected", 2,
			tomorrowsRound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, setting{network: oneBox})
			var clock atomic.Int64
			clock.Store(now.Unix())
			w.start("router", func(o *router.Options) {
				o.Clock = func() time.Time { return time.Unix(clock.Load(), 0).UTC() }
			})
			first, second, third := order("first"), order("second"), order("third")
			w.route(first)
			w.route(second)
			for i, status := range tt.statuses {
				said := about(w.lastOf(first.Key()), status)
				if tt.late && i == len(tt.statuses)-1 {
					clock.Store(tomorrow.Unix())
				}
				w.say(said)
				w.drained(durable)
			}
			w.route(third)
			a := w.check()
			a.wantEnd(t, first.Key(), ending{outcome: event.Completed, lane: "kallio/bike", attempt: 1, decisions: tt.ends, reasons: []string{tt.reason}})
			a.wantEnd(t, second.Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
			a.wantEnd(t, third.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
			a.wantUnits(t, "locker/", tt.want)
			a.wantTold(t, first.Key(), "requested pyora")
		})
	}
}

// Until it is collected, a parcel keeps its compartment whatever else is said.
func TestDepositedKeepsItsDays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: oneBox})
	w.start("router")
	first, second := order("first"), order("second")
	w.route(first)
	w.report(first, event.Deposited)
	w.report(first, event.Delivered)
	w.route(second)
	a := w.check()
	a.wantEnd(t, first.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 1})
	a.wantEnd(t, second.Key(), ending{outcome: event.Unroutable, attempt: 1, decisions: 1})
	a.wantUnits(t, "locker/", map[string]string{boxToday: "1 of 1", boxTomorrow: "1 of 1"})
}
