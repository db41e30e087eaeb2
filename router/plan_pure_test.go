package router

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

// everything that a plan says, as bytes.
func everything(tb testing.TB, n *Network, o *event.Order) []byte {
	tb.Helper()
	p := plan(n, o, o.PlacedAt)
	defer p.Release()
	var out bytes.Buffer
	for {
		options, region := p.Take(8)
		if len(options) == 0 {
			break
		}
		fmt.Fprintln(&out, region)
		for _, option := range options {
			offer, err := option.Offer()
			if err != nil {
				tb.Error(err)
				return nil
			}
			fmt.Fprintf(&out, "%s %v\n", offer.Body, offer.Claims)
		}
		p.Full(options[:len(options)/2])
	}
	list, rest := p.Candidates(MaxCandidates)
	fmt.Fprintln(&out, list, rest, p.Reasons(), p.Level()) // a map is printed by sorted keys
	return out.Bytes()
}

// varied is a network with everything in it, and orders that meet all of it.
func varied(tb testing.TB) (*Network, []*event.Order) {
	tb.Helper()
	n := network(tb, variedYAML(nil))
	var orders []*event.Order
	for _, edits := range [][]func(*event.Order){
		{}, {onlyLocker}, {pick("near")}, {pick("moon")}, {inCountry}, {of(line("figure-blue", 2), line("paint-red", 1))},
		{of(line("hat", 1))}, {of(boxed(1, 350))}, {func(o *event.Order) { o.ServiceLevel = "national" }},
		{func(o *event.Order) { o.ServiceLevel = "drone" }}, {func(o *event.Order) { o.Constraints.ExcludedSites = []string{"a", "c"} }},
	} {
		orders = append(orders, lockerOrder(edits...))
	}
	return n, orders
}

// variedYAML lists sites, lanes and lockers in any order.
func variedYAML(random *rand.Rand) string {
	shuffled := func(list ...string) string {
		if random != nil {
			random.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		return strings.Join(list, "")
	}
	bank := func(id, lat string) string {
		return fmt.Sprintf("  %s: {region: town, at: {lat: %s, lng: 24.94}, offer: {withinKm: 3}, dwell: 1d, sizes: [{size: S, count: 9, mm: [80, 400, 600]}, {size: L, count: 2, mm: [400, 400, 600]}]}\n", id, lat)
	}
	site := func(id string) string {
		return fmt.Sprintf("  %s:\n    kind: micro_hub\n    region: town\n    at: {lat: 60.17, lng: 24.94}\n    hours: \"Mo-Fr 08:00-20:00\"\n    stocks: [\"mug-*\"]\n", id) +
			"    makes:\n" + shuffled("      paint: {skus: [\"paint-*\"], unitsPerDay: 4, lead: 1h}\n", "      resin: {skus: [\"figure-*\"], unitsPerDay: 9, lead: 2h}\n") +
			"    lanes:\n" + shuffled(
			"      bike: {courier: bike, serviceLevels: [same_day], catchment: {withinKm: 3}, blocks: [\"Mo-Sa 10:00-12:00\", \"Mo-Sa 16:00-18:00\"], capacity: {parcels: 9}, lockers: [near, far]}\n",
			"      van: {courier: bike, serviceLevels: [same_day, national], catchment: {withinKm: 3}, blocks: [\"Mo-Sa 16:00-18:00\"], capacity: {parcels: 9, grams: 9000}, lockers: [far, near]}\n",
			"      post: {courier: bike, serviceLevels: [national], catchment: {countries: [FI]}, collections: [\"Mo-Fr 17:30\"], transit: {workingDays: [1, 2]}, capacity: {parcels: 9}}\n")
	}
	head, _, _ := strings.Cut(town, "couriers:")
	return head + "couriers: {bike: {}}\nlockers:\n" + shuffled(bank("near", "60.171"), bank("far", "60.18")) +
		"sites:\n" + shuffled(site("a"), site("b"), site("c"), site("d"))
}

func TestPlanIsDeterministic(t *testing.T) {
	t.Parallel()
	n, orders := varied(t)
	for i, o := range orders {
		want := everything(t, n, o)
		for range 100 {
			if got := everything(t, n, o); !bytes.Equal(got, want) {
				t.Fatalf("order %d: got another plan:\n%s\nthan before:\n%s", i, got, want)
			}
		}
	}
}

// The order in which a file lists what has no order does not matter. Its
// revision does differ: it is a digest of the file.
func TestPlanIgnoresTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	n, orders := varied(t)
	for seed := range uint64(10) {
		other := network(t, variedYAML(rand.New(rand.NewPCG(seed, 0))))
		other.Revision = n.Revision
		for i, o := range orders {
			if diff := cmp.Diff(string(everything(t, n, o)), string(everything(t, other, o))); diff != "" {
				t.Fatalf("seed %d, order %d: plans differ:\n%s", seed, i, diff)
			}
		}
	}
}

// Many plans at once, each with its own scratch, say what each alone would,
// and leave the order as it was. The race detector watches the network.
func TestPlansDoNotTouchEachOther(t *testing.T) {
	t.Parallel()
	n, orders := varied(t)
	fresh, _ := varied(t) // whose calendars have not worked out any day yet
	var want [][]byte
	for _, o := range orders {
		want = append(want, everything(t, n, o))
	}
	before, err := json.Marshal(orders)
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for worker := range 8 {
		wait.Go(func() {
			for i := range 4 * len(orders) {
				at := (i + worker) % len(orders)
				if got := everything(t, fresh, orders[at]); !bytes.Equal(got, want[at]) {
					t.Errorf("order %d: got\n%s\nwant\n%s", at, got, want[at])
					return
				}
			}
		})
	}
	wait.Wait()
	after, err := json.Marshal(orders)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Errorf("got the orders\n%s\nwant them unchanged:\n%s", after, before)
	}
}

// Options outlive the plan that they were taken from.
func TestReleaseKeepsOptions(t *testing.T) {
	t.Parallel()
	n, orders := varied(t)
	p := plan(n, orders[5], orders[5].PlacedAt)
	options := drain(p)
	want, err := json.Marshal(options[len(options)-1].Body, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	p.Release()
	for _, o := range orders {
		everything(t, n, o)
	}
	got, err := json.Marshal(options[len(options)-1].Body, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "body", string(got), string(want))
}

// However many are taken at a time, the options are the same.
func TestTakeIsLazy(t *testing.T) {
	t.Parallel()
	n, orders := varied(t)
	for _, o := range orders {
		want := briefs(drain(plan(n, o, o.PlacedAt)))
		p := plan(n, o, o.PlacedAt)
		var got []string
		for {
			options, _ := p.Take(1)
			if len(options) == 0 {
				break
			}
			if len(options) > 1 {
				t.Fatalf("got %d options, asked for 1", len(options))
			}
			got = append(got, briefs(options)...)
		}
		equal(t, "options one by one", got, want)
	}
	o := orders[0]
	p := plan(n, o, o.PlacedAt)
	p.Take(1)
	if p.current != p.first {
		t.Errorf("got level %s weighed for the first option, want only %s", p.current.id, p.first.id)
	}
}
