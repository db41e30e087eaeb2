package router

import (
	"testing"

	"github.com/nearlane/nearlane/event"
)

func boxed(quantity, grams int64, mm ...int64) event.Line {
	return event.Line{SKU: "mug-blue", Quantity: quantity, WeightGrams: grams, DimensionsMm: mm}
}

func TestParcel(t *testing.T) {
	yes := []string{"hub/bike Tue 04 18:00"}
	base := edited(t, town, bikeOnly...)
	planAll(t, base, []planCase{
		{name: "as large as the courier takes, turned", placed: "2026-08-04 16:00", order: of(boxed(1, 350, 400, 600, 400)), want: yes},
		{name: "a millimetre more", placed: "2026-08-04 16:00", order: of(boxed(1, 350, 400, 601, 400)), reasons: []string{"too_big"}},
		{name: "stacked: as high as the courier takes", placed: "2026-08-04 16:00", order: of(boxed(6, 350, 400, 100, 390)), want: yes},
		{name: "stacked: one too many", placed: "2026-08-04 16:00", order: of(boxed(7, 350, 400, 100, 401)), reasons: []string{"too_big"}},
		{name: "stacked over lines of one sku", placed: "2026-08-04 16:00", order: of(boxed(3, 350, 400, 101, 400), boxed(3, 350, 400, 101, 400)), reasons: []string{"too_big"}},
		{name: "as heavy as the courier takes", placed: "2026-08-04 16:00", order: of(boxed(3, 5000, 100, 100, 100)), want: yes},
		{name: "a gram more", placed: "2026-08-04 16:00", order: of(boxed(3, 5000, 100, 100, 100), line("mug-red", 1)), reasons: []string{"too_heavy"}},
		{name: "as heavy as a block takes", edit: []string{"grams: 120000", "grams: 1050"}, placed: "2026-08-04 16:00", order: of(line("mug-blue", 3)), want: yes},
		{name: "heavier than a block takes is never full", edit: []string{"grams: 120000", "grams: 1049"}, placed: "2026-08-04 16:00", order: of(line("mug-blue", 3)), reasons: []string{"too_heavy"}},
		{name: "both too big and too heavy", placed: "2026-08-04 16:00", order: of(boxed(1, 20_000, 700, 700, 700)), reasons: []string{"too_big"}},
		{name: "sides not known: a courier takes it", placed: "2026-08-04 16:00", order: of(boxed(1, 350)), want: yes},
		{name: "sides not known, too heavy", placed: "2026-08-04 16:00", order: of(boxed(1, 15_001)), reasons: []string{"too_heavy"}},
		{name: "sides not known: the default parcel", edit: []string{"{serviceLevel: same_day}", "{serviceLevel: same_day, parcel: {mm: [601, 10, 10]}}"}, placed: "2026-08-04 16:00", order: of(boxed(1, 350)), reasons: []string{"too_big"}},
		{name: "sums without end", edit: []string{", grams: 120000", ""}, placed: "2026-08-04 16:00", order: of(boxed(1<<62, 1<<40, 1<<40, 1<<40, 1<<40), boxed(1<<62, 1<<40, 1<<40, 1<<40, 1<<40)), reasons: []string{"too_big"}},
	})
}

func TestPackage(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	o := mugOrder(at("2026-08-04 09:00"))
	o.Lines = []event.Line{
		{LineID: "L9", SKU: "mug-a", Quantity: 2, WeightGrams: 350, DimensionsMm: []int64{120, 100, 90}},
		{SKU: "mug-b", Quantity: 1, WeightGrams: 1000, DimensionsMm: []int64{50, 300, 200}},
		{SKU: "mug-a", Quantity: 1, WeightGrams: 350},
	}
	options, _ := plan(n, o, o.PlacedAt).Take(1)
	equal(t, "packages", options[0].Body.Packages, []event.Package{
		{DimensionsMm: []int64{200, 300, 3*90 + 50}, Grams: 2050, Lines: []string{"L9", "2", "3"}}})

	o.Lines = []event.Line{{SKU: "mug-a", Quantity: 1}}
	options, _ = plan(n, o, o.PlacedAt).Take(1)
	equal(t, "packages without sides", options[0].Body.Packages, []event.Package{{Lines: []string{"1"}}})
}

func TestClaimsOfADeparture(t *testing.T) {
	t.Parallel()
	both := []event.Claim{
		{Slot: "lane/hub/bike:2026-08-04T10:00:parcels", Units: 1, Limit: 25, Ends: at("2026-08-04 12:00").UTC()},
		{Slot: "lane/hub/bike:2026-08-04T10:00:grams", Units: 700, Limit: 120_000, Ends: at("2026-08-04 12:00").UTC()},
	}
	for _, c := range []struct {
		name  string
		edit  []string
		level string
		lines []event.Line
		want  []event.Claim
	}{
		{"parcels and grams", nil, "", []event.Line{line("mug-a", 2)}, both},
		{"parcels only", []string{", grams: 120000", ""}, "", []event.Line{line("mug-a", 2)}, both[:1]},
		{"grams only", []string{"parcels: 25, ", ""}, "", []event.Line{line("mug-a", 2)}, both[1:]},
		{"no weight known", nil, "", []event.Line{{SKU: "mug-a", Quantity: 9}}, both[:1]},
		{"a collection ends as it leaves", nil, "national", []event.Line{line("mug-a", 2)}, []event.Claim{
			{Slot: "lane/hub/post:2026-08-04T17:30:parcels", Units: 1, Limit: 400, Ends: at("2026-08-04 17:30").UTC()}}},
	} {
		o := mugOrder(at("2026-08-04 09:00"))
		o.Lines, o.ServiceLevel = c.lines, c.level
		options, _ := plan(network(t, edited(t, town, c.edit...)), o, o.PlacedAt).Take(1)
		equal(t, c.name, options[0].Body.Claims, c.want)
	}
}

// A body is all that decision and dispatch are built from.
func TestBody(t *testing.T) {
	t.Parallel()
	n := network(t, town)
	o := mugOrder(at("2026-08-04 09:00"))
	o.ShipTo.Geo.Latitude = 60.18 // 1,112 m to the north
	p := n.Plan(Request{Order: o, Place: n.Locate(o), Now: at("2026-08-04 09:10"), Excluded: []string{"other"}, Attempt: 3})
	options, region := p.Take(1)
	got := options[0].Body
	got.Claims, got.Packages = nil, nil // have tests of their own
	equal(t, "body", got, event.Body{
		Site:           event.Site{SiteID: "hub", Kind: "micro_hub", Geo: event.Geo{Latitude: 60.17, Longitude: 24.94}, TimeZone: "Europe/Helsinki"},
		CourierID:      "bike",
		Lane:           "bike",
		Method:         "courier",
		Slot:           event.Span{Start: at("2026-08-04 10:00").UTC(), End: at("2026-08-04 12:00").UTC()},
		Pickup:         event.Pickup{ReadyAt: at("2026-08-04 09:30").UTC(), Deadline: at("2026-08-04 12:00").UTC()},
		Dropoff:        event.Dropoff{After: at("2026-08-04 10:00").UTC(), Before: at("2026-08-04 12:00").UTC()},
		PromiseDate:    at("2026-08-04 12:00").UTC(),
		ServiceLevel:   "same_day",
		Cost:           event.Money{Amount: 480, Currency: "EUR"},
		DistanceM:      1111,
		Region:         "town",
		Attempt:        3,
		Excluded:       []string{"other"},
		ConfigRevision: n.Revision,
		PlannedAt:      at("2026-08-04 09:10").UTC(),
	})
	equal(t, "region", region, "town")
	offer, err := options[0].Offer()
	if err != nil {
		t.Fatal(err)
	}
	decoded, err := event.DecodeBody(offer.Body)
	if err != nil {
		t.Fatal(err)
	}
	want := options[0].Body
	equal(t, "body after the ledger", *decoded, want)
	equal(t, "claims of the offer", len(offer.Claims), len(options[0].Body.Claims))
	if first := plan(n, o, o.PlacedAt); first.Attempt != 1 {
		t.Errorf("got attempt %d where none is given, want 1", first.Attempt)
	}
}
