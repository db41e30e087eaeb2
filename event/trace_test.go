package event_test

import (
	"strings"
	"testing"

	"github.com/nearlane/nearlane/event"
)

const parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

func TestNewTrace(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, parent, state string
		want                event.Trace
	}{
		{"parent alone", parent, "", event.Trace{Parent: parent}},
		{"with state", parent, "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", event.Trace{Parent: parent, State: "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE"}},
		{"spaces and empty members", " " + parent + " ", " a=1 ,, b=2 ", event.Trace{Parent: parent, State: "a=1,b=2"}},
		{"not sampled", parent[:53] + "00", "", event.Trace{Parent: parent[:53] + "00"}},
		{"a later version", "cc" + parent[2:] + "-what-will-be", "", event.Trace{Parent: parent}},
		{"a later version as short", "cc" + parent[2:], "", event.Trace{Parent: parent}},
		{"state of too many vendors", parent, strings.TrimSuffix(strings.Repeat("a=1,", 33), ","), event.Trace{Parent: parent}},
		{"state too long", parent, "a=" + strings.Repeat("x", 511), event.Trace{Parent: parent}},
		{"state that is none", parent, "congo", event.Trace{Parent: parent}},
		{"state with a line break", parent, "a=1\r\nNats-Rollup: all", event.Trace{Parent: parent}},
		{"state without parent", "", "a=1", event.Trace{}},
		{"capitals", strings.ToUpper(parent), "", event.Trace{}},
		{"no trace id", "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "", event.Trace{}},
		{"no parent id", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", "", event.Trace{}},
		{"version ff", "ff" + parent[2:], "", event.Trace{}},
		{"version 00 with more", parent + "-01", "", event.Trace{}},
		{"a later version run on", "cc" + parent[2:] + "01", "", event.Trace{}},
		{"short", parent[:54], "", event.Trace{}},
		{"other separators", strings.ReplaceAll(parent, "-", "_"), "", event.Trace{}},
		{"no hex", strings.Replace(parent, "4bf9", "4bg9", 1), "", event.Trace{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := event.NewTrace(tt.parent, tt.state); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestTraceOf(t *testing.T) {
	t.Parallel()
	with := event.Trace{Parent: parent, State: "a=1"}
	for _, tt := range []struct {
		name, data string
		want       event.Trace
	}{
		{"cloud event", `{"specversion":"1.0","traceparent":"` + parent + `","tracestate":"a=1","data":{}}`, with},
		{"plain order", `{"orderId":"1","traceparent":"` + parent + `"}`, event.Trace{}},
		{"in the data only", `{"specversion":"1.0","data":{"traceparent":"` + parent + `"}}`, event.Trace{}},
		{"no text", `{"specversion":"1.0","traceparent":7,"data":{}}`, event.Trace{}},
		{"no JSON", `"traceparent`, event.Trace{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := event.TraceOf([]byte(tt.data)); got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
