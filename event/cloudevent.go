package event

import (
	"errors"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
)

// Source is the CloudEvents source of all that Nearlane publishes. It is the
// same on every router, so that (source, id) stays the same when another
// router repeats an event.
const Source = "nearlane"

// cloudEvent is a structured CloudEvent 1.0 as it is published. Equal
// events have equal bytes.
type cloudEvent[T any] struct {
	SpecVersion     string    `json:"specversion"`
	ID              string    `json:"id"`
	Source          string    `json:"source"`
	Type            string    `json:"type"`
	Subject         string    `json:"subject"` // Key.String of the order; of a mark, what it is of
	Time            time.Time `json:"time"`
	DataContentType string    `json:"datacontenttype"`
	TraceParent     string    `json:"traceparent,omitzero"` // the distributed tracing extension
	TraceState      string    `json:"tracestate,omitzero"`
	Data            *T        `json:"data"`
}

// EncodeDecision is the message for DecisionSubject. Its id is the decision's.
func EncodeDecision(d *Decision, at time.Time) ([]byte, error) {
	return encodeEvent(TypeDecision, d.DecisionID, d.Key().String(), at, d.Trace, d)
}

// EncodeDispatch is the message for DispatchSubject. Its id is
// "<dispatchId>/<status>", because a dispatch is requested and then withdrawn
// under one dispatchId. One that is not requested must not say where the order
// goes or to whom.
func EncodeDispatch(d *Dispatch, at time.Time) ([]byte, error) {
	if d.Status != Requested && (d.Destination != nil || d.Recipient != nil) {
		return nil, fmt.Errorf("encode dispatch of %s: %s with personal data", d.Key(), d.Status)
	}
	return encodeEvent(TypeDispatch, d.DispatchID+"/"+d.Status, d.Key().String(), at, d.Trace, d)
}

// DecodeDecision decodes what EncodeDecision wrote, now or in an earlier
// version of the program. Members it does not know are skipped.
func DecodeDecision(data []byte) (*Decision, error) {
	d, trace, err := decode[Decision](TypeDecision, data)
	if err != nil {
		return nil, fmt.Errorf("decode decision: %w", err)
	}
	d.Trace = trace
	return d, nil
}

// DecodeDispatch decodes what EncodeDispatch wrote.
func DecodeDispatch(data []byte) (*Dispatch, error) {
	d, trace, err := decode[Dispatch](TypeDispatch, data)
	if err != nil {
		return nil, fmt.Errorf("decode dispatch: %w", err)
	}
	d.Trace = trace
	return d, nil
}

// encodeEvent writes a cloudEvent of data.
func encodeEvent(typ, id, subject string, at time.Time, trace Trace, data encoder) ([]byte, error) {
	w := newWriter()
	defer w.free()
	w.begin('{')
	w.text(`"specversion":`, specVersion)
	w.text(`"id":`, id)
	w.text(`"source":`, Source)
	w.text(`"type":`, typ)
	w.text(`"subject":`, subject)
	w.time(`"time":`, at.UTC())
	w.text(`"datacontenttype":`, "application/json")
	w.optText(`"traceparent":`, trace.Parent)
	w.optText(`"tracestate":`, trace.State)
	w.object(`"data":`, data)
	w.end('}')
	out, err := w.value()
	if err != nil {
		return nil, fmt.Errorf("encode %s of %s: %w", typ, subject, err)
	}
	return out, nil
}

func decode[T any](typ string, data []byte) (*T, Trace, error) {
	var e cloudEvent[T]
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, Trace{}, err
	}
	switch {
	case e.SpecVersion != specVersion:
		return nil, Trace{}, fmt.Errorf("specversion is %q, want %q", e.SpecVersion, specVersion)
	case e.Type != typ:
		return nil, Trace{}, fmt.Errorf("type is %q, want %q", e.Type, typ)
	case e.Data == nil:
		return nil, Trace{}, errors.New("no data")
	}
	return e.Data, NewTrace(e.TraceParent, e.TraceState), nil
}
