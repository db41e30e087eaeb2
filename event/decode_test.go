package event_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nearlane/nearlane/event"
)

const placed = "orders.v1.webshop.placed"

// minimal is testdata/order_minimal.json, the smallest order there is.
func minimal() *event.Order {
	return &event.Order{
		OrderID:  "1",
		Channel:  "webshop",
		PlacedAt: hour(6, 7),
		ShipTo:   event.Address{PostalCode: "00100", AddressCountry: "FI"},
		Lines:    []event.Line{{SKU: "mug-blue", Quantity: 1}},
	}
}

// edit replaces old, which the minimal order has exactly once, by new.
func edit(t testing.TB, old, new string) string {
	t.Helper()
	text := string(testdata(t, "order_minimal.json"))
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q occurs %d times in %s", old, strings.Count(text, old), text)
	}
	return strings.Replace(text, old, new, 1)
}

func TestDecodeOrder(t *testing.T) {
	t.Parallel()
	point := minimal()
	point.ShipTo = event.Address{Geo: &event.Geo{Latitude: 51.4779, Longitude: 0}, AddressCountry: "GB"}
	odd := minimal()
	odd.OrderID = "a.b/c d %2E é"
	swapped := minimal()
	swapped.ShipTo.Geo = &event.Geo{Latitude: 24.94, Longitude: 60.16}
	for name, c := range map[string]struct {
		in   string
		want *event.Order
	}{
		"full":              {string(testdata(t, "order.json")), fullOrder()},
		"minimal":           {string(testdata(t, "order_minimal.json")), minimal()},
		"cloud event":       {string(testdata(t, "order_cloudevent.json")), minimal()},
		"id of any letters": {edit(t, `"1"`, `"a.b/c d %2E \u00e9"`), odd},
		"prime meridian":    {edit(t, `{"postalCode":"00100","addressCountry":"FI"}`, `{"geo":{"latitude":51.4779,"longitude":0},"addressCountry":"GB"}`), point},
		"swapped point":     {edit(t, `"postalCode"`, `"geo":{"latitude":24.94,"longitude":60.16},"postalCode"`), swapped},
		"null is absent":    {edit(t, `"lines"`, `"brand":null,"recipient":null,"requestedWindow":null,"constraints":null,"lines"`), minimal()},
		"other members":     {edit(t, `"lines"`, `"type":5,"data":[{"specversion":"1.0"}],"id":{},"lines"`), minimal()},
		"a little ahead":    {edit(t, `06:07:00Z`, `06:15:00Z`), withPlacedAt(hour(6, 15))},
		"another zone":      {edit(t, `06:07:00Z`, `09:07:00+03:00`), minimal()},
		"years ago":         {edit(t, `2026-08-04`, `2019-08-04`), withPlacedAt(time.Date(2019, 8, 4, 6, 7, 0, 0, time.UTC))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, refusal := event.DecodeOrder(placed, []byte(c.in), now)
			if refusal != nil {
				t.Fatalf("got %v", refusal)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			if got.PlacedAt.Location() != time.UTC {
				t.Errorf("got placedAt in %v, want UTC", got.PlacedAt.Location())
			}
		})
	}
}

func withPlacedAt(at time.Time) *event.Order {
	o := minimal()
	o.PlacedAt = at
	return o
}

func TestDecodeOrderRefuses(t *testing.T) {
	t.Parallel()
	line, shipTo := `"quantity":1`, `"postalCode":"00100"`
	for _, c := range []struct{ in, code, pointer string }{
		{``, event.CodeNotJSON, ``},
		{`nope`, event.CodeNotJSON, ``},
		{`{"orderId":`, event.CodeNotJSON, `/orderId`},
		{`{} {}`, event.CodeNotJSON, ``},
		{"\xef\xbb\xbf{}", event.CodeNotJSON, ``}, // byte order mark
		{edit(t, `"1"`, `"\ud800"`), event.CodeNotJSON, `/orderId`},
		{edit(t, `"1"`, "\"\xff\""), event.CodeInvalidUTF8, `/orderId`},
		{edit(t, `"lines"`, `"orderId":"2","lines"`), event.CodeDuplicateKey, `/orderId`},
		{edit(t, line, `"x":[{"a/b":1,"a/b":2}],"quantity":1`), event.CodeDuplicateKey, `/lines/0`},

		{`[]`, event.CodeWrongValueType, ``},
		{`"order"`, event.CodeWrongValueType, ``},
		{edit(t, `"1"`, `1`), event.CodeWrongValueType, `/orderId`},
		{edit(t, line, `"quantity":"1"`), event.CodeWrongValueType, `/lines/0/quantity`},
		{edit(t, line, `"quantity":1.5`), event.CodeWrongValueType, `/lines/0/quantity`},
		{edit(t, line, `"quantity":1,"unitValue":12.90`), event.CodeWrongValueType, `/lines/0/unitValue`},
		{edit(t, shipTo, `"geo":[60.1,24.9]`), event.CodeWrongValueType, `/shipTo/geo`},
		{edit(t, shipTo, `"geo":{"latitude":"60.1","longitude":24.9}`), event.CodeWrongValueType, `/shipTo/geo/latitude`},
		{edit(t, `"2026-08-04T06:07:00Z"`, `1785823620`), event.CodeWrongValueType, `/placedAt`},
		{edit(t, `"lines"`, `"constraints":{"allowSplit":1},"lines"`), event.CodeWrongValueType, `/constraints/allowSplit`},

		{`null`, event.CodeMissingField, `/orderId`},
		{`{}`, event.CodeMissingField, `/orderId`},
		{edit(t, `"1"`, `null`), event.CodeMissingField, `/orderId`},
		{edit(t, `"orderId"`, `"OrderID"`), event.CodeMissingField, `/orderId`},
		{edit(t, `"channel"`, `"chan"`), event.CodeMissingField, `/channel`},
		{edit(t, `"placedAt"`, `"at"`), event.CodeMissingField, `/placedAt`},
		{edit(t, `"shipTo"`, `"to"`), event.CodeMissingField, `/shipTo/addressCountry`},
		{edit(t, `"addressCountry"`, `"country"`), event.CodeMissingField, `/shipTo/addressCountry`},
		{edit(t, shipTo, `"postalCode":""`), event.CodeMissingField, `/shipTo`},
		{edit(t, shipTo, `"geo":null`), event.CodeMissingField, `/shipTo`},
		{edit(t, shipTo, `"geo":{}`), event.CodeMissingField, `/shipTo/geo/latitude`},
		{edit(t, shipTo, `"geo":{"latitude":60.1}`), event.CodeMissingField, `/shipTo/geo/longitude`},
		{edit(t, shipTo, `"geo":{"latitude":null,"longitude":24.9}`), event.CodeMissingField, `/shipTo/geo/latitude`},
		{edit(t, `"sku":"mug-blue",`, ``), event.CodeMissingField, `/lines/0/sku`},
		{edit(t, `"mug-blue"`, `""`), event.CodeMissingField, `/lines/0/sku`},
		{edit(t, `,`+line, ``), event.CodeMissingField, `/lines/0/quantity`},
		{edit(t, line, `"quantity":1,"unitValue":{"currency":"EUR"}`), event.CodeMissingField, `/lines/0/unitValue/amount`},
		{edit(t, line, `"quantity":1,"unitValue":{"amount":5}`), event.CodeMissingField, `/lines/0/unitValue/currency`},
		{edit(t, `"lines"`, `"requestedWindow":{"start":"2026-08-04T16:00:00Z"},"lines"`), event.CodeMissingField, `/requestedWindow/end`},

		{edit(t, `"1"`, `""`), event.CodeBadID, `/orderId`},
		{edit(t, `"1"`, `"`+strings.Repeat("x", 129)+`"`), event.CodeBadID, `/orderId`},
		{edit(t, `"1"`, `"`+strings.Repeat(" ", 43)+`"`), event.CodeBadID, `/orderId`},
		{edit(t, `"webshop"`, `"Webshop"`), event.CodeChannelMismatch, `/channel`},

		{edit(t, `"2026-08-04T06:07:00Z"`, `"yesterday"`), event.CodeBadValue, `/placedAt`},
		{edit(t, `"2026-08-04T06:07:00Z"`, `"2026-08-04T06:07:00"`), event.CodeBadValue, `/placedAt`},
		{edit(t, `"2026-08-04T06:07:00Z"`, `"2026-02-30T06:07:00Z"`), event.CodeBadValue, `/placedAt`},
		{edit(t, `"FI"`, `"fi"`), event.CodeBadValue, `/shipTo/addressCountry`},
		{edit(t, `"FI"`, `"FIN"`), event.CodeBadValue, `/shipTo/addressCountry`},
		{edit(t, `"FI"`, `"é"`), event.CodeBadValue, `/shipTo/addressCountry`},
		{edit(t, line, `"quantity":1,"unitValue":{"amount":5,"currency":"eur"}`), event.CodeBadValue, `/lines/0/unitValue/currency`},
		{edit(t, `"lines"`, `"deliveryMethods":["courier","drone"],"lines"`), event.CodeBadValue, `/deliveryMethods/1`},

		{edit(t, shipTo, `"geo":{"latitude":91,"longitude":24.9}`), event.CodeOutOfRange, `/shipTo/geo/latitude`},
		{edit(t, shipTo, `"geo":{"latitude":-90.1,"longitude":24.9}`), event.CodeOutOfRange, `/shipTo/geo/latitude`},
		{edit(t, shipTo, `"geo":{"latitude":60.1,"longitude":180.1}`), event.CodeOutOfRange, `/shipTo/geo/longitude`},
		{edit(t, shipTo, `"geo":{"latitude":1e999,"longitude":0}`), event.CodeOutOfRange, `/shipTo/geo/latitude`},
		{edit(t, line, `"quantity":-1`), event.CodeOutOfRange, `/lines/0/quantity`},
		{edit(t, line, `"quantity":0`), event.CodeOutOfRange, `/lines/0/quantity`},
		{edit(t, line, `"quantity":0,"other":1e999`), event.CodeOutOfRange, `/lines/0/quantity`},
		{edit(t, line, `"quantity":100001`), event.CodeOutOfRange, `/lines/0/quantity`},
		{edit(t, line, `"quantity":9223372036854775808`), event.CodeOutOfRange, `/lines/0/quantity`},
		{edit(t, line, `"quantity":1,"weightGrams":-1`), event.CodeOutOfRange, `/lines/0/weightGrams`},
		{edit(t, line, `"quantity":1,"weightGrams":100000001`), event.CodeOutOfRange, `/lines/0/weightGrams`},
		{edit(t, line, `"quantity":1,"dimensionsMm":[1,2]`), event.CodeOutOfRange, `/lines/0/dimensionsMm`},
		{edit(t, line, `"quantity":1,"dimensionsMm":[]`), event.CodeOutOfRange, `/lines/0/dimensionsMm`},
		{edit(t, line, `"quantity":1,"dimensionsMm":[1,2,0]`), event.CodeOutOfRange, `/lines/0/dimensionsMm/2`},
		{edit(t, line, `"quantity":1,"dimensionsMm":[1,100001,1]`), event.CodeOutOfRange, `/lines/0/dimensionsMm/1`},
		{edit(t, line, `"quantity":1,"unitValue":{"amount":-1,"currency":"EUR"}`), event.CodeOutOfRange, `/lines/0/unitValue/amount`},
		{edit(t, line, `"quantity":1,"unitValue":{"amount":10000000001,"currency":"EUR"}`), event.CodeOutOfRange, `/lines/0/unitValue/amount`},
		{edit(t, `2026-08-04`, `1969-08-04`), event.CodeOutOfRange, `/placedAt`},
		{edit(t, `2026-08-04`, `0001-08-04`), event.CodeOutOfRange, `/placedAt`},
		{edit(t, `2026-08-04`, `9999-08-04`), event.CodeOutOfRange, `/placedAt`},
		{edit(t, `"lines"`, `"requestedWindow":{"start":"2026-08-04T16:00:00Z","end":"2026-08-04T16:00:00Z"},"lines"`), event.CodeOutOfRange, `/requestedWindow`},
		{edit(t, `{"sku":"mug-blue",`+line+`}`, manyLines(1001)), event.CodeOutOfRange, `/lines`},

		{edit(t, `{"sku":"mug-blue",`+line+`}`, ``), event.CodeNoLines, `/lines`},
		{edit(t, `"lines"`, `"items"`), event.CodeNoLines, `/lines`},
		{edit(t, `06:07:00Z`, `06:15:01Z`), event.CodePlacedInFuture, `/placedAt`},
		{edit(t, `"mug-blue"`, `"`+strings.Repeat("x", 900<<10)+`"`), event.CodeTooLarge, ``},
		{edit(t, `"lines"`, `"`+strings.Repeat("x", 1000)+`":{"a":1,"a":2},"lines"`), event.CodeDuplicateKey, ``}, // pointer too long
	} {
		o, refusal := event.DecodeOrder(placed, []byte(c.in), now)
		checkRefusal(t, c.in, o != nil, refusal, c.code, c.pointer)
	}
}

// checkRefusal compares a refusal of in with a code and a pointer.
func checkRefusal(t *testing.T, in string, decoded bool, got *event.Refusal, code, pointer string) {
	t.Helper()
	if len(in) > 400 {
		in = in[:400] + "..."
	}
	if got == nil || decoded {
		t.Errorf("%s\ngot decoded: %v, refusal: %v, want %s at %q", in, decoded, got, code, pointer)
	} else if got.Code != code || got.Pointer != pointer || got.Detail == "" {
		t.Errorf("%s\ngot %v\nwant %s at %q and a detail", in, got, code, pointer)
	}
}

func manyLines(n int) string {
	return strings.TrimSuffix(strings.Repeat(`{"sku":"a","quantity":1},`, n), ",")
}

func TestDecodeOrderBounds(t *testing.T) {
	t.Parallel()
	in := edit(t, `{"sku":"mug-blue","quantity":1}`, strings.TrimSuffix(strings.Repeat(
		`{"sku":"a","quantity":100000,"weightGrams":100000000,"dimensionsMm":[100000,100000,100000],"unitValue":{"amount":10000000000,"currency":"EUR"}},`, event.MaxLines), ","))
	o, refusal := event.DecodeOrder(placed, []byte(in), now)
	if refusal != nil {
		t.Fatal(refusal)
	}
	var units, grams, value int64
	for _, l := range o.Lines {
		units += l.Quantity
		grams += l.Quantity * l.WeightGrams
		value += l.Quantity * l.UnitValue.Amount
	}
	if units != 1e8 || grams != 1e16 || value != 1e18 {
		t.Errorf("got %d units, %d g, %d, want 1e8, 1e16, 1e18", units, grams, value)
	}
}

func TestDecodeOrderSubject(t *testing.T) {
	t.Parallel()
	data := testdata(t, "order_minimal.json")
	for _, subject := range []string{"", "orders.v1.webshop.cancelled", "orders.v1.webshop.shipped", "orders.v1..placed", "orders.v1.web%73hop.placed"} {
		o, refusal := event.DecodeOrder(subject, data, now)
		checkRefusal(t, subject, o != nil, refusal, event.CodeBadSubject, "")
	}
	encoded := []byte(edit(t, `"webshop"`, `"web.shop"`))
	if _, refusal := event.DecodeOrder(event.PlacedSubject("web.shop"), encoded, now); refusal != nil {
		t.Error(refusal)
	}
}

func TestDecodeOrderCloudEvent(t *testing.T) {
	t.Parallel()
	minimal := string(testdata(t, "order_minimal.json"))
	cloudEvent := func(typ, data string) string {
		return fmt.Sprintf(`{"specversion":"1.0","id":"1","source":"s","type":%q,"data":%s}`, typ, data)
	}
	own := event.TypeOrderPlaced
	for _, c := range []struct{ in, code, pointer string }{
		{cloudEvent("com.example.order", minimal), event.CodeWrongEventType, `/type`},
		{cloudEvent(event.TypeOrderCancelled, minimal), event.CodeWrongEventType, `/type`},
		{`{"specversion":"1.0","data":` + minimal + `}`, event.CodeMissingField, `/type`},
		{`{"specversion":"0.3","type":"` + own + `","data":` + minimal + `}`, event.CodeWrongEventType, `/specversion`},
		{`{"specversion":1.0,"type":"` + own + `","data":` + minimal + `}`, event.CodeWrongEventType, `/specversion`},
		{`{"\u0073pecversion":"0.3","type":"` + own + `"}`, event.CodeWrongEventType, `/specversion`},
		{`{"specversion":"1.0","type":"` + own + `","data_base64":"e30="}`, event.CodeMissingField, `/data`},
		{`{"specversion":"1.0","specversion":"1.0"}`, event.CodeDuplicateKey, `/specversion`},
		{cloudEvent(own, `{"a":1,"a":2}`), event.CodeDuplicateKey, `/data`},
		{cloudEvent(own, `{"`+strings.Repeat("x", 1000)+`":[1,]}`), event.CodeNotJSON, `/data`}, // pointer too long
		{cloudEvent(own, `"{}"`), event.CodeWrongValueType, `/data`},
		{cloudEvent(own, `null`), event.CodeMissingField, `/data/orderId`},
		{cloudEvent(own, `{"orderId":5}`), event.CodeWrongValueType, `/data/orderId`},
		{cloudEvent(own, edit(t, `"quantity":1`, `"quantity":-1`)), event.CodeOutOfRange, `/data/lines/0/quantity`},
		{cloudEvent(own, "\"\xff\""), event.CodeInvalidUTF8, `/data`},
	} {
		o, refusal := event.DecodeOrder(placed, []byte(c.in), now)
		checkRefusal(t, c.in, o != nil, refusal, c.code, c.pointer)
	}
}

func TestDecodeCancellation(t *testing.T) {
	t.Parallel()
	const subject = "orders.v1.webshop.cancelled"
	want := &event.Cancellation{OrderID: "W00001", Channel: "webshop", CancelledAt: hour(6, 12), Reason: "changed their mind"}
	plain := testdata(t, "cancellation.json")
	wrapped := []byte(fmt.Sprintf(`{"specversion":"1.0","type":%q,"data":%s}`, event.TypeOrderCancelled, plain))
	for _, in := range [][]byte{plain, wrapped} {
		got, refusal := event.DecodeCancellation(subject, in)
		if refusal != nil {
			t.Fatal(refusal)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	}
	for _, c := range []struct{ subject, in, code, pointer string }{
		{placed, string(plain), event.CodeBadSubject, ``},
		{subject, `{`, event.CodeNotJSON, ``},
		{subject, `{}`, event.CodeMissingField, `/orderId`},
		{subject, `{"orderId":"","channel":"webshop"}`, event.CodeBadID, `/orderId`},
		{subject, `{"orderId":"1","channel":"x"}`, event.CodeChannelMismatch, `/channel`},
		{subject, `{"orderId":"1","channel":"webshop"}`, event.CodeMissingField, `/cancelledAt`},
		{subject, `{"orderId":"1","channel":"webshop","cancelledAt":"now"}`, event.CodeBadValue, `/cancelledAt`},
		{subject, `{"specversion":"1.0","type":"dev.nearlane.order.placed.v1","data":{}}`, event.CodeWrongEventType, `/type`},
	} {
		got, refusal := event.DecodeCancellation(c.subject, []byte(c.in))
		checkRefusal(t, c.in, got != nil, refusal, c.code, c.pointer)
	}
}

func TestStaleOrder(t *testing.T) {
	t.Parallel()
	const keep = 14 * 24 * time.Hour
	o := minimal()
	if r := event.StaleOrder(o, o.PlacedAt.Add(keep), keep); r != nil {
		t.Errorf("got %v at the limit", r)
	}
	r := event.StaleOrder(o, o.PlacedAt.Add(keep+time.Second), keep)
	if r == nil || r.Code != event.CodeTooOld || r.Pointer != "/placedAt" {
		t.Errorf("got %v, want too_old", r)
	}
}

// A refusal is logged and stored under other rules than the order, so no text
// of the order may be in it.
func TestRefusalQuotesNoTexts(t *testing.T) {
	t.Parallel()
	const secret = "Sesame Street 1"
	for _, in := range []string{
		`{"recipient":"` + secret + `"}`,
		`{"placedAt":"` + secret + `"}`,
		`{"shipTo":{"geo":"` + secret + `"}}`,
		edit(t, `"FI"`, `"`+secret+`"`),
		edit(t, `"webshop"`, `"`+secret+`"`),
		edit(t, `"lines"`, `"deliveryMethods":["`+secret+`"],"lines"`),
	} {
		_, refusal := event.DecodeOrder(placed, []byte(in), now)
		if refusal == nil || strings.Contains(refusal.Error(), secret) {
			t.Errorf("%s\ngot %v", in, refusal)
		}
	}
}

func TestReject(t *testing.T) {
	t.Parallel()
	refusal := &event.Refusal{Code: event.CodeNotJSON, Pointer: "/a", Detail: "b"}
	for _, c := range []struct {
		stream, subject, data, channel string
	}{
		{event.StreamOrders, "orders.v1.web%2Eshop.placed", `{"channel":"other","orderId":"1"}`, "web.shop"},
		{event.StreamOrders, "orders.v1.%2e.placed", "x", ""},
		{event.StreamCourier, "courier.v1.pyora.accepted", `{"channel":"web.shop","orderId":"1"}`, "web.shop"},
		{event.StreamCourier, "courier.v1.pyora.accepted", `{"channel":"","orderId":"1"}`, ""},
		{event.StreamCourier, "courier.v1.pyora.accepted", "x", ""},
	} {
		d := &event.Delivery{Stream: c.stream, Subject: c.subject, Data: []byte(c.data), Sequence: 7}
		want := event.Rejection{Stream: c.stream, Channel: c.channel, Reason: event.CodeNotJSON,
			Pointer: "/a", Detail: "b", Subject: d.Subject, Sequence: 7, Data: d.Data}
		if diff := cmp.Diff(want, event.Reject(d, refusal)); diff != "" {
			t.Errorf("%s %s: -want +got\n%s", c.subject, c.data, diff)
		}
	}
}

func TestRejectDefaultsToOrders(t *testing.T) {
	t.Parallel()
	d := &event.Delivery{Subject: "orders.v1.webshop.placed"}
	if got := event.Reject(d, &event.Refusal{}).Stream; got != event.StreamOrders {
		t.Errorf("got stream %q, want %q", got, event.StreamOrders)
	}
}
