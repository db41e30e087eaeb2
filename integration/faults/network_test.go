package faults

import "time"

// network has two regions, a level for each and one for both, and less room
// than a round has orders, so that the last places are fought over: those who
// wait take every place that comes free at once. What couriers refuse or do
// not answer has somewhere else to go.
const network = `
network: helsinki
currency: EUR
regions:
  helsinki: {timezone: Europe/Helsinki}
  espoo: {timezone: Europe/Helsinki}
defaults: {serviceLevel: any}
serviceLevels:
  city: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  west: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  any: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  patient: {promise: {sameDayBy: "21:00"}, whenFull: wait}
  locker: {promise: {elapsed: 84h}, whenFull: reject}
couriers:
  pyora: {}
  reitti: {acceptWithin: 2s}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [city, any, patient], blocks: ["Mo-Fr 10:00-12:00", "Mo-Fr 14:00-16:00"], capacity: {parcels: 20, grams: 60000}}
      lockers: {courier: pyora, serviceLevels: [locker], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 100}, lockers: [sornainen]}
  kamppi:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1685, lng: 24.9316}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: reitti, serviceLevels: [city], blocks: ["Mo-Fr 12:00-14:00"], capacity: {parcels: 20}}
  tapiola:
    kind: micro_hub
    region: espoo
    at: {lat: 60.1755, lng: 24.8049}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {countries: [FI]}
    lanes:
      bike: {courier: pyora, serviceLevels: [west, any, patient], blocks: ["Mo-Fr 11:00-13:00"], capacity: {parcels: 30}}
      van: {courier: reitti, serviceLevels: [west], blocks: ["Mo-Fr 15:00-17:00"], capacity: {parcels: 25}}
lockers:
  sornainen:
    region: helsinki
    at: {lat: 60.1870, lng: 24.9600}
    offer: {withinKm: 2}
    dwell: 1d
    sizes: [{size: S, count: 8, mm: [100, 100, 100]}, {size: M, count: 8, mm: [200, 400, 400]}]
`

// hasty is the courier who has to accept, and how soon.
const (
	hasty        = "reitti"
	acceptWithin = 2 * time.Second
)

// levels of the network, and its regions.
var (
	levels  = []string{"city", "west", "any", "patient", "locker"}
	regions = []string{"helsinki", "espoo"}
)
