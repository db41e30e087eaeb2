package integration

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// bikeOnly serves the middle of Helsinki, and Sweden by its country.
var bikeOnly = yaml(`
defaults: {serviceLevel: same_day}
serviceLevels:
  same_day: {promise: {sameDayBy: "21:00"}, whenFull: reject}
  international: {promise: {workingDays: 7, by: "21:00"}, whenFull: reject}
couriers:
  pyora: {}
sites:
  kallio:
    kind: micro_hub
    region: helsinki
    at: {lat: 60.1842, lng: 24.9497}
    hours: "Mo-Fr 08:00-20:00"
    stocks: ["mug-*"]
    catchment: {withinKm: 3}
    lanes:
      bike: {courier: pyora, serviceLevels: [same_day], blocks: ["Mo-Fr 10:00-12:00"], capacity: {parcels: 1000}}
      gateway: {courier: pyora, serviceLevels: [international], catchment: {countries: [SE]}, collections: ["Mo-Fr 16:00"], transit: {workingDays: [3, 5]}, capacity: {parcels: 1000}}
`)

// poison is a message that no one would want. It ends as a rejection with a
// code and a pointer, or as a decision.
type poison struct {
	subject string // default: that of placed orders
	data    []byte
	code    string // of the rejection; empty: decided
	pointer string
	order   string // that is decided
	reason  string // why it is unroutable; empty: dispatched
}

// text is an order with one piece of its JSON replaced.
func text(id, old, new string, changes ...change) []byte {
	data := encode(order(id, changes...))
	if !bytes.Contains(data, []byte(old)) {
		panic("no " + old + " in " + string(data))
	}
	return bytes.Replace(data, []byte(old), []byte(new), 1)
}

func refusedOrders() []poison {
	huge := func(id string) []byte { return text(id, `"mug-blue"`, `"`+strings.Repeat("m", 900<<10)+`"`) }
	event1 := `{"specversion":"1.0","id":"1","source":"shop","type":%q,"data":%s}`
	return []poison{
		{data: encode(order("lat-91", in(91, 24.9))), code: event.CodeOutOfRange, pointer: "/shipTo/geo/latitude"},
		{data: encode(order("lng-181", in(60, 181))), code: event.CodeOutOfRange, pointer: "/shipTo/geo/longitude"},
		{data: encode(order("negative", quantity(-1))), code: event.CodeOutOfRange, pointer: "/lines/0/quantity"},
		{data: text("half", `"quantity":1`, `"quantity":1.5`), code: event.CodeWrongValueType, pointer: "/lines/0/quantity"},
		{data: text("in-quotes", `"quantity":1`, `"quantity":"1"`), code: event.CodeWrongValueType, pointer: "/lines/0/quantity"},
		{data: text("endless", `"quantity":1`, `"quantity":1e999`), code: event.CodeWrongValueType, pointer: "/lines/0/quantity"},
		{data: huge("huge"), code: event.CodeTooLarge},
		{data: encode(order("no-lines", func(o *event.Order) { o.Lines = []event.Line{} })), code: event.CodeNoLines, pointer: "/lines"},
		{data: text("latin-1", "Castréninkatu", "Castr\xe9ninkatu"), code: event.CodeInvalidUTF8, pointer: "/shipTo/streetAddress"},
		{data: text("twice", `"channel":`, `"orderId":"other","channel":`), code: event.CodeDuplicateKey, pointer: "/orderId"},
		{data: fmt.Appendf(nil, event1, "com.shop.invoice.v1", encode(order("invoice"))), code: event.CodeWrongEventType, pointer: "/type"},
		{data: fmt.Appendf(nil, event1, event.TypeOrderPlaced, "null"), code: event.CodeMissingField, pointer: "/data/orderId"},
		{data: text("no-channel", `"channel":"webshop",`, ``), code: event.CodeMissingField, pointer: "/channel"},
		{data: text("other-channel", `"channel":"webshop"`, `"channel":"market"`), code: event.CodeChannelMismatch, pointer: "/channel"},
		{data: encode(order("")), code: event.CodeBadID, pointer: "/orderId"},
		{data: encode(order(strings.Repeat("x", 200))), code: event.CodeBadID, pointer: "/orderId"},
		{data: encode(order("drone", methods("drone"))), code: event.CodeBadValue, pointer: "/deliveryMethods/0"},
		{data: encode(order("flat", sides(10, 10))), code: event.CodeOutOfRange, pointer: "/lines/0/dimensionsMm"},
		{data: encode(order("tomorrow", placedAt(now.Add(24*time.Hour)))), code: event.CodePlacedInFuture, pointer: "/placedAt"},
		{data: encode(order("last-month", placedAt(now.Add(-30*24*time.Hour)))), code: event.CodeTooOld, pointer: "/placedAt"},
		{data: text("noon", `"placedAt":"2026-08-04T06:00:00Z"`, `"placedAt":"noon"`), code: event.CodeBadValue, pointer: "/placedAt"},
		{data: nil, code: event.CodeNotJSON},
		{data: []byte("{"), code: event.CodeNotJSON},
		{data: []byte("null"), code: event.CodeMissingField, pointer: "/orderId"},
		{data: []byte("[]"), code: event.CodeWrongValueType},
		{data: []byte("\x00\x01\x02"), code: event.CodeNotJSON},
		{data: []byte(strings.Repeat("[", 100_000)), code: event.CodeWrongValueType},
		{data: append([]byte("\xef\xbb\xbf"), encode(order("bom"))...), code: event.CodeNotJSON},
		{data: encode(order("bad-channel")), subject: "orders.v1.%zz.placed", code: event.CodeBadSubject},
		{data: []byte("{}"), subject: event.CancelledSubject(channel), code: event.CodeMissingField, pointer: "/orderId"},
	}
}

func decidedOrders() []poison {
	event1 := fmt.Appendf(nil, `{"specversion":"1.0","id":"1","source":"shop","type":%q,"data":%s}`, event.TypeOrderPlaced, encode(order("cloud-event")))
	odd := "A.1 / B*> %20\tü"
	return []poison{
		{data: encode(order("swapped", in(24.9497, 60.1842))), order: "swapped", reason: "coordinates_swapped"},
		{data: encode(order("null-island", in(0, 0))), order: "null-island", reason: "outside_catchment"},
		{data: encode(order("pole", in(90, 180))), order: "pole", reason: "outside_catchment"},
		{data: encode(order("by-drone", level("by_drone"))), order: "by-drone", reason: "service_level_unknown"},
		{data: encode(order("norway", abroad("NO", "0150"))), order: "norway", reason: "location_too_coarse"},
		{data: encode(order("sweden", abroad("SE", "111 20"), level("international"))), order: "sweden"},
		{data: encode(order(odd)), order: odd},
		{data: event1, order: "cloud-event"},
		{data: text("new-field", `"channel":`, `"giftWrap":{"colour":"red"},"channel":`), order: "new-field"},
		{data: encode(order("many", quantity(event.MaxQuantity))), order: "many"},
	}
}

func TestPoison(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: bikeOnly})
	w.start("router")
	all := slices.Concat(refusedOrders(), decidedOrders())
	var messages []stream.Outgoing
	for i, p := range all {
		if p.subject == "" {
			p.subject = event.PlacedSubject(channel)
		}
		good := order(fmt.Sprintf("good-%d", i))
		messages = append(messages, stream.Outgoing{Subject: p.subject, Data: p.data}, placed(good))
	}
	w.send(messages...)
	w.drained(durable)
	a := w.check()
	for i, p := range all {
		if got := a.decision(t, key(fmt.Sprintf("good-%d", i))).Outcome; got != event.Dispatched {
			t.Errorf("the good order behind poison %d: got %s, want dispatched", i, got)
		}
		if p.code != "" {
			wantRejected(t, a.rejections[onOrders(uint64(2*i+1))], p)
			continue
		}
		d := a.decision(t, key(p.order))
		if got := d.Outcome == event.Dispatched; got != (p.reason == "") {
			t.Errorf("order %q: got %s for %q, want it for %q", p.order, d.Outcome, d.Reasons, p.reason)
		}
		if p.reason != "" && !slices.Contains(d.Reasons, p.reason) {
			t.Errorf("order %q: got reasons %q, want %s among them", p.order, d.Reasons, p.reason)
		}
	}
}

// wantRejected compares a rejection with what was published.
func wantRejected(t *testing.T, got rejection, p poison) {
	t.Helper()
	if got.reason != p.code || got.pointer != p.pointer {
		t.Errorf("rejection of %.60q: got %q at %q, want %q at %q", p.data, got.reason, got.pointer, p.code, p.pointer)
	}
	want := p.data
	if len(want) > event.MaxOrderBytes {
		want = want[:64<<10]
	}
	if !bytes.Equal(got.data, want) {
		t.Errorf("rejection of %.60q: got %d bytes %.60q, want them unchanged", p.data, len(got.data), got.data)
	}
}

// What the server would not take at all is refused where it is published, with
// the same code.
func TestMessageOverTheServersLimitIsRefusedWithTheSameCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, setting{network: bikeOnly})
	var got error
	p := w.conn.Publisher(func(_ stream.Outgoing, out stream.Outcome) { got = out.Err })
	m := placed(order("enormous"))
	m.Data = append(m.Data, make([]byte, w.conn.MaxPayload())...)
	if err := errors.Join(p.Send(context.Background(), m), p.Flush(context.Background())); err != nil {
		t.Fatalf("publish: %v", err)
	}
	var refusal *event.Refusal
	if !errors.As(got, &refusal) || refusal.Code != event.CodeTooLarge {
		t.Errorf("got %v, want a refusal with code %s", got, event.CodeTooLarge)
	}
}
