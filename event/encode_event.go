package event

import (
	"fmt"
	"time"
)

// encodeEvent writes a cloudEvent around data.
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
