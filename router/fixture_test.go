package router

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// town is a hub with a bike for today and a carrier for the days after. The
// 13th of August 2026, a Thursday, is a holiday; on Wednesday the 19th the hub
// is closed.
const town = `network: town
currency: EUR
defaults: {serviceLevel: same_day}
holidays: {fi: [2026-08-13]}
regions: {town: {timezone: Europe/Helsinki, holidays: fi}}
serviceLevels:
  same_day: {cutoff: ["Mo-Fr 17:00", "Sa 14:00"], promise: {sameDayBy: "21:00"}, fallback: national}
  national: {promise: {workingDays: 3, by: "21:00"}}
couriers:
  bike: {maxParcel: {grams: 15000, mm: [600, 400, 400]}}
  post: {maxParcel: {grams: 30000, mm: [1000, 600, 600]}}
sites:
  hub:
    kind: micro_hub
    region: town
    at: {lat: 60.17, lng: 24.94}
    hours: "Mo-Fr 08:00-20:00; Sa 09:00-18:00; PH off"
    closed: [2026-08-19]
    handling: {time: 20m, costPerOrder: 0.60}
    stocks: ["mug-*"]
    lanes:
      bike:
        courier: bike
        serviceLevels: [same_day]
        catchment: {withinKm: 3}
        blocks: ["Mo-Sa 10:00-12:00", "Mo-Sa 16:00-18:00", "Mo-Fr 18:00-20:30"]
        closesBefore: 15m
        capacity: {parcels: 25, grams: 120000}
        cost: {perParcel: 4.20}
      post:
        courier: post
        serviceLevels: [national]
        catchment: {countries: [FI]}
        collections: ["Mo-Fr 17:30"]
        transit: {workingDays: [1, 2]}
        capacity: {parcels: 400}
        cost: {perParcel: 6.90}
`

// bikeOnly is the town without what follows today.
var bikeOnly = []string{", fallback: national", "", `cutoff: ["Mo-Fr 17:00", "Sa 14:00"], `, ""}

var (
	helsinki = zone("Europe/Helsinki")
	tuesday  = at("2026-08-04 10:00")
)

func zone(name string) *time.Location {
	z, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return z
}

// at reads the wall in Helsinki.
func at(wall string) time.Time {
	layout := "2006-01-02 15:04:05"
	t, err := time.ParseInLocation(layout[:len(wall)], wall, helsinki)
	if err != nil {
		panic(err)
	}
	return t
}

// edited replaces texts by others, in pairs, each found exactly once.
func edited(tb testing.TB, text string, pairs ...string) string {
	tb.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if n := strings.Count(text, pairs[i]); n != 1 {
			tb.Fatalf("%q is there %d times", pairs[i], n)
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	return text
}

func network(tb testing.TB, yaml string) *Network {
	tb.Helper()
	return networkOf(tb, map[string]string{"test.yaml": yaml})
}

// networkOf builds test.yaml of files.
func networkOf(tb testing.TB, files map[string]string) *Network {
	tb.Helper()
	c, findings := config.Load("test.yaml", config.Options{ReadFile: func(path string) ([]byte, error) {
		data, ok := files[path]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return []byte(data), nil
	}})
	if c == nil {
		tb.Fatal(findings.Format())
	}
	n, err := Build(c)
	if err != nil {
		tb.Fatal(err)
	}
	return n
}

// mugOrder is an order for one mug to the hub's own place.
func mugOrder(at time.Time) *event.Order {
	return &event.Order{OrderID: "1", Channel: "shop", PlacedAt: at,
		ShipTo: event.Address{AddressCountry: "FI", Geo: &event.Geo{Latitude: 60.17, Longitude: 24.94}},
		Lines:  []event.Line{line("mug-blue", 1)}}
}

func line(sku string, quantity int64) event.Line {
	return event.Line{SKU: sku, Quantity: quantity, WeightGrams: 350, DimensionsMm: []int64{100, 90, 120}}
}

func plan(n *Network, o *event.Order, now time.Time) *Plan {
	return n.Plan(Request{Order: o, Place: n.Locate(o), Now: now, Excluded: o.Constraints.ExcludedSites})
}

// drain takes all options of the plan.
func drain(p *Plan) []*Option {
	var all []*Option
	for {
		options, _ := p.Take(100)
		if len(options) == 0 {
			return all
		}
		all = append(all, options...)
	}
}

// brief tells an option in a line: whose, by which lane, when it leaves, and
// which compartment and production days it takes.
func brief(o *Option) string {
	b := &o.Body
	text := fmt.Sprintf("%s/%s %s", b.Site.SiteID, b.Lane, b.Slot.Start.In(helsinki).Format("Mon 02 15:04"))
	if b.Locker != nil {
		text += " " + b.Locker.BankID + "/" + b.Locker.Size
	}
	for _, c := range b.Claims {
		if s, err := lanes.ParseSlot(c.Slot); err == nil && s.Kind == lanes.KindMake {
			text += fmt.Sprintf(" %s:%s", s.Name, s.Date.String()[8:])
		}
	}
	return text
}

func briefs(options []*Option) []string {
	var all []string
	for _, o := range options {
		all = append(all, brief(o))
	}
	return all
}

// told tells the candidates in a line each.
func told(p *Plan, most int) []string {
	list, rest := p.Candidates(most)
	var all []string
	for _, c := range list {
		text := c.Site + "/" + c.Lane
		if c.Locker != "" {
			text += " " + c.Locker
		}
		all = append(all, strings.TrimSpace(text+" "+c.Level+" "+c.Reason))
	}
	var counts []string
	for reason, n := range rest {
		counts = append(counts, fmt.Sprintf("%d %s", n, reason))
	}
	slices.Sort(counts)
	return append(all, counts...)
}

func equal[T any](tb testing.TB, what string, got, want T) {
	tb.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s differ (-want +got):\n%s", what, diff)
	}
}

// planCase is one order planned in an edited network.
type planCase struct {
	name        string
	edit        []string // of the network, in pairs
	placed, now string   // no now: as it is placed
	order       func(*event.Order)
	want        []string // the options as brief has them
	reasons     []string // where there is no option
}

func planAll(t *testing.T, yaml string, cases []planCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			placed, now := at(c.placed), at(c.placed)
			if c.now != "" {
				now = at(c.now)
			}
			o := mugOrder(placed)
			if c.order != nil {
				c.order(o)
			}
			p := plan(network(t, edited(t, yaml, c.edit...)), o, now)
			equal(t, "options", briefs(drain(p)), c.want)
			if len(c.want) == 0 {
				equal(t, "reasons", p.Reasons(), c.reasons)
			}
		})
	}
}
