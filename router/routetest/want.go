package routetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
)

// Want is one thing that a case expects.
type Want struct {
	Key   string // as in the file: "site", "promise", "not"; "outcome" of what stands for itself
	Value string // "kallio"
	At    config.Position

	instant time.Time // of a slot or a promise that is given as a time
	because string    // of "not": the reason it must have; empty: any
}

// wordKey is a key of an expectation whose value is one of some ids or words.
type wordKey struct {
	key   string
	field config.Field[string]
}

func (n names) wordKeys() []wordKey {
	return []wordKey{
		{keySite, config.Reference("a site", n.sites)},
		{keyLane, config.Reference("a lane", n.laneNames())},
		{keyLevel, config.Reference("a service level", n.levels)},
		{keyMethod, config.Word("a delivery method", event.MethodCourier, event.MethodLocker)},
		{keyCourier, config.Reference("a courier", n.couriers)},
		{keyLocker, config.Reference("a locker", slices.Concat(n.banks, n.sizes))},
	}
}

// wants reads what a case expects. Unless it says that the order is unroutable
// or waits, it has to be dispatched: otherwise "not: kallio" would be met by an
// order that goes nowhere.
func (l *loader) wants(v config.Node, now time.Time) []Want {
	m := v.Mapping("{site: kallio}")
	outcome := Want{Key: keyOutcome, Value: string(event.Dispatched), At: v.Position()}
	var wants, chosen []Want
	for _, o := range []struct {
		key     string
		outcome event.Outcome
	}{{"unroutable", event.Unroutable}, {"waits", event.Waiting}} {
		at := m.Get(o.key)
		if _, ok := config.Read(at, config.Word("an answer", "true")); !ok {
			continue
		}
		if outcome.Value != string(event.Dispatched) {
			at.FailAtKey(config.CodeConflict, "keep one of the two", "an order cannot be unroutable and wait")
		}
		outcome = Want{Key: keyOutcome, Value: string(o.outcome), At: at.Position()}
	}
	for _, w := range l.names.wordKeys() {
		if at := m.Get(w.key); !at.Absent() {
			value, _ := config.Read(at, w.field)
			chosen = append(chosen, Want{Key: w.key, Value: value, At: at.Position()})
		}
	}
	for _, key := range []string{keySlot, keyPromise} {
		if at := m.Get(key); !at.Absent() {
			chosen = append(chosen, l.timeWant(key, at, now))
		}
	}
	if at := m.Get(keyReason); !at.Absent() {
		value, _ := config.Read(at, l.names.reason())
		wants = append(wants, Want{Key: keyReason, Value: value, At: at.Position()})
	}
	wants = append(wants, l.nots(m.Get(keyNot))...)
	m.Done()
	if v.IsMapping() && len(wants)+len(chosen) == 0 && outcome.Value == string(event.Dispatched) {
		v.FailAtKey(config.CodeMissing, "{site: kallio}, or {unroutable: true}", "nothing is expected")
	}
	if len(chosen) > 0 && outcome.Value != string(event.Dispatched) {
		v.FailAtKey(config.CodeConflict, "delete one of the two", "%s is for orders that are dispatched, and this one is %s", chosen[0].Key, outcome.Value)
	}
	return slices.Concat([]Want{outcome}, chosen, wants)
}

// Keys of an expectation.
const (
	keyOutcome = "outcome" // not in the file
	keySite    = "site"
	keyLane    = "lane"
	keyLevel   = "level"
	keyMethod  = "method"
	keyCourier = "courier"
	keyLocker  = "locker"
	keySlot    = "slot"
	keyPromise = "promise"
	keyReason  = "reason"
	keyNot     = "not"
)

// timeWant reads when an order leaves or arrives. A slot may also be given by
// its id.
func (l *loader) timeWant(key string, v config.Node, now time.Time) Want {
	w := Want{Key: key, At: v.Position()}
	w.Value, _ = config.Read(v, config.Field[string]{What: "a time", Hint: instantHint, Parse: func(text string) (string, error) {
		if _, err := lanes.ParseSlot(text); err == nil && key == keySlot {
			return l.parsePlace(text)
		}
		var err error
		w.instant, err = l.parseInstant(text, now)
		return text, err
	}})
	return w
}

// nots reads where the order must not go: one place, a list of them, or a
// mapping that says why.
func (l *loader) nots(v config.Node) []Want {
	place := config.Reference("a site or a lane", slices.Concat(l.names.sites, l.names.lanes))
	var wants []Want
	switch {
	case v.Absent():
	case v.IsMapping():
		for _, e := range v.Entries("{works/bike: no_stock}") {
			name, _ := config.ReadKey(e, place)
			because, _ := config.Read(e.Node, l.names.reason())
			wants = append(wants, Want{Key: keyNot, Value: name, At: e.Position(), because: because})
		}
	case v.IsList():
		for _, item := range v.List("[pasila]") {
			name, _ := config.Read(item, place)
			wants = append(wants, Want{Key: keyNot, Value: name, At: item.Position()})
		}
	default:
		name, _ := config.Read(v, place)
		wants = append(wants, Want{Key: keyNot, Value: name, At: v.Position()})
	}
	return wants
}

// String is the expectation as a failure tells it.
func (w Want) String() string {
	switch {
	case w.Key == keyNot && w.because != "":
		return fmt.Sprintf("not %s, because of %s", w.Value, w.because)
	case w.Key == keyNot:
		return "not " + w.Value
	case !w.instant.IsZero():
		return w.instant.Format(timeLayout)
	}
	return w.Value
}

// timeLayout has the weekday: people plan in weekdays.
const timeLayout = "Mon 2 Jan 15:04"
