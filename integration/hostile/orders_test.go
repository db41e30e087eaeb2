package hostile

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/nearlane/nearlane/event"
)

const shop = "webshop"

var placed = event.PlacedSubject(shop)

type members = map[string]any

// order is a plain order as JSON, with members of it changed; nil takes one out.
func order(id string, changes members) []byte {
	o := members{"orderId": id, "channel": shop, "placedAt": now, "lines": []any{line(nil)},
		"shipTo": members{"geo": members{"latitude": 60.1842, "longitude": 24.9497}, "postalCode": "00530", "addressCountry": "FI"}}
	return encode(o, changes)
}

func line(changes members) members {
	l := members{"lineId": "1", "sku": "mug-blue", "quantity": 1, "weightGrams": 1000, "dimensionsMm": []int{100, 80, 90}}
	maps.Copy(l, changes)
	return l
}

func encode(o, changes members) []byte {
	maps.Copy(o, changes)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == nil })
	data, err := json.Marshal(o)
	if err != nil {
		panic(err) // it is made of what JSON can hold
	}
	return data
}

func key(id string) event.Key { return event.Key{Channel: shop, Order: id} }

// plain are the orders that others are after.
func (w *world) plain() {
	for i := range 40 {
		id := fmt.Sprintf("victim-%02d", i)
		w.send(try{area: "plain orders", name: id, want: decided, key: key(id), chain: 1}, placed, order(id, nil), nil)
	}
	w.answers()
}

// malformed are bytes that are no order.
func (w *world) malformed() {
	good := string(order("bad", nil))
	table := []struct{ name, data, code string }{
		{"nothing", "", event.CodeNotJSON}, {"a space", " ", event.CodeNotJSON}, {"a brace", "{", event.CodeNotJSON},
		{"cut", good[:len(good)-1], event.CodeNotJSON}, {"two values", good + good, event.CodeNotJSON},
		{"a trailing comma", good[:len(good)-1] + ",}", event.CodeNotJSON}, {"a comment", "/**/" + good, event.CodeNotJSON},
		{"NaN", `{"orderId":NaN}`, event.CodeNotJSON}, {"zero bytes", "\x00\x00", event.CodeNotJSON},
		{"a byte order mark", "\ufeff" + good, event.CodeNotJSON},
		{"null", "null", event.CodeMissingField}, {"an empty object", "{}", event.CodeMissingField},
		{"an array", "[]", event.CodeWrongValueType}, {"a number", "1", event.CodeWrongValueType}, {"a text", `"x"`, event.CodeWrongValueType},
		{"not UTF-8", strings.Replace(good, "bad", "b\xff", 1), event.CodeInvalidUTF8},
		{"UTF-16", "\xff\xfe{\x00}\x00", event.CodeInvalidUTF8},
		{"a member twice", `{"orderId":"a",` + good[1:], event.CodeDuplicateKey},
		{"a member of a member twice", strings.Replace(good, `"latitude"`, `"latitude":1,"latitude"`, 1), event.CodeDuplicateKey},
		{"260 KiB", `{"x":"` + strings.Repeat("x", 260<<10) + `"}`, event.CodeTooLarge},
		{"900 KiB", strings.Repeat(" ", 900<<10), event.CodeTooLarge},
		{"an event of another type", `{"specversion":"1.0","type":"x","id":"1","source":"s","data":{}}`, event.CodeWrongEventType},
		{"an event of another version", `{"specversion":"9.0","type":"dev.nearlane.order.placed.v1","id":"1","source":"s","data":{}}`, event.CodeWrongEventType},
	}
	for _, row := range table {
		w.send(try{area: "malformed orders", name: row.name, want: row.code}, placed, []byte(row.data), nil)
	}
	w.send(try{area: "malformed orders", name: "over 1 MiB", want: unstored}, placed, make([]byte, 1<<20+1), nil)
}

// values are orders with one member that cannot be.
func (w *world) values() {
	type row struct {
		name, want string
		changes    members
	}
	var table []row
	for _, m := range []string{"orderId", "channel", "placedAt", "shipTo"} {
		table = append(table, row{m + " is missing", event.CodeMissingField, members{m: nil}})
	}
	for _, m := range []string{"orderId", "channel", "placedAt", "shipTo", "lines"} {
		table = append(table, row{m + " is a number", event.CodeWrongValueType, members{m: 1}},
			row{m + " is true", event.CodeWrongValueType, members{m: true}})
	}
	for _, q := range []any{-1, 0, 100_001, 1 << 62, json.Number("99999999999999999999")} {
		table = append(table, row{fmt.Sprintf("quantity %v", q), event.CodeOutOfRange, members{"lines": []any{line(members{"quantity": q})}}})
	}
	for _, g := range []any{-1, 100_000_001, 1 << 62} {
		table = append(table, row{fmt.Sprintf("grams %v", g), event.CodeOutOfRange, members{"lines": []any{line(members{"weightGrams": g})}}})
	}
	for _, q := range []any{"1", true, []int{}, 1.5, json.Number("1e400")} {
		table = append(table, row{fmt.Sprintf("quantity %T %v", q, q), event.CodeWrongValueType, members{"lines": []any{line(members{"quantity": q})}}})
	}
	for _, at := range [][2]float64{{91, 0}, {-91, 0}, {0, 181}, {0, -181}, {1e300, 0}, {0, -1e300}} {
		table = append(table, row{fmt.Sprintf("at %v", at), event.CodeOutOfRange,
			members{"shipTo": members{"addressCountry": "FI", "geo": members{"latitude": at[0], "longitude": at[1]}}}})
	}
	for _, c := range []string{"other", "Webshop", "webshop ", "*", ">"} {
		table = append(table, row{"channel " + c, event.CodeChannelMismatch, members{"channel": c}})
	}
	for _, n := range []int{129, 1000, 100_000} {
		table = append(table, row{fmt.Sprintf("an id of %d bytes", n), event.CodeBadID, members{"orderId": strings.Repeat("x", n)}})
	}
	for _, at := range []string{"2026-08-04T06:06:00Z", "2027-01-01T00:00:00Z"} {
		table = append(table, row{"placed at " + at, event.CodePlacedInFuture, members{"placedAt": at}})
	}
	for _, at := range []string{"2026-07-01T00:00:00Z", "1970-01-01T00:00:00Z"} {
		table = append(table, row{"placed at " + at, event.CodeTooOld, members{"placedAt": at}})
	}
	table = append(table, row{"placed in 9999", event.CodeOutOfRange, members{"placedAt": "9999-12-31T23:59:59Z"}},
		row{"no lines", event.CodeNoLines, members{"lines": []any{}}}, row{"an empty id", event.CodeBadID, members{"orderId": ""}})
	for i, r := range table {
		id := fmt.Sprintf("value-%02d", i)
		w.send(try{area: "values", name: r.name, want: r.want}, placed, order(id, r.changes), nil)
	}
	for i, id := range []string{"ä", "id with spaces", "a.b.*.>", "\u202egnp", "a\u0000b", "../../etc", "%2e%2e", "{{.}}", "\U0001f600", "a\r\nNats-Rollup: all", "\u200b", "$JS.API"} {
		w.send(try{area: "strange ids", name: fmt.Sprintf("%d %+q", i, id), want: decided, key: key(id), chain: 1}, placed, order(id, nil), nil)
	}
	for i := range 10 {
		id := fmt.Sprintf("victim-%02d", i)
		w.send(try{area: "repeats", name: "same " + id, want: decided, key: key(id), chain: 1}, placed, append([]byte(" "), order(id, nil)...), nil)
		w.send(try{area: "repeats", name: "changed " + id, want: event.CodeOrderChanged, key: key(id), chain: 1}, placed,
			order(id, members{"lines": []any{line(members{"quantity": 7})}}), nil)
	}
}
