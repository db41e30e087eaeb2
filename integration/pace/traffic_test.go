package pace

import (
	"fmt"
	"io/fs"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// The clock of routers stands still on a Tuesday at 09:00 in Helsinki: what an
// order can get does not depend on how long a turn takes.
var morning = time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC)

func stoppedClock() time.Time { return morning }

const (
	seed    = 20260804
	channel = "shop"

	digestKey = "0123456789abcdef0123456789abcdef"

	near    = 20 // sites in town
	repeats = 10 // one message in so many repeats an order
)

// mix is a kind of traffic, and the network it is routed in.
type mix struct {
	shipTo   func(r *rand.Rand) string // members of an address
	methods  string
	room     int64 // parcels in a block
	catch    string
	repeated bool
}

var mixes = map[string]mix{
	"coordinates": {shipTo: somewhere, methods: `["courier"]`, room: 1e9, catch: "{withinKm: 5}"},
	"postcodes":   {shipTo: postcode, methods: `["courier"]`, room: 1e9, catch: `{postcodes: {FI: ["00"]}}`},
	"lockers":     {shipTo: somewhere, methods: `["locker", "courier"]`, room: 1e9, catch: "{withinKm: 5}"},
	"full":        {shipTo: somewhere, methods: `["courier"]`, room: 1, catch: "{withinKm: 5}"},
	"duplicates":  {shipTo: somewhere, methods: `["courier"]`, room: 1e9, catch: "{withinKm: 5}", repeated: true},
}

func somewhere(r *rand.Rand) string {
	return fmt.Sprintf(`"geo":{"latitude":%.5f,"longitude":%.5f},"postalCode":"00%d00"`, 60.165+0.02*r.Float64(), 24.935+0.02*r.Float64(), 1+r.IntN(9))
}

func postcode(r *rand.Rand) string { return fmt.Sprintf(`"postalCode":"00%d00"`, 1+r.IntN(9)) }

// order is the i-th message of the mix: which order it is about, and its bytes.
func (m mix) order(i int) (id string, data []byte) {
	r := rand.New(rand.NewPCG(seed, uint64(i)))
	if m.repeated && i%repeats == repeats-1 {
		i -= 1 + r.IntN(min(i, 600))
		if i%repeats == repeats-1 {
			i-- // that one is no repeat
		}
		return m.order(i)
	}
	id = fmt.Sprintf("W%07d", i)
	return id, fmt.Appendf(nil, `{"orderId":%q,"channel":%q,"brand":"atelier","placedAt":"2026-08-04T05:58:00Z","serviceLevel":"same_day","deliveryMethods":%s,`+
		`"shipTo":{%s,"streetAddress":"Kampinkuja %d","addressLocality":"Helsinki","addressCountry":"FI"},`+
		`"recipient":{"name":"Aino Virtanen","phone":"+358401234567","email":"aino@example.com"},`+
		`"lines":[{"lineId":"1","sku":"mug-blue","quantity":%d,"weightGrams":350,"dimensionsMm":[100,80,90],"unitValue":{"amount":1290,"currency":"EUR"}},`+
		`{"lineId":"2","sku":"mug-red","quantity":1,"weightGrams":350,"dimensionsMm":[100,80,90]}]}`,
		id, channel, m.methods, m.shipTo(r), 1+r.IntN(90), 1+r.IntN(3))
}

// outgoing is the i-th message as a platform publishes it. A repeat is the same
// order in other bytes: ORDERS would first refuse the same ones, if they come
// at once.
func (m mix) outgoing(i int) (event.Key, stream.Outgoing) {
	id, data := m.order(i)
	if m.repeated && i%repeats == repeats-1 {
		data = append(fmt.Appendf(nil, `{"sending":%d,`, i), data[1:]...)
	}
	return event.Key{Channel: channel, Order: id}, stream.Outgoing{Subject: event.PlacedSubject(channel), Data: data}
}

// network is the config that the mix is routed by.
func (m mix) network() string {
	var b strings.Builder
	b.WriteString(`network: pace
currency: EUR
defaults: {serviceLevel: same_day}
geocoding: {gazetteers: [{country: FI, file: FI.tsv}]}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels:
  same_day: {cutoff: ["Mo-Su 17:00"], promise: {sameDayBy: "21:00"}, fallback: national}
  national: {promise: {workingDays: 3, by: "21:00"}}
couriers:
  bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}
  post: {maxParcel: {grams: 30000, mm: [1000, 600, 600]}}
sites:
`)
	for i := range near {
		fmt.Fprintf(&b, `  s%02d:
    kind: micro_hub
    region: town
    at: {lat: %.4f, lng: %.4f}
    hours: "Mo-Su 08:00-20:00"
    handling: {time: 20m, costPerOrder: 0.60}
    stocks: ["mug-*"]
    lanes:
      bike: {courier: bike, serviceLevels: [same_day], catchment: %s, blocks: ["Mo-Su 12:00-14:00", "Mo-Su 16:00-18:00", "Mo-Su 18:00-20:30"],
        closesBefore: 15m, capacity: {parcels: %d, grams: 1000000000}, cost: {perParcel: 4.20}, lockers: [bank]}
      post: {courier: post, serviceLevels: [national], catchment: {countries: [FI]}, collections: ["Mo-Fr 17:30"],
        transit: {workingDays: [1, 2]}, capacity: {parcels: 1000000000}, cost: {perParcel: 6.90}}
`, i, 60.17+float64(i%5)*0.002, 24.94+float64(i/5)*0.002, m.catch, m.room)
	}
	b.WriteString(`lockers:
  bank: {region: town, at: {lat: 60.175, lng: 24.945}, offer: {withinKm: 5}, dwell: 2d, costPerParcel: 0.90, sizes: [{size: M, count: 1000000000, mm: [400, 400, 600], maxGrams: 20000}]}
`)
	return b.String()
}

// gazetteer knows nine postcodes.
func gazetteer() []byte {
	var b []byte
	for i := 1; i <= 9; i++ {
		b = fmt.Appendf(b, "FI\t00%d00\tTown\t\t\t\t\t\t\t60.17%d\t24.94%d\t4\n", i, i, i)
	}
	return b
}

// build compiles a config.
func build(t testing.TB, text string) *router.Network {
	t.Helper()
	n, err := router.Build(loaded(t, text))
	if err != nil {
		t.Fatalf("build network: %v", err)
	}
	return n
}

func loaded(t testing.TB, text string) *config.Config {
	t.Helper()
	files := map[string][]byte{"pace.yaml": []byte(text), "FI.tsv": gazetteer()}
	c, found := config.Load("pace.yaml", config.Options{ReadFile: func(path string) ([]byte, error) {
		if data, ok := files[path]; ok {
			return data, nil
		}
		return nil, fs.ErrNotExist
	}})
	if c == nil {
		t.Fatalf("load network:\n%s", found.Format())
	}
	return c
}
