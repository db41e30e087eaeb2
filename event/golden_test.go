package event_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

var update = flag.Bool("update", false, "write the golden files of what is encoded")

// now is a Tuesday morning, shortly after the orders in testdata are placed.
var now = time.Date(2026, 8, 4, 6, 10, 0, 0, time.UTC)

func hour(h, m int) time.Time { return time.Date(2026, 8, 4, h, m, 0, 0, time.UTC) }

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func ptr[T any](v T) *T { return &v }

// fullOrder is the order in testdata/order.json.
func fullOrder() *event.Order {
	return &event.Order{
		OrderID:         "W00001",
		Channel:         "webshop",
		Brand:           "atelier",
		PlacedAt:        hour(6, 7),
		ServiceLevel:    "same_day",
		DeliveryMethods: []string{event.MethodLocker, event.MethodCourier},
		ShipTo: event.Address{
			Geo:             &event.Geo{Latitude: 60.1687, Longitude: 24.9312},
			StreetAddress:   "Kampinkuja 1",
			AddressLocality: "Helsinki",
			PostalCode:      "00100",
			AddressCountry:  "FI",
			LockerID:        "kamppi",
		},
		Recipient: &event.Recipient{Name: "Äiti Öberg", Phone: "+358 40 0000000", Email: "aiti@example.com"},
		Lines: []event.Line{
			{LineID: "1", SKU: "mug-blue", Quantity: 2, WeightGrams: 350, DimensionsMm: []int64{100, 80, 90},
				UnitValue: &event.Money{Amount: 1290, Currency: "EUR"}},
			{SKU: "card", Quantity: 1, UnitValue: &event.Money{Currency: "EUR"}},
		},
		RequestedWindow: &event.Window{Start: hour(16, 0), End: hour(19, 0)},
		Constraints: event.Constraints{
			ExcludedSites:             []string{"kallio"},
			AllowServiceLevelFallback: ptr(false),
			AllowSplit:                ptr(false),
		},
	}
}

func body() event.Body {
	return event.Body{
		Site: event.Site{SiteID: "kamppi-hub", Kind: "micro_hub",
			Geo: event.Geo{Latitude: 60.1842, Longitude: 24.9497}, TimeZone: "Europe/Helsinki"},
		CourierID:    "pyora",
		Lane:         "bike",
		Method:       event.MethodLocker,
		Slot:         event.Span{Start: hour(15, 0), End: hour(17, 30)},
		Pickup:       event.Pickup{ReadyAt: hour(6, 30), Deadline: hour(15, 0)},
		Dropoff:      event.Dropoff{After: hour(16, 0), Before: hour(17, 30)},
		Locker:       &event.Locker{BankID: "kamppi", Size: "S", From: hour(15, 0), Until: hour(17, 30).AddDate(0, 0, 2)},
		Packages:     []event.Package{{DimensionsMm: []int64{100, 90, 160}, Grams: 700, Lines: []string{"1"}}},
		PromiseDate:  hour(18, 0),
		ServiceLevel: "same_day",
		Cost:         event.Money{Amount: 570, Currency: "EUR"},
		DistanceM:    2031,
		Region:       "helsinki",
		Claims: []event.Claim{
			{Slot: "lane/kamppi-hub/bike:2026-08-04T18:00:parcels", Units: 1, Limit: 25, Ends: hour(17, 30)},
			{Slot: "locker/kamppi/S:2026-08-04:parcels", Units: 1, Limit: 20, Ends: hour(21, 0)},
		},
		Attempt:        2,
		Excluded:       []string{"kallio"},
		Fallback:       []string{"past_cutoff"},
		ConfigRevision: "c0ffee",
		PlannedAt:      now,
	}
}

func dispatchedDecision() *event.Decision {
	key := fullOrder().Key()
	b := body()
	id := event.DispatchID(key, "1", 2)
	return &event.Decision{
		DecisionID:    event.DecisionID(key, 17),
		Outcome:       event.Dispatched,
		Reasons:       []string{"courier_rejected"},
		Attempt:       2,
		Basis:         17,
		OrderID:       key.Order,
		Channel:       key.Channel,
		OrderSequence: 4,
		OrderDigest:   event.Digest(fullOrder(), []byte("key")),
		Cell:          "891126d3397ffff",
		Precision:     "point",
		ServiceLevel:  "same_day",
		Region:        "helsinki",
		Frees:         &event.Frees{Region: "espoo", Seq: 17},
		DispatchID:    id,
		Consignments:  []event.Consignment{{ConsignmentID: "1", DispatchID: id, Body: b}},
		Candidates: []event.Candidate{
			{Site: "kamppi-hub", Lane: "bike", Level: "same_day"},
			{Site: "kamppi-hub", Lane: "bike", Locker: "sornainen", Level: "same_day", Reason: "too_far"},
		},
		ReasonCounts:   map[string]int{"full": 3, "closed": 1, "too_late": 2},
		Claims:         b.Claims,
		ConfigRevision: "c0ffee",
		Epoch:          "12/abc:def",
		Excluded:       []string{"kallio"},
		Voids:          1,
		DecidedBy:      "router-1",
		DecidedAt:      now,
		RetryAt:        ptr(hour(7, 0)),
		AcceptedAt:     ptr(hour(6, 20)),
		Trace:          traced(),
	}
}

// traced is the example of W3C Trace Context.
func traced() event.Trace {
	return event.Trace{Parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", State: "congo=t61rcWkgMzE"}
}

func unroutableDecision() *event.Decision {
	key := event.Key{Channel: "webshop", Order: "a.b/c d"}
	return &event.Decision{
		DecisionID:     event.DecisionID(key, 0),
		Outcome:        event.Unroutable,
		Reasons:        []string{"no_catchment"},
		Attempt:        1,
		OrderID:        key.Order,
		Channel:        key.Channel,
		OrderSequence:  5,
		OrderDigest:    "d1",
		ConfigRevision: "c0ffee",
		DecidedBy:      "router-1",
		DecidedAt:      now,
	}
}

func requestedDispatch() *event.Dispatch {
	o, b := fullOrder(), body()
	return &event.Dispatch{
		DispatchID:     event.DispatchID(o.Key(), "1", 2),
		OrderID:        o.OrderID,
		Channel:        o.Channel,
		ConsignmentID:  "1",
		Attempt:        2,
		Supersedes:     event.DispatchID(o.Key(), "1", 1),
		Status:         event.Requested,
		Site:           b.Site,
		CourierID:      b.CourierID,
		Lane:           b.Lane,
		Slot:           b.Slot,
		Pickup:         b.Pickup,
		Dropoff:        b.Dropoff,
		Locker:         b.Locker,
		Destination:    &o.ShipTo,
		Recipient:      o.Recipient,
		Packages:       b.Packages,
		PromiseDate:    b.PromiseDate,
		ConfigRevision: b.ConfigRevision,
		Trace:          traced(),
	}
}

func withdrawnDispatch() *event.Dispatch {
	d := requestedDispatch()
	d.Status, d.Destination, d.Recipient = event.Withdrawn, nil, nil
	return d
}

// golden compares encoded bytes with a file that holds them indented, and
// decodes the file.
func golden[T any](t *testing.T, name string, want *T, encode func(*T, time.Time) ([]byte, error), decode func([]byte) (*T, error)) {
	t.Helper()
	got, err := encode(want, now)
	if err != nil {
		t.Fatal(err)
	}
	pretty := append(jsontext.Value(nil), got...)
	if err := pretty.Indent(jsontext.WithIndent("  ")); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(filepath.Join("testdata", name), append(pretty, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file := testdata(t, name)
	if diff := cmp.Diff(string(file), string(pretty)+"\n"); diff != "" {
		t.Errorf("%s: -want +got\n%s", name, diff)
	}
	back, err := decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, back); diff != "" {
		t.Errorf("decoded: -want +got\n%s", diff)
	}
	for range 20 { // maps must not show
		if again, _ := encode(want, now); !bytes.Equal(again, got) {
			t.Fatalf("got other bytes the second time\n%s\n%s", got, again)
		}
	}
}

func TestGoldenDecision(t *testing.T) {
	t.Parallel()
	golden(t, "decision_dispatched.json", dispatchedDecision(), event.EncodeDecision, event.DecodeDecision)
	golden(t, "decision_unroutable.json", unroutableDecision(), event.EncodeDecision, event.DecodeDecision)
}

func TestGoldenDispatch(t *testing.T) {
	t.Parallel()
	golden(t, "dispatch_requested.json", requestedDispatch(), event.EncodeDispatch, event.DecodeDispatch)
	golden(t, "dispatch_withdrawn.json", withdrawnDispatch(), event.EncodeDispatch, event.DecodeDispatch)
}

func TestBody(t *testing.T) {
	t.Parallel()
	want := body()
	want.Located = &event.Located{Cell: "891126d338fffff", Precision: "address", By: "geocoder"}
	data, err := event.EncodeBody(&want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := event.DecodeBody(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got, err := event.DecodeBody([]byte(`{"lane":1}`)); err == nil {
		t.Errorf("got %+v, want an error", got)
	}
}

func TestEncodeMark(t *testing.T) {
	t.Parallel()
	got, err := event.EncodeMark(event.TypeEpoch, event.Mark{Of: "helsinki", By: "router-1"}, now)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"specversion":"1.0","id":"helsinki/2026-08-04T06:10:00Z","source":"nearlane","type":"dev.nearlane.epoch.v1","subject":"helsinki",` +
		`"time":"2026-08-04T06:10:00Z","datacontenttype":"application/json","data":{"of":"helsinki","by":"router-1"}}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWithdrawnCarriesNoPersonalData(t *testing.T) {
	t.Parallel()
	for _, d := range []*event.Dispatch{
		{Status: event.Withdrawn, Destination: &event.Address{}},
		{Status: event.Withdrawn, Recipient: &event.Recipient{}},
	} {
		if got, err := event.EncodeDispatch(d, now); err == nil {
			t.Errorf("got %s, want an error", got)
		}
	}
}

func TestDecodeRefusesForeignEvents(t *testing.T) {
	t.Parallel()
	for _, data := range []string{
		``, `{}`, `[]`,
		`{"specversion":"1.0","type":"dev.nearlane.dispatch.v1","data":{}}`,
		`{"specversion":"0.3","type":"dev.nearlane.decision.v1","data":{}}`,
		`{"specversion":"1.0","type":"dev.nearlane.decision.v1"}`,
		`{"specversion":"1.0","type":"dev.nearlane.decision.v1","data":null}`,
		`{"specversion":"1.0","type":"dev.nearlane.decision.v1","data":{"basis":-1}}`,
	} {
		if d, err := event.DecodeDecision([]byte(data)); err == nil {
			t.Errorf("%s: got %+v, want an error", data, d)
		}
	}
	if _, err := event.DecodeDispatch(testdata(t, "decision_unroutable.json")); err == nil {
		t.Error("got a dispatch from a decision")
	}
}
