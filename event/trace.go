package event

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Names of the trace context, both as headers of a message and as extension
// attributes of a CloudEvent. They are written in lower case: NATS compares
// names of headers letter by letter.
const (
	TraceParent = "traceparent"
	TraceState  = "tracestate"
)

// Trace is a W3C trace context, passed on as it was received: Nearlane makes
// no spans of its own, so the parent stays the caller's. The zero value is none.
type Trace struct {
	Parent string // version-traceid-parentid-flags, lower-case hex
	State  string // the vendors' list; never without a Parent
}

// Bounds of a trace context. Vendors have to pass on 512 bytes of state, and
// may drop what is more.
const (
	parentBytes   = 55 // of version 00
	maxTraceState = 512
	maxVendors    = 32
)

// NewTrace makes a trace context of two values as received. Without a valid
// parent it is none, because a trace that nobody can join is worth nothing; a
// state that is not valid is dropped alone.
func NewTrace(parent, state string) Trace {
	parent = validParent(strings.TrimSpace(parent))
	if parent == "" {
		return Trace{}
	}
	return Trace{Parent: parent, State: validState(state)}
}

// TraceOf is the trace context in the distributed tracing extension of a
// structured CloudEvent, none in any other message.
func TraceOf(data []byte) Trace {
	if !bytes.Contains(data, []byte(TraceParent)) || len(data) > MaxOrderBytes {
		return Trace{}
	}
	var e struct { // raw, because anything may stand there in a plain order
		SpecVersion jsontext.Value `json:"specversion"`
		Parent      jsontext.Value `json:"traceparent"`
		State       jsontext.Value `json:"tracestate"`
	}
	if err := json.Unmarshal(data, &e); err != nil || text(e.SpecVersion) != specVersion {
		return Trace{}
	}
	return NewTrace(text(e.Parent), text(e.State))
}

// validParent gives a traceparent in version 00, empty if there is none to be
// had. A later version has the same first fields.
func validParent(s string) string {
	if len(s) < parentBytes || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return ""
	}
	version, trace, parent, flags := s[:2], s[3:35], s[36:52], s[53:parentBytes]
	switch {
	case !lowerHex(version) || !lowerHex(trace) || !lowerHex(parent) || !lowerHex(flags):
		return ""
	case version == "ff", strings.Trim(trace, "0") == "", strings.Trim(parent, "0") == "":
		return ""
	case len(s) > parentBytes && (version == "00" || s[parentBytes] != '-'):
		return ""
	}
	return "00" + s[2:parentBytes]
}

func lowerHex(s string) bool {
	for i := 0; i < len(s); i++ {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// validState gives a tracestate without its empty members, or nothing: it is
// of printable ASCII, each member key=value.
func validState(s string) string {
	var members []string
	for m := range strings.SplitSeq(s, ",") {
		m = strings.Trim(m, " \t")
		if m == "" {
			continue
		}
		key, value, ok := strings.Cut(m, "=")
		if !ok || key == "" || value == "" || strings.Contains(value, "=") || !printable(m) || strings.Contains(key, " ") {
			return ""
		}
		members = append(members, m)
	}
	state := strings.Join(members, ",")
	if len(members) > maxVendors || len(state) > maxTraceState {
		return ""
	}
	return state
}

func printable(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
