package router

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// rings is a town with lanes of many shapes around one site, so that whatever
// ranks can tie.
const rings = `network: rings
currency: EUR
defaults: {serviceLevel: same_day, deliveryMethods: [locker, courier], parcel: {mm: [100, 100, 100]}}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels:
  same_day: {promise: {sameDayBy: "21:00"}, fallback: later}
  later: {promise: {workingDays: 2, by: "21:00"}, whenFull: wait}
couriers: {bike: {}, van: {}}
sites:
  east:
    kind: microfactory
    region: town
    at: {lat: 60.17, lng: 24.96}
    hours: "Mo-Sa 08:00-20:00"
    makes: {press: {skus: ["mug-*"], unitsPerDay: 9, lead: 1h}}
    lanes:
      a: {courier: bike, serviceLevels: [same_day, later], catchment: {withinKm: 4}, blocks: ["Mo-Sa 12:00-14:00", "Mo-Sa 16:00-18:00"], capacity: {parcels: 5}, lockers: [box]}
      b: {courier: van, serviceLevels: [same_day], catchment: {withinKm: 6, minus: [{withinKm: 1}]}, blocks: ["Mo-Sa 12:00-14:00"], capacity: {parcels: 5}, cost: {perParcel: 1}}
  west:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.92}
    hours: "Mo-Sa 08:00-20:00"
    stocks: ["mug-*"]
    lanes:
      a: {courier: bike, serviceLevels: [same_day, later], catchment: {countries: [FI]}, blocks: ["Mo-Sa 12:00-14:00", "Mo-Sa 16:00-18:00"], capacity: {parcels: 5}, lockers: [box]}
lockers:
  box: {region: town, at: {lat: 60.17, lng: 24.94}, offer: {withinKm: 3}, dwell: 1d,
        sizes: [{size: S, count: 5, mm: [200, 200, 200]}, {size: L, count: 5, mm: [600, 600, 600]}]}
`

// scattered is an order somewhere around the rings.
func scattered(random *rand.Rand) *event.Order {
	o := &event.Order{OrderID: "W1", Channel: "web", PlacedAt: tuesday,
		ShipTo: event.Address{Geo: &event.Geo{Latitude: 60.14 + random.Float64()*0.06, Longitude: 24.88 + random.Float64()*0.12}, AddressCountry: "FI"},
		Lines:  []event.Line{{SKU: "mug-1", Quantity: 1, WeightGrams: 500}}}
	if random.IntN(4) == 0 {
		o.DeliveryMethods = []string{event.MethodCourier, event.MethodLocker}
	}
	if random.IntN(6) == 0 {
		o.Constraints.ExcludedSites = []string{[]string{"east", "west"}[random.IntN(2)]}
	}
	return o
}

// Whatever decides between two options has to be true of them: they are equal
// in every key before it, and in that key the first is better.
func TestDecider(t *testing.T) {
	t.Parallel()
	n := network(t, rings)
	random := rand.New(rand.NewPCG(4, 2))
	seen := map[string]bool{}
	for range 300 {
		o := scattered(random)
		p := n.Plan(Request{Order: o, Place: n.Locate(o), Now: tuesday})
		var before *event.Body
		for {
			options, _ := p.Take(1)
			if len(options) == 0 {
				break
			}
			this := &options[0].Body
			if before != nil {
				by := p.Decider(before, this)
				seen[by] = true
				p.wantDecided(t, by, before, this)
			}
			before = this
		}
	}
	for _, by := range []string{ByLevel, "promise", "method", "cost", "distance", BySite, BySize, ByMaking} {
		if !seen[by] {
			t.Errorf("no two options were ever told apart by %s", by)
		}
	}
}

func (p *Plan) wantDecided(t *testing.T, by string, a, b *event.Body) {
	t.Helper()
	if by == ByNothing {
		t.Errorf("nothing tells %+v and %+v apart", a, b)
	}
	if by == ByLevel {
		return
	}
	for _, key := range p.net.rank {
		x, y := p.measureOf(a, key), p.measureOf(b, key)
		switch {
		case string(key) == by && x >= y:
			t.Errorf("%s decides between %d and %d", key, x, y)
		case string(key) != by && x != y:
			t.Errorf("%s is %d and %d, and %s decides", key, x, y, by)
		}
		if string(key) == by {
			return
		}
	}
}

// Away lists exactly the lanes that Candidates counts.
func TestAwayIsWhatIsCounted(t *testing.T) {
	t.Parallel()
	n := network(t, rings)
	random := rand.New(rand.NewPCG(4, 3))
	minus := 0
	for i := range 200 {
		o := scattered(random)
		if i%5 == 0 {
			o.ShipTo = event.Address{AddressCountry: "SE", PostalCode: "11455"}
		}
		p := n.Plan(Request{Order: o, Place: n.Locate(o), Now: tuesday})
		p.Choose(func(*Option) bool { return false })
		_, want := p.Candidates(math.MaxInt)
		var got map[string]int
		for _, a := range p.Away() {
			if got == nil {
				got = map[string]int{}
			}
			got[a.Reason.String()]++
			if a.Minus {
				minus++
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("order %d (-counted +listed):\n%s", i, diff)
		}
	}
	if minus == 0 {
		t.Error("no place was ever in a minus")
	}
}

// A decision made on whatever is taken comes out the same once more.
func TestRedecide(t *testing.T) {
	t.Parallel()
	n := network(t, rings)
	random := rand.New(rand.NewPCG(4, 4))
	outcomes := map[event.Outcome]int{}
	for i := range 300 {
		o := scattered(random)
		used := map[string]int64{}
		few := random.IntN(60) // orders take what they find, so the last find little
		for {
			first := n.decideWith(o, used)
			again := n.Redecide(o, first)
			if diff := cmp.Diff(first, again); diff != "" {
				t.Fatalf("order %d with %d slots taken (-first +again):\n%s", i, len(used), diff)
			}
			outcomes[first.Outcome]++
			if few--; few < 0 || first.Outcome != event.Dispatched {
				break
			}
			for _, c := range first.Claims {
				used[c.Slot] = c.Limit
			}
		}
	}
	if outcomes[event.Dispatched] < 100 || outcomes[event.Waiting] < 20 {
		t.Errorf("got %v: this tests little", outcomes)
	}
}

// decideWith decides as a router with a ledger does.
func (n *Network) decideWith(o *event.Order, used map[string]int64) *event.Decision {
	was := &event.Decision{Outcome: event.Unroutable, DecidedAt: tuesday, Attempt: 1}
	d, _ := n.RedecideWith(o, was, func(b *event.Body) bool {
		return !slices.ContainsFunc(b.Claims, func(c event.Claim) bool { return used[c.Slot]+c.Units > c.Limit })
	})
	return d
}

func TestToldFull(t *testing.T) {
	t.Parallel()
	body := &event.Body{Site: event.Site{SiteID: "hub"}, Lane: "bike", ServiceLevel: "same_day", Claims: []event.Claim{{Slot: "one"}, {Slot: "two"}}}
	to := func(reason string) []event.Candidate {
		return []event.Candidate{{Site: "hub", Lane: "bike", Level: "same_day", Locker: "box", Reason: "full"}, {Site: "hub", Lane: "bike", Level: "same_day", Reason: reason}}
	}
	for name, tc := range map[string]struct {
		d    event.Decision
		want bool
	}{
		"said so":               {event.Decision{Candidates: to("full")}, true},
		"said otherwise":        {event.Decision{Candidates: to("")}, false},
		"not known":             {event.Decision{}, false},
		"among the counted":     {event.Decision{ReasonCounts: map[string]int{"full": 3}}, true},
		"waits for all of it":   {event.Decision{Candidates: to("full"), WaitsFor: []string{"two", "one"}}, true},
		"has a slot of its own": {event.Decision{Candidates: to("full"), WaitsFor: []string{"two"}}, false},
	} {
		if got := ToldFull(&tc.d, body); got != tc.want {
			t.Errorf("%s: got %t, want %t", name, got, tc.want)
		}
	}
}
