package stream

import (
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/nearlane/nearlane/event"
)

// traceOf reads the trace context from headers, whatever case their names are
// in: libraries of HTTP descent capitalise them.
func traceOf(h nats.Header) event.Trace {
	var parents, states []string
	for name, values := range h {
		switch {
		case strings.EqualFold(name, event.TraceParent):
			parents = append(parents, values...)
		case strings.EqualFold(name, event.TraceState):
			states = append(states, values...)
		}
	}
	if len(parents) != 1 { // with two of them, nobody knows which
		return event.Trace{}
	}
	return event.NewTrace(parents[0], strings.Join(states, ","))
}

// trace writes the trace context into headers.
func trace(h nats.Header, t event.Trace) {
	if t.Parent == "" {
		return
	}
	h[event.TraceParent] = []string{t.Parent}
	if t.State != "" {
		h[event.TraceState] = []string{t.State}
	}
}
