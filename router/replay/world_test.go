package replay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

// town is a hub with two bike blocks of two parcels, a carrier of three, a
// factory and a locker; the last level rejects.
const town = `network: town
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels:
  same_day: {cutoff: ["Mo-Fr 17:00"], promise: {sameDayBy: "21:00"}, fallback: national}
  national: {promise: {workingDays: 2, by: "21:00"}, whenFull: reject}
couriers: {bike: {}, post: {}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Fr 08:00-20:00"
    handling: {time: 20m, costPerOrder: 0.60}
    stocks: ["mug-*"]
    catchment: {withinKm: 3}
    lanes:
      bike:
        courier: bike
        serviceLevels: [same_day]
        blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 16:00-18:00"]
        capacity: {parcels: 2}
        cost: {perParcel: 4.00}
        lockers: [station]
      post:
        courier: post
        serviceLevels: [national]
        collections: ["Mo-Fr 18:00"]
        transit: {workingDays: [1, 1]}
        capacity: {parcels: 3}
        cost: {perParcel: 7.00}
  works:
    kind: microfactory
    region: town
    at: {lat: 60.175, lng: 24.95}
    hours: "Mo-Fr 08:00-20:00"
    makes: {lathe: {skus: ["lamp-*"], unitsPerDay: 4, lead: 2h, cost: {perUnit: 1.00}}}
    catchment: {withinKm: 3}
    lanes:
      bike: {courier: bike, serviceLevels: [same_day], blocks: ["Mo-Fr 16:00-18:00"], capacity: {parcels: 5, grams: 9000}, cost: {perParcel: 5.00}}
lockers:
  station: {region: town, at: {lat: 60.171, lng: 24.941}, offer: {withinKm: 2}, dwell: 1d, costPerParcel: 0.9,
            sizes: [{size: S, count: 1, mm: [80, 400, 600], maxGrams: 10000}]}
`

// waitingTown lets orders wait at the end of the chain.
var waitingTown = strings.Replace(town, "whenFull: reject", "whenFull: wait", 1)

func network(tb testing.TB, yaml string) *router.Network {
	tb.Helper()
	c, findings := config.Load("town.yaml", config.Options{ReadFile: func(string) ([]byte, error) { return []byte(yaml), nil }})
	if c == nil {
		tb.Fatal(findings.Format())
	}
	n, err := router.Build(c)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// at reads a wall in Helsinki, on a Tuesday.
func at(clock string) time.Time {
	t, err := time.Parse("2006-01-02 15:04 -0700", "2026-08-04 "+clock+" +0300")
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

type change func(*event.Order)

// placed is an order of one mug near the hub.
func placed(id, clock string, changes ...change) replay.Input {
	o := &event.Order{OrderID: id, Channel: "web", PlacedAt: at(clock),
		ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.172, Longitude: 24.945}, AddressCountry: "FI"},
		Lines:  []event.Line{{SKU: "mug-blue", Quantity: 1, WeightGrams: 300, DimensionsMm: []int64{70, 80, 90}}}}
	for _, c := range changes {
		c(o)
	}
	return replay.Input{Order: o}
}

func cancelled(id, clock string) replay.Input {
	return replay.Input{Cancellation: &event.Cancellation{OrderID: id, Channel: "web", CancelledAt: at(clock), Reason: "changed_mind"}}
}

func level(id string) change { return func(o *event.Order) { o.ServiceLevel = id } }

func lamps(n int64) change {
	return func(o *event.Order) { o.Lines[0].SKU, o.Lines[0].Quantity = "lamp-arc", n }
}

// fate is an order's outcome in a few words.
func fate(j *replay.Journey) string {
	if !j.Dispatched() {
		return fmt.Sprint(j.Outcome, " ", strings.Join(j.Reasons, ","))
	}
	text := fmt.Sprintf("%s/%s %s", j.Sent.Site.SiteID, j.Sent.Lane, j.Sent.Slot.Start.In(helsinki).Format("Mon 15:04"))
	if j.Late() {
		text += " late"
	}
	return text
}

var helsinki = time.FixedZone("EEST", 3*60*60)
