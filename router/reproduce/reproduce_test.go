package reproduce

import (
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

const town = `network: town
currency: EUR
defaults: {serviceLevel: same_day}
geocoding: {gazetteers: [{country: FI, file: FI.tsv}]}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels:
  same_day: {promise: {sameDayBy: "21:00"}}
couriers: {pyora: {}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Sa 08:00-20:00"
    handling: {time: 20m, costPerOrder: 0.60}
    stocks: ["mug-*"]
    lanes:
      bike:
        courier: pyora
        serviceLevels: [same_day]
        catchment: {geojson: areas.geojson}
        blocks: ["Mo-Sa 10:00-12:00", "Mo-Sa 16:00-18:00"]
        capacity: {parcels: 25}
        cost: {perParcel: 4.20}
      van:
        courier: pyora
        serviceLevels: [same_day]
        catchment: {countries: [FI]}
        blocks: ["Mo-Sa 17:00-19:00"]
        capacity: {parcels: 25}
        cost: {perParcel: 9.20}
`

const (
	area      = `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[24.8,60.1],[25.1,60.1],[25.1,60.25],[24.8,60.25],[24.8,60.1]]]}}`
	gazetteer = "FI\t00530\tHelsinki\t\t\t\t\t\t\t60.1842\t24.9497\t4\nFI\t33100\tTampere\t\t\t\t\t\t\t61.4978\t23.7610\t4\n"
)

var (
	decidedAt = time.Date(2026, 8, 4, 6, 0, 0, 0, time.UTC) // a Tuesday, 09:00 in Helsinki
	files     = map[string]string{"town.yaml": town, "FI.tsv": gazetteer, "areas.geojson": area}
	order     = &event.Order{OrderID: "W1", Channel: "web", PlacedAt: decidedAt,
		ShipTo: event.Address{PostalCode: "00530", AddressCountry: "FI"},
		Lines:  []event.Line{{SKU: "mug-blue", Quantity: 1, WeightGrams: 500, DimensionsMm: []int64{100, 80, 90}}}}
)

// with is the files with texts replaced in one of them, in pairs.
func with(t *testing.T, name string, pairs ...string) map[string]string {
	t.Helper()
	out := maps.Clone(files)
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(out[name], pairs[i]) {
			t.Fatalf("%s has no %q", name, pairs[i])
		}
		out[name] = strings.ReplaceAll(out[name], pairs[i], pairs[i+1])
	}
	return out
}

func options(in map[string]string) config.Options {
	return config.Options{ReadFile: func(path string) ([]byte, error) {
		text, ok := in[filepath.Base(path)]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(text), nil
	}}
}

func network(t *testing.T, in map[string]string) *Network {
	t.Helper()
	c, found := config.Load("town.yaml", options(in))
	if c == nil {
		t.Fatal(found.Format())
	}
	n, err := Now(c)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// then is the network of the files as an archive keeps it, with the other
// files as they are on disk today.
func then(t *testing.T, kept *Network, closures []router.Closure, today map[string]string) *Network {
	t.Helper()
	n, err := Then(kept.Revision, kept.Config.Bundle(), closures, options(today))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// decided is what a router stores of an order, with nothing taken yet.
func decided(n *Network, o *event.Order) Case {
	d := n.Redecide(o, &event.Decision{DecidedAt: decidedAt, Attempt: 1})
	d.OrderSequence = 7
	return Case{Order: o, Stored: d, WrittenAt: decidedAt}
}

func fields(list []Difference) (names []string) {
	for _, d := range list {
		names = append(names, d.Field)
	}
	return names
}

func TestReproduced(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	c := decided(n, order)
	if got := c.Stored.Consignments[0].Lane; got != "bike" {
		t.Fatalf("got %s, want the bike", got)
	}
	want := Report{Status: Reproduced, Revision: n.Revision}
	if diff := cmp.Diff(want, ignoringAgain(Of(c, then(t, n, nil, files), n))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func ignoringAgain(r Report) Report {
	r.Again = nil
	return r
}

// What was full is taken from the decision: with the first block gone, the
// second one is what comes out again.
func TestReproducedWithWhatWasFull(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	p := n.Plan(router.Request{Order: order, Place: n.Locate(order), Now: decidedAt})
	options, _ := p.Take(3)
	c := decided(n, order)
	for i, o := range options {
		c.Stored = n.Redecide(order, &event.Decision{Outcome: event.Dispatched, DecidedAt: decidedAt, Attempt: 1,
			Consignments: []event.Consignment{{Body: o.Body}}})
		if got := c.Stored.Consignments[0].Slot; got != o.Body.Slot {
			t.Errorf("option %d: got %v, want %v", i, got, o.Body.Slot)
		}
		if r := Of(c, n, n); r.Status != Reproduced {
			t.Errorf("option %d: got %s: %v", i, r.Status, r.Differences)
		}
	}
	if got := c.Stored.Candidates[0].Reason; got != router.SlotFull.String() {
		t.Errorf("the bike, both blocks full: got %q", got)
	}
}

// Every input that changed is named, and so is what it changes.
func TestDiffers(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	c := decided(n, order)
	moved := with(t, "FI.tsv", "60.1842\t24.9497", "61.5000\t23.7700")
	narrower := with(t, "areas.geojson", "60.25", "60.15")
	dearer := with(t, "town.yaml", "perParcel: 4.20", "perParcel: 5.20")
	closed := []router.Closure{{Site: "hub", Lane: "bike", From: lanes.DateOf(decidedAt.Unix(), time.UTC), Until: lanes.DateOf(decidedAt.Unix(), time.UTC)}}

	for name, tc := range map[string]struct {
		c       Case
		on      *Network
		kinds   []string
		names   []string
		differs []string // first fields
	}{
		"gazetteer": {c, then(t, n, nil, moved), []string{GazetteerChanged}, []string{"FI.tsv"}, []string{"lane", "slot", "promise"}},
		"config, not kept": {c, network(t, dearer).StandIn(c.Stored.ConfigRevision, nil), []string{ConfigChanged}, []string{""},
			[]string{"cost"}},
		"shape, not kept": {c, network(t, narrower).StandIn(c.Stored.ConfigRevision, nil), []string{ConfigChanged}, []string{""},
			[]string{"lane", "slot", "promise"}},
		"closures": {c, &Network{Network: n.WithClosures(closed), Config: n.Config, Changes: []Change{{Kind: ClosuresChanged}}},
			[]string{ClosuresChanged}, []string{""}, []string{"lane", "slot", "promise"}},
		"program":    {altered(c, func(d *event.Decision) { d.Consignments[0].DistanceM++ }), n, []string{ProgramChanged}, []string{""}, []string{"distanceM"}},
		"taken over": {later(altered(c, func(d *event.Decision) { d.Candidates = d.Candidates[:1] })), n, []string{TakenOver}, []string{""}, []string{"candidate hub/van for same_day"}},
	} {
		r := Of(tc.c, tc.on, nil)
		if r.Status != Differs {
			t.Errorf("%s: got %s, want it to differ", name, r.Status)
			continue
		}
		var kinds, names []string
		for _, ch := range r.Changes {
			kinds, names = append(kinds, ch.Kind), append(names, ch.Name)
		}
		got := fields(r.Differences)
		if diff := cmp.Diff([][]string{tc.kinds, tc.names, tc.differs}, [][]string{kinds, names, got[:min(len(got), len(tc.differs))]}); diff != "" {
			t.Errorf("%s: changes, names, fields (-want +got):\n%s", name, diff)
		}
	}
}

// altered is the case with a decision that no plan gives.
func altered(c Case, change func(*event.Decision)) Case {
	d := *c.Stored
	d.Consignments = append([]event.Consignment(nil), d.Consignments...)
	change(&d)
	c.Stored = &d
	return c
}

func later(c Case) Case {
	c.WrittenAt = c.WrittenAt.Add(time.Minute)
	return c
}

// A change that does not touch the order is told, and is no difference.
func TestReproducedAllTheSame(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	c := decided(n, order)
	r := Of(c, then(t, n, nil, with(t, "FI.tsv", "61.4978", "61.5978")), nil)
	if r.Status != Reproduced || len(r.Changes) != 1 || r.Changes[0].Kind != GazetteerChanged || r.Changes[0].Then == r.Changes[0].Now {
		t.Errorf("got %s with %+v", r.Status, r.Changes)
	}
}

// The closures of then are part of the network of then.
func TestThenHasItsClosures(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	day := lanes.DateOf(decidedAt.Unix(), time.UTC)
	closures := []router.Closure{{Site: "hub", Lane: "bike", From: day, Until: day}}
	shut := &Network{Network: n.WithClosures(closures), Config: n.Config}
	c := decided(shut, order)
	if c.Stored.Consignments[0].Lane != "van" {
		t.Fatalf("got %s with the bike closed", c.Stored.Consignments[0].Lane)
	}
	r := Of(c, then(t, shut, closures, files), n)
	if r.Status != Reproduced || len(r.Changes) > 0 || len(r.Closed) != 1 {
		t.Errorf("with them: got %s, %+v, %+v", r.Status, r.Changes, r.Closed)
	}
	want := &Today{Revision: n.Revision, Outcome: event.Dispatched, Changes: []Change{{Kind: ClosuresChanged, Then: "hub/bike on 2026-08-04"}}}
	if r.Today == nil || r.Today.Way.Lane != "bike" {
		t.Fatalf("today: got %+v, want the bike", r.Today)
	}
	r.Today.Way = nil
	if diff := cmp.Diff(want, r.Today); diff != "" {
		t.Errorf("today (-want +got):\n%s", diff)
	}
	r = Of(c, then(t, shut, nil, files), n)
	if r.Status != Differs || len(r.Changes) != 1 || r.Changes[0].Kind != ClosuresUnknown {
		t.Errorf("without them: got %s, %+v", r.Status, r.Changes)
	}
}

// The present config is asked as well.
func TestToday(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	c := decided(n, order)
	for name, tc := range map[string]struct {
		today map[string]string
		lane  string // empty: it would go the same way
		kinds []string
	}{
		"same way":     {with(t, "town.yaml", "perParcel: 9.20", "perParcel: 9.90"), "", nil},
		"another lane": {with(t, "areas.geojson", "60.25", "60.15"), "van", []string{ShapesChanged}},
		"both":         {with(t, "town.yaml", "geojson: areas.geojson", "withinKm: 0.3"), "van", []string{ConfigChanged, ShapesChanged}},
	} {
		r := Of(c, n, network(t, tc.today))
		if r.Status != Reproduced {
			t.Errorf("%s: got %s", name, r.Status)
		}
		var lane string
		var kinds []string
		if r.Today != nil {
			lane = r.Today.Way.Lane
			for _, ch := range r.Today.Changes {
				kinds = append(kinds, ch.Kind)
			}
		}
		if diff := cmp.Diff([]any{tc.lane, tc.kinds}, []any{lane, kinds}); diff != "" {
			t.Errorf("%s: lane and changes (-want +got):\n%s", name, diff)
		}
	}
}

// What was full then is full today, unless its limit was raised.
func TestTodayWithWhatWasFull(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	c := decided(n, order)
	c.Stored, _ = n.RedecideWith(order, c.Stored, func(b *event.Body) bool { return b.Lane == "van" })
	for name, tc := range map[string]struct {
		pairs []string
		lane  string // empty: it would go the same way
	}{
		"dearer": {[]string{"perParcel: 9.20", "perParcel: 9.90"}, ""},
		"raised": {[]string{"parcels: 25", "parcels: 26"}, "bike"},
		"later":  {[]string{"16:00-18:00", "16:30-18:00"}, "bike"},
	} {
		r := Of(c, n, network(t, with(t, "town.yaml", tc.pairs...)))
		lane := ""
		if r.Today != nil {
			lane = r.Today.Way.Lane
		}
		if r.Status != Reproduced || lane != tc.lane {
			t.Errorf("%s: got %s, and today %q, want %q", name, r.Status, lane, tc.lane)
		}
	}
}

func TestWithoutInputs(t *testing.T) {
	t.Parallel()
	n := network(t, files)
	c := decided(n, order)
	if r := Of(c, nil, nil); r.Status != Impossible || !strings.Contains(r.Why, "is not to be had") {
		t.Errorf("without a network: got %s, %s", r.Status, r.Why)
	}
	c.Order = nil
	if r := Of(c, n, n); r.Status != Impossible || len(r.Changes) != 1 || r.Changes[0].Kind != OrderGone {
		t.Errorf("without the order: got %s, %+v", r.Status, r.Changes)
	}
}

func TestNotPlanned(t *testing.T) {
	t.Parallel()
	at := decidedAt
	first := decided(network(t, files), order).Stored
	renewed := func(change func(*event.Decision)) *event.Decision {
		d := *first
		d.Candidates, d.ReasonCounts = nil, nil
		change(&d)
		return &d
	}
	for name, tc := range map[string]struct {
		d       *event.Decision
		planned bool
	}{
		"the first":    {first, true},
		"accepted":     {renewed(func(d *event.Decision) { d.AcceptedAt = &at }), false},
		"renewed":      {renewed(func(d *event.Decision) {}), false},
		"cancelled":    {renewed(func(d *event.Decision) { d.Outcome = event.Cancelled }), false},
		"completed":    {renewed(func(d *event.Decision) { d.Outcome = event.Completed }), false},
		"void":         {renewed(func(d *event.Decision) { d.Outcome = event.Void }), false},
		"forgotten":    {&event.Decision{Outcome: event.Unroutable, Reasons: []string{"courier_failed", router.OrderExpired}}, false},
		"unknown":      {&event.Decision{Outcome: "split"}, false},
		"unroutable":   {&event.Decision{Outcome: event.Unroutable, Reasons: []string{"service_level_unknown"}}, true},
		"sent anew":    {renewed(func(d *event.Decision) { d.DispatchID = "another" }), true},
		"waiting anew": {&event.Decision{Outcome: event.Waiting, ReasonCounts: map[string]int{"full": 1}}, true},
	} {
		if why := NotPlanned(tc.d, first); (why == "") != tc.planned {
			t.Errorf("%s: got %q, want planned %t", name, why, tc.planned)
		}
	}
}
