package integration

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/geo/geocode"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// gazetteer is FI.tsv of every network here: the middle of 00530 is at
// Kallio's.
const gazetteer = "FI\t00530\tHelsinki\t\t\t\t\t\t\t60.1842\t24.9497\t4\n"

// byAddress has two sites, each for its own quarter of one postcode. Who lives
// at Vallila's is sent to Kallio's unless somebody knows the street.
var byAddress = yaml(`
defaults: {serviceLevel: same_day}
geocoding:
  gazetteers: [{country: FI, file: FI.tsv}]
  http: {kind: nominatim, url: "http://geocoder", userAgent: nearlane-test, countries: [FI]}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}}
couriers: {pyora: {}, kuorma: {}}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {withinKm: 0.7}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 60}}
  vallila:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1953, lng: 24.9561}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {withinKm: 0.7}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 60}}
      van: {courier: kuorma, serviceLevels: [same_day], blocks: ["Mo-Fr 12:00-14:00"], capacity: {parcels: 60}}
`)

var vallila = geo.Point{Lat: 60.1950, Lng: 24.9565}

// streets is a geocoder that has one answer for every address.
type streets struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	asked  int
}

func newStreets(t testing.TB) *streets {
	s := &streets{answer: houseAt(vallila, "00530")}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked++
		answer := s.answer
		s.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *streets) answers(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *streets) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked
}

// houseAt answers with a house of that postcode.
func houseAt(p geo.Point, postcode string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `[{"lat": "%f", "lon": "%f", "place_rank": 30, "addresstype": "building",
			"address": {"house_number": "3", "road": "Päijänteentie", "postcode": %q, "country_code": "fi"}}]`, p.Lat, p.Lng, postcode)
	}
}

// silent answers nothing for as long as it is asked.
func silent(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// ask gives a router the geocoder, with a cache in its Redis.
func (s *streets) ask(w *world) wrap { return s.askFor(w, time.Minute) }

// askFor is ask with a timeout of a request, for one that is never answered.
func (s *streets) askFor(w *world, timeout time.Duration) wrap {
	return func(o *router.Options) {
		g, err := geocode.New(geocode.Options{Kind: geocode.Nominatim, URL: s.URL, UserAgent: "nearlane-test",
			Timeout: timeout, Wait: 2 * timeout, RatePerSecond: 1000, Concurrency: 4,
			KeepFound: time.Hour, KeepMissed: time.Hour, Salt: geocode.Salt(o.DigestKey), Cache: o.Ledger.(*ledger.Ledger).Cache()})
		if err != nil {
			w.Fatalf("open geocoder: %v", err)
		}
		w.Cleanup(g.Close)
		o.Geocoder = g
	}
}

// forgetAddresses empties the cache.
func (w *world) forgetAddresses() {
	w.Helper()
	ctx, c := context.Background(), w.raw()
	keys, err := c.Keys(ctx, "nl:geo:*").Result()
	if err != nil || len(keys) == 0 {
		w.Fatalf("got cached addresses %v, %v, want some", keys, err)
	}
	c.Del(ctx, keys...)
}

// atAddress is an order that says the street and not where it is.
func atAddress(street string) change {
	return func(o *event.Order) { o.ShipTo.Geo, o.ShipTo.StreetAddress = nil, street }
}

const street = "Päijänteentie 3"

// wantPlaced wants an order's last decision to be at a lane, for a place known
// so by so.
func (a *account) wantPlaced(t *testing.T, o *event.Order, lane string, precision geo.Precision, by router.Source) {
	t.Helper()
	d := a.decision(t, o.Key())
	got := fmt.Sprintf("%s (%s by %s)", d.Outcome, d.Precision, d.LocatedBy)
	if len(d.Consignments) > 0 {
		got = fmt.Sprintf("%s/%s (%s by %s)", d.Consignments[0].Site.SiteID, d.Consignments[0].Lane, d.Precision, d.LocatedBy)
	}
	if want := fmt.Sprintf("%s (%s by %s)", lane, precision, by); got != want {
		t.Errorf("order %s: got %s, want %s", o.OrderID, got, want)
	}
}

// An address is routed from where the geocoder finds it, and not asked for a
// second time, whoever routes the next order to it. Coordinates are not asked
// for at all.
func TestAddressGoesToItsQuarter(t *testing.T) {
	t.Parallel()
	w, s := newWorld(t, setting{network: byAddress, redis: redisProcess}), newStreets(t)
	first := w.start("first", s.ask(w))
	one := order("one", atAddress(street))
	w.route(one)
	first.stop()
	w.start("second", s.ask(w))
	two, point := order("two", atAddress("  päijänteentie 3")), order("point")
	w.route(two, point)
	a := w.check()
	a.wantPlaced(t, one, "vallila/bike", geo.PrecisionAddress, router.SourceGeocoder)
	a.wantPlaced(t, two, "vallila/bike", geo.PrecisionAddress, router.SourceGeocoder)
	a.wantPlaced(t, point, "kallio/bike", geo.PrecisionPoint, router.SourceOrder)
	if got := s.requests(); got != 1 {
		t.Errorf("got %d requests for one address, want 1", got)
	}
	cell, err := geo.CellAt(vallila, 9)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.decision(t, one.Key()).Cell; got != cell.String() {
		t.Errorf("got cell %s, want %s", got, cell)
	}
}

// Without a geocoder, and with one that is no help, an order goes by its
// postcode. It is decided all the same.
func TestAddressFallsBackToItsPostcode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		answer  http.HandlerFunc
		timeout time.Duration
		most    int // requests for ten addresses, one after the other
	}{
		{"slow", silent, 300 * time.Millisecond, 3},
		{"down", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, time.Minute, 3},
		{"asks for patience", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "600")
			w.WriteHeader(http.StatusTooManyRequests)
		}, time.Minute, 1},
		{"nonsense", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") }, time.Minute, 3},
		{"another postcode", houseAt(vallila, "33100"), time.Minute, 10},
		{"another town, it says the same postcode", houseAt(geo.Point{Lat: 65.01, Lng: 25.47}, "00530"), time.Minute, 10},
		{"another continent", houseAt(geo.Point{Lat: -33.9, Lng: 18.4}, "00530"), time.Minute, 10},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, s := newWorld(t, setting{network: byAddress}), newStreets(t)
			s.answers(tt.answer)
			w.start("router", s.askFor(w, tt.timeout))
			var all []*event.Order
			for i := range 10 {
				all = append(all, order(fmt.Sprint("order ", i), atAddress(fmt.Sprint("Päijänteentie ", i))))
				w.route(all[i])
			}
			a := w.check()
			for _, o := range all {
				a.wantPlaced(t, o, "kallio/bike", geo.PrecisionPostcode, router.SourceGazetteer)
			}
			least := 1
			if tt.timeout < time.Minute {
				least = 0 // its time may be over before the request has arrived
			}
			if got := s.requests(); got < least || got > tt.most {
				t.Errorf("got %d requests, want from %d to %d", got, least, tt.most)
			}
		})
	}
}

// An order that is routed again is where it was, whatever the geocoder says
// now.
func TestAddressStaysWhereItWas(t *testing.T) {
	t.Parallel()
	w, s := newWorld(t, setting{network: byAddress, redis: redisProcess}), newStreets(t)
	w.start("router", s.ask(w))
	found, missed := order("found", atAddress(street)), order("missed", atAddress("Päijänteentie 5"))
	w.route(found)
	s.answers(houseAt(vallila, "33100"))
	w.route(missed)
	w.forgetAddresses()
	s.answers(houseAt(geo.Point{Lat: 60.1842, Lng: 24.9497}, "00530"))
	w.report(found, event.Rejected)
	s.answers(houseAt(vallila, "00530"))
	w.report(missed, event.Rejected)
	a := w.check()
	a.wantPlaced(t, found, "vallila/van", geo.PrecisionAddress, router.SourceGeocoder)
	a.wantPlaced(t, missed, "unroutable", geo.PrecisionPostcode, router.SourceGazetteer)
	if got := s.requests(); got != 2 {
		t.Errorf("got %d requests, want 2: none for the second attempt", got)
	}
}

// A router dies with a hold for an address, and the one that takes the order
// over finds it nowhere: the decision names the place that the hold is for.
func TestHoldKeepsItsAddress(t *testing.T) {
	t.Parallel()
	w, s := newWorld(t, setting{network: byAddress, redis: redisProcess, ackWait: 500 * time.Millisecond}), newStreets(t)
	bad := newMishap(reserve, replyLost, true)
	o := order("one", atAddress(street))
	w.publish(o)
	victim := w.start("victim", s.ask(w), bad.wrap)
	w.await("the router dies", bad.struck)
	victim.buried()
	w.forgetAddresses()
	s.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	w.start("heir", s.ask(w))
	w.drained(durable)
	w.check().wantPlaced(t, o, "vallila/bike", geo.PrecisionAddress, router.SourceGeocoder)
}

// The process asks the geocoder that its config names. That it is asked no
// more, or for other countries, takes a reload; who is asked takes a restart.
func TestProcessAsksItsGeocoder(t *testing.T) {
	t.Parallel()
	s := newStreets(t)
	network := strings.Replace(byAddress, "http://geocoder", s.URL, 1)
	w := newWorld(t, setting{network: network, redis: redisProcess})
	p := &process{w: w, path: filepath.Join(t.TempDir(), "router.yaml")}
	if err := os.WriteFile(filepath.Join(filepath.Dir(p.path), "FI.tsv"), []byte(gazetteer), 0o600); err != nil {
		t.Fatal(err)
	}
	p.write(network)
	p.start("router")
	w.eventually("the process is ready", p.isReady)
	asked, unasked := order("asked", atAddress(street)), order("unasked", atAddress("Päijänteentie 5"))
	w.route(asked)
	if got := p.metric(`nearlane_geocode_requests_total{outcome="found"}`); got != "1" {
		t.Errorf("got %s requests that found something, want 1", got)
	}
	p.reloadWith(strings.Replace(network, s.URL, "http://127.0.0.1:1", 1))
	p.reloadWas("0")
	before := p.Router.Network().Revision
	p.reloadWith(strings.Replace(network, "countries: [FI]", "countries: [SE]", 1))
	p.reloadWas("1")
	if got := p.Router.Network().Revision; got == before {
		t.Errorf("got the network of before, %s", got)
	}
	w.route(unasked)
	a := w.check()
	a.wantPlaced(t, asked, "vallila/bike", geo.PrecisionAddress, router.SourceGeocoder)
	a.wantPlaced(t, unasked, "kallio/bike", geo.PrecisionPostcode, router.SourceGazetteer)
	if got := s.requests(); got != 1 {
		t.Errorf("got %d requests, want 1", got)
	}
}
