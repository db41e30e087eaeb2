package router

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/event"
)

// Refold is the journal read from its beginning: what stands for every order,
// what that takes from every slot, and every way in which the journal breaks
// an invariant. It is the measure of Redis, never the other way round.
type Refold struct {
	Standing  map[event.Key]Standing
	Slots     map[string]Usage
	Outcomes  map[event.Outcome]int // of the last decision of each order
	Breaches  []string              // the first maxBreaches, in the journal's order
	breached  int
	requested map[event.Key]string // the live dispatch of each order
	through   uint64
}

// Usage is what live decisions take from one slot, and the largest limit that
// any of them was granted under.
type Usage struct{ Units, Limit int64 }

const maxBreaches = 100

// NewRefold returns the refold of an empty journal.
func NewRefold() *Refold {
	return &Refold{
		Standing:  map[event.Key]Standing{},
		Slots:     map[string]Usage{},
		Outcomes:  map[event.Outcome]int{},
		requested: map[event.Key]string{},
	}
}

// Breached is the number of broken invariants, listed or not.
func (f *Refold) Breached() int { return f.breached }

// Through is the sequence of the last message added.
func (f *Refold) Through() uint64 { return f.through }

// Add takes the next message of the journal. Its signature is that of the
// callback of History.Read.
func (f *Refold) Add(seq uint64, subject string, data []byte) error {
	f.through = seq
	switch {
	case strings.HasPrefix(subject, "decision."):
		d, err := event.DecodeDecision(data)
		if err != nil {
			return fmt.Errorf("decode decision at sequence %d: %w", seq, err)
		}
		f.decide(event.Record{Sequence: seq, Decision: d})
	case strings.HasPrefix(subject, "dispatch."):
		d, err := event.DecodeDispatch(data)
		if err != nil {
			return fmt.Errorf("decode dispatch at sequence %d: %w", seq, err)
		}
		f.dispatch(seq, d)
	}
	return nil
}

func (f *Refold) decide(rec event.Record) {
	d, key := rec.Decision, rec.Decision.Key()
	before, known := f.Standing[key]
	if d.Basis != before.Sequence {
		f.Breach("decision %d of order %s stands on basis %d, but the last one is %d", rec.Sequence, key, d.Basis, before.Sequence)
	}
	if known {
		f.Outcomes[before.Outcome]--
	}
	f.Outcomes[d.Outcome]++
	for _, c := range before.Claims {
		u := f.Slots[c.Slot]
		if u.Units -= c.Units; u.Units == 0 {
			delete(f.Slots, c.Slot) // and its limit with it: nobody holds a promise under it
			continue
		}
		f.Slots[c.Slot] = u
	}
	for _, c := range d.Claims {
		u := f.Slots[c.Slot]
		u.Units, u.Limit = u.Units+c.Units, max(u.Limit, c.Limit)
		f.Slots[c.Slot] = u
		if u.Units > u.Limit {
			f.Breach("decision %d of order %s takes slot %s to %d of %d", rec.Sequence, key, c.Slot, u.Units, u.Limit)
		}
	}
	f.Standing[key] = StandingOf(rec)
}

func (f *Refold) dispatch(seq uint64, d *event.Dispatch) {
	key := event.Key{Channel: d.Channel, Order: d.OrderID}
	switch d.Status {
	case event.Requested:
		if live := f.requested[key]; live != "" {
			f.Breach("dispatch at %d sends order %s a second time while %s is live", seq, key, live)
		}
		if s := f.Standing[key]; s.DispatchID != d.DispatchID {
			f.Breach("dispatch at %d of order %s is not the one its decision names", seq, key)
		}
		f.requested[key] = d.DispatchID
	case event.Withdrawn:
		if live := f.requested[key]; live != d.DispatchID {
			f.Breach("dispatch at %d withdraws %s of order %s, but %q is live", seq, d.DispatchID, key, live)
			return
		}
		delete(f.requested, key)
	}
}

// Close checks what only the end of the journal can show: that the dispatch
// in force is the live one (J3). Its breaches come in the order of the keys.
func (f *Refold) Close() {
	var found []string
	for key, s := range f.Standing {
		switch live := f.requested[key]; {
		case live == s.DispatchID:
		case live != "":
			found = append(found, fmt.Sprintf("order %s: dispatch %s is live, but the last decision (%s) names %q", key, live, s.Outcome, s.DispatchID))
		case s.Outcome == event.Dispatched:
			found = append(found, fmt.Sprintf("order %s: it is dispatched, but dispatch %s is not live", key, s.DispatchID))
		}
	}
	slices.Sort(found)
	for _, breach := range found {
		f.Breach("%s", breach)
	}
}

// Breach notes one more breach, which whoever reads the journal has found.
func (f *Refold) Breach(format string, args ...any) {
	f.breached++
	if len(f.Breaches) < maxBreaches {
		f.Breaches = append(f.Breaches, fmt.Sprintf(format, args...))
	}
}
