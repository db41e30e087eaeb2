package routetest

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// fields are the keys of a case that may have a default.
type fields map[string]config.Node

// orderKeys make up an order; a case that takes its order from a file has none
// of them.
var orderKeys = []string{"to", "country", "lines", "serviceLevel", "deliveryMethods", "lockerId", "window", "excludedSites", "fallback"}

func fieldsOf(m *config.Mapping) fields {
	f := fields{"at": m.Get("at"), "placedAt": m.Get("placedAt")}
	for _, key := range orderKeys {
		f[key] = m.Get(key)
	}
	return f
}

// or is f with defaults for what is absent.
func (f fields) or(defaults fields) fields {
	merged := fields{}
	for key, v := range f {
		if merged[key] = v; v.Absent() && defaults != nil {
			merged[key] = defaults[key]
		}
	}
	return merged
}

// inline is the order that a case writes out, and when it is planned.
func (l *loader) inline(v config.Node, f fields, number int) (*event.Order, time.Time) {
	now, timed := l.instant(f["at"], l.base)
	base := l.baseOf(f["at"], l.base)
	if f["at"].Absent() {
		v.FailAtKey(config.CodeMissing, "at: 2026-08-04 09:30, here or under defaults", "%q is missing", "at")
	}
	placed := now
	if at, given := l.instant(f["placedAt"], base); given {
		placed = at
	} else {
		timed = timed && f["placedAt"].Absent()
	}
	o, whole := l.parts(f, base)
	for _, need := range []struct{ key, hint string }{{"to", "to: {lat: 60.1842, lng: 24.9497}"}, {"lines", "lines: [mug-blue]"}} {
		if f[need.key].Absent() {
			v.FailAtKey(config.CodeMissing, need.hint+", here or under defaults", "%q is missing", need.key)
			whole = false
		}
	}
	if !whole || !timed {
		return o, now
	}
	o.OrderID, o.Channel, o.PlacedAt = fmt.Sprintf("case-%d", number+1), "test", placed
	data, err := json.Marshal(o)
	if err != nil {
		v.Fail(config.CodeValue, "write it otherwise", "the order cannot be encoded: %v", err)
		return o, now
	}
	return l.decode(v, data, now, "see nearlane schema order"), now
}

// fromFile is the order in a file, planned when it was placed unless the case
// says otherwise.
func (l *loader) fromFile(file config.Node, own fields) (*event.Order, time.Time) {
	for _, key := range append(orderKeys, "placedAt") {
		if v := own[key]; !v.Absent() {
			v.FailAtKey(config.CodeConflict, "delete one of the two", "%s is in the order's file", key)
		}
	}
	now, timed := l.instant(own["at"], l.base)
	name, ok := config.Read(file, config.Text("a file"))
	if !ok {
		return nil, now
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(l.dir, name)
	}
	data, err := l.readFile(path)
	if err != nil {
		file.Fail(config.CodeFile, "paths are relative to the file of tests", "%s", config.Unreadable(name, err).Message)
		return nil, now
	}
	judgedAt := now
	if !timed {
		judgedAt = endOfTime
	}
	o := l.decode(file, data, judgedAt, "nearlane explain "+path+" says the same")
	if o != nil && !timed {
		now = l.local(o.PlacedAt)
	}
	return o, now
}

// endOfTime is later than any order can have been placed.
var endOfTime = time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC)

// decode lets the order through the door that every order takes.
func (l *loader) decode(v config.Node, data []byte, now time.Time, hint string) *event.Order {
	channel := "-"
	if key, _ := event.Identify(data); event.CheckID(key.Channel) == nil {
		channel = key.Channel
	}
	o, refusal := event.DecodeOrder(event.PlacedSubject(channel), data, now)
	if refusal != nil {
		v.Fail(config.CodeValue, hint, "the router refuses this order: %v", refusal)
		return nil
	}
	return o
}
