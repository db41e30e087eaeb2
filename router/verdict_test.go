package router

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

// many is n hubs around the order; edit changes the line of a hub.
func many(n int, edit func(i int, hub string) string) string {
	var b strings.Builder
	b.WriteString(`network: many
currency: EUR
defaults: {serviceLevel: same_day}
regions: {town: {timezone: Europe/Helsinki}}
serviceLevels: {same_day: {promise: {sameDayBy: "21:00"}}}
couriers: {bike: {}}
sites:
`)
	for i := range n {
		b.WriteString(edit(i, fmt.Sprintf(`  h%03d: {kind: micro_hub, region: town, at: {lat: 60.17, lng: 24.94}, hours: "Mo-Su 08:00-20:00", stocks: ["mug-*"], lanes: {bike: {courier: bike, serviceLevels: [same_day], catchment: {withinKm: 5}, blocks: ["Mo-Su 12:00-14:00"], capacity: {parcels: 2}}}}
`, i)))
	}
	return b.String()
}

func TestCandidatesAreLimited(t *testing.T) {
	t.Parallel()
	o := mugOrder(at("2026-08-04 09:00"))
	for _, c := range []struct {
		name    string
		edit    func(i int, hub string) string
		offered int
		first   []string // of the list
		last    []string // of list and counts
	}{
		{"none left", func(i int, hub string) string {
			if i >= 64 {
				return strings.Replace(hub, "withinKm: 5", "countries: [SE]", 1)
			}
			return hub
		}, 64, []string{"h000/bike same_day"}, []string{"h063/bike same_day", "36 outside_catchment"}},
		{"more that were offered than fit", func(_ int, hub string) string { return hub },
			64, []string{"h000/bike same_day"}, []string{"h063/bike same_day", "36 offered"}},
		{"what was offered comes first, then the nearest reason", func(i int, hub string) string {
			switch {
			case i < 40:
				return strings.Replace(hub, "mug-*", "hat", 1)
			case i < 80:
				return strings.Replace(hub, "12:00-14:00", "08:30-09:00", 1)
			}
			return hub
		}, 20, []string{"h080/bike same_day"}, []string{"h079/bike same_day too_late", "h000/bike same_day no_stock", "h001/bike same_day no_stock", "h002/bike same_day no_stock", "h003/bike same_day no_stock", "36 no_stock"}},
	} {
		p := plan(network(t, many(100, c.edit)), o, o.PlacedAt)
		drain(p)
		got := told(p, MaxCandidates)
		equal(t, c.name+": first", got[:1], c.first)
		equal(t, c.name+": last", got[len(got)-len(c.last):], c.last)
		list, rest := p.Candidates(MaxCandidates)
		offered, counted := 0, 0
		for _, candidate := range list {
			if candidate.Reason == "" {
				offered++
			}
		}
		for _, n := range rest {
			counted += n
		}
		equal(t, c.name+": offered", offered, c.offered)
		equal(t, c.name+": listed and counted", len(list)+counted, 100)
		all, none := p.Candidates(1000)
		if !slices.IsSortedFunc(all, func(a, b event.Candidate) int { return strings.Compare(a.Site, b.Site) }) {
			t.Errorf("%s: the whole list is not sorted by site", c.name)
		}
		equal(t, c.name+": counted beside the whole list", len(all)+none[OutsideCatchment.String()], 100)
	}
}

func TestFull(t *testing.T) {
	t.Parallel()
	n := network(t, edited(t, lockers, `"Mo-Fr 16:00-18:00"`, `"Mo-Fr 16:00-18:00", "Mo-Fr 18:00-20:00"`))
	for _, c := range []struct {
		name       string
		order      *event.Order
		full       int // of the options
		candidates []string
		reasons    []string
	}{
		{"some of a bank's options", lockerOrder(pick("away")), 1, []string{"hub/bike same_day", "hub/bike away same_day"}, nil},
		{"all of a bank's options at the first departure", lockerOrder(pick("mid")), 2, []string{"hub/bike same_day", "hub/bike mid same_day"}, nil},
		{"all", lockerOrder(pick("away")), 4, []string{"hub/bike same_day full", "hub/bike away same_day full"}, []string{"full"}},
		{"all, and no door to go to", lockerOrder(onlyLocker, pick("mid")), 4, []string{"hub/bike same_day full", "hub/bike mid same_day full"}, []string{"full"}},
		{"one bank of two, and no door to go to", lockerOrder(onlyLocker), 2, []string{"hub/bike same_day", "hub/bike near same_day", "hub/bike away same_day locker_too_far", "hub/bike mid same_day"}, nil},
		{"all of two banks, and no door to go to", lockerOrder(onlyLocker), 8, []string{"hub/bike same_day full", "hub/bike near same_day full", "hub/bike away same_day locker_too_far", "hub/bike mid same_day full"}, []string{"full", "locker_too_far"}},
	} {
		p := plan(n, c.order, at("2026-08-04 09:00"))
		options := drain(p)
		if c.full > len(options) {
			t.Fatalf("%s: got %d options, want %d", c.name, len(options), c.full)
		}
		p.Full(options[:c.full])
		equal(t, c.name+": candidates", told(p, MaxCandidates), c.candidates)
		if c.reasons != nil {
			equal(t, c.name+": reasons", p.Reasons(), c.reasons)
		}
	}
}

// What the ledger granted shows what had no room before it; the body says
// which it was, and one of an earlier plan says nothing about this one.
func TestGranted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		granted int // of the options; -1: none of them
		want    []string
	}{
		{"first", 0, []string{"h000/bike same_day", "h001/bike same_day", "h002/bike same_day"}},
		{"second", 1, []string{"h000/bike same_day full", "h001/bike same_day", "h002/bike same_day"}},
		{"last", 2, []string{"h000/bike same_day full", "h001/bike same_day full", "h002/bike same_day"}},
		{"none", -1, []string{"h000/bike same_day", "h001/bike same_day", "h002/bike same_day"}},
	} {
		o := mugOrder(at("2026-08-04 09:00"))
		p := plan(network(t, many(3, func(_ int, hub string) string { return hub })), o, o.PlacedAt)
		options, _ := p.Take(8)
		body := []byte("{}")
		for i, option := range options {
			offer, err := option.Offer()
			if err != nil {
				t.Fatal(err)
			}
			if i == c.granted {
				body = slices.Clone(offer.Body)
			}
		}
		p.Granted(options, body)
		equal(t, c.name, told(p, MaxCandidates), c.want)
	}
}

// The fuller lane decides: the nearest reason is told first, each once.
func TestReasonsAreSortedByNearness(t *testing.T) {
	t.Parallel()
	edits := [][2]string{
		{"mug-*", "hat"},                              // no_stock
		{"withinKm: 5", "withinKm: 5"},                // full
		{"12:00-14:00", "08:30-09:00"},                // too_late
		{"mug-*", "hat"},                              // no_stock
		{"parcels: 2", "grams: 349"},                  // too_heavy
		{"stocks: [\"mug-*\"]", "stocks: [mug-blue]"}, // full
	}
	n := network(t, many(len(edits), func(i int, hub string) string { return strings.Replace(hub, edits[i][0], edits[i][1], 1) }))
	o := mugOrder(at("2026-08-04 09:00"))
	p := plan(n, o, o.PlacedAt)
	p.Full(drain(p))
	equal(t, "reasons", p.Reasons(), []string{"full", "too_late", "too_heavy", "no_stock"})
}

func TestReasonCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, code := range ReasonCodes() {
		if code[0] == "" || code[1] == "" || seen[code[0]] {
			t.Errorf("reason %q, meaning %q: want each reason once, with a meaning", code[0], code[1])
		}
		seen[code[0]] = true
	}
	if got, want := len(seen), int(reasonCount)-1; got != want {
		t.Errorf("got %d reasons, want %d", got, want)
	}
	for r := Offered; r < reasonCount; r++ {
		if r.Meaning() == "" || (r.String() == "") != (r == Offered) {
			t.Errorf("reason %d is %q, meaning %q", r, r, r.Meaning())
		}
	}
}
