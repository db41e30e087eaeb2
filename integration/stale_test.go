package integration

import (
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// daily is a network whose promise outlasts many departures.
var daily = yaml(`
defaults: {serviceLevel: national}
serviceLevels: {national: {promise: {workingDays: 6, by: "21:00"}, whenFull: reject}}
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
      bike: {courier: pyora, serviceLevels: [national], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1}}
`)

// A hold that outlived its departure is not committed: nobody can fetch
// yesterday's parcel. The order moves on to a new basis and is planned anew.
func TestHoldOfYesterday(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: daily, redis: redisProcess, ackWait: 500 * time.Millisecond})
	m := newMishap(commit, callLost, true)
	dead := w.start("dead", m.wrap)
	o := order("late")
	w.publish(o)
	w.await("the router dies", m.struck)
	dead.buried()

	tomorrow := now.Add(26 * time.Hour)
	w.start("next", func(o *router.Options) { o.Clock = func() time.Time { return tomorrow } })
	w.drained(durable)
	a := w.check()
	a.wantEnd(t, o.Key(), ending{outcome: event.Dispatched, lane: "kallio/bike", attempt: 1, decisions: 2})
	if d := a.decision(t, o.Key()); d.Consignments[0].Slot.Start.Before(tomorrow) || d.Voids != 1 {
		t.Errorf("got a dispatch at %v after %d voids, want one after %v and one void", d.Consignments[0].Slot.Start, d.Voids, tomorrow)
	}
}
