package hostile

import (
	"fmt"
	"strings"
	"time"

	"github.com/nearlane/nearlane/event"
)

// cancellations are those of nobody's orders, and of other shops'.
func (w *world) cancellations() {
	subject := event.CancelledSubject(shop)
	cancel := func(changes members) []byte {
		return encode(members{"orderId": "victim-39", "channel": shop, "cancelledAt": now}, changes)
	}
	table := []struct {
		name, subject, want string
		data                []byte
	}{
		{"by another shop", event.CancelledSubject("shop-b"), event.CodeChannelMismatch, cancel(nil)},
		{"no order", subject, event.CodeMissingField, cancel(members{"orderId": nil})},
		{"no channel", subject, event.CodeMissingField, cancel(members{"channel": nil})},
		{"no time", subject, event.CodeMissingField, cancel(members{"cancelledAt": nil})},
		{"an empty id", subject, event.CodeBadID, cancel(members{"orderId": ""})},
		{"a long id", subject, event.CodeBadID, cancel(members{"orderId": strings.Repeat("x", 500)})},
		{"a number for an id", subject, event.CodeWrongValueType, cancel(members{"orderId": 1})},
		{"no JSON", subject, event.CodeNotJSON, []byte("{")},
		{"an order for a cancellation", subject, event.CodeMissingField, order("victim-39", nil)},
		{"not UTF-8", subject, event.CodeInvalidUTF8, []byte("\xff")},
	}
	for _, r := range table {
		w.send(try{area: "cancellations", name: r.name, want: r.want, key: key("victim-39"), chain: 1}, r.subject, r.data, nil)
	}
}

// reports are about dispatches of others, of nobody, and at times that cannot be.
func (w *world) reports() {
	d := w.chains()[key("victim-38")][0]
	say := func(changes members) []byte {
		return encode(members{"dispatchId": d.DispatchID, "channel": shop, "orderId": "victim-38", "at": now}, changes)
	}
	send := func(name, want, courier string, status event.ReportStatus, changes members) {
		w.send(try{area: "reports", name: fmt.Sprintf("%s %s", status, name), want: want, key: key("victim-38"), chain: 1},
			event.ReportSubject(courier, status), say(changes), nil)
	}
	for _, status := range event.ReportStatuses() {
		send("by another courier", event.CodeWrongCourier, "kuorma", status, nil)
		send("by nobody", event.CodeWrongCourier, "nobody", status, nil)
		send("of an unknown order", event.CodeUnknownOrder, "pyora", status, members{"orderId": "unknown"})
		send("of another shop", event.CodeUnknownOrder, "pyora", status, members{"channel": "shop-b"})
		send("of another dispatch", ignored, "pyora", status, members{"dispatchId": "other"})
		send("in 1970", event.CodeTooOld, "pyora", status, members{"at": time.Unix(0, 0).UTC()})
		send("in 9999", event.CodeOutOfRange, "pyora", status, members{"at": "9999-12-31T23:59:59Z"})
		send("in an hour", event.CodeReportInFuture, "pyora", status, members{"at": now.Add(time.Hour)})
		early := event.CodeReportBeforeDispatch
		if status.NeedsLocker() {
			early = event.CodeNoLocker
			send("at a door", event.CodeNoLocker, "pyora", status, nil)
		}
		send("before the dispatch", early, "pyora", status, members{"at": now.Add(-time.Hour)})
	}
	send("that is no status", event.CodeUnknownStatus, "pyora", "eaten", nil)
	send("in capitals", event.CodeUnknownStatus, "pyora", "ACCEPTED", nil)
}
