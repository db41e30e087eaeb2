package router

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
)

// journal is what a test writes and a refold reads.
type journal struct {
	tb     testing.TB
	refold *Refold
	seq    uint64
}

func newJournal(tb testing.TB) *journal { return &journal{tb: tb, refold: NewRefold()} }

func (j *journal) add(subject string, data []byte, err error) uint64 {
	j.tb.Helper()
	if err != nil {
		j.tb.Fatal(err)
	}
	j.seq += 3 // there are other messages between them
	if err := j.refold.Add(j.seq, subject, data); err != nil {
		j.tb.Fatal(err)
	}
	return j.seq
}

// decide stores a decision on order and returns its sequence.
func (j *journal) decide(order string, basis uint64, outcome event.Outcome, dispatch string, claims ...event.Claim) uint64 {
	j.tb.Helper()
	d := &event.Decision{Channel: "shop", OrderID: order, Basis: basis, Outcome: outcome, DispatchID: dispatch, Region: "town", Epoch: "7/h", Claims: claims}
	data, err := event.EncodeDecision(d, tuesday)
	return j.add(event.DecisionSubject(d.Key()), data, err)
}

func (j *journal) dispatch(order, id, status string) {
	j.tb.Helper()
	d := &event.Dispatch{Channel: "shop", OrderID: order, DispatchID: id, Status: status, CourierID: "bike", Site: event.Site{SiteID: "hub"}}
	data, err := event.EncodeDispatch(d, tuesday)
	j.add(event.DispatchSubject("bike", "hub"), data, err)
}

func claim(slot string, units, limit int64) event.Claim {
	return event.Claim{Slot: slot, Units: units, Limit: limit, Ends: tuesday.Add(time.Hour).UTC()}
}

func TestRefoldOfASoundJournal(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	first := j.decide("1", 0, event.Dispatched, "d1", claim("a", 1, 2), claim("b", 5, 9))
	j.dispatch("1", "d1", event.Requested)
	j.decide("2", 0, event.Unroutable, "")
	second := j.decide("3", 0, event.Dispatched, "d3", claim("a", 1, 2))
	j.dispatch("3", "d3", event.Requested)
	j.add(event.EpochSubject("town"), []byte("{}"), nil)
	j.add(event.FenceSubject("router"), []byte("{}"), nil)
	// The first is sent anew by another way, the third is cancelled.
	again := j.decide("1", first, event.Dispatched, "d1b", claim("b", 4, 8))
	j.dispatch("1", "d1", event.Withdrawn)
	j.dispatch("1", "d1b", event.Requested)
	gone := j.decide("3", second, event.Cancelled, "")
	j.dispatch("3", "d3", event.Withdrawn)
	// A void stands on nothing, and nothing of it stands.
	void := j.decide("4", 0, event.Void, "")
	last := j.decide("4", void, event.Dispatched, "d4", claim("a", 2, 2))
	j.dispatch("4", "d4", event.Requested)
	// A renewal and a completion keep the dispatch.
	renewed := j.decide("4", last, event.Dispatched, "d4", claim("a", 2, 2))
	done := j.decide("4", renewed, event.Completed, "d4", claim("a", 1, 2))
	j.refold.Close()

	f := j.refold
	equal(t, "breaches", f.Breaches, nil)
	equal(t, "breached", f.Breached(), 0)
	equal(t, "through", f.Through(), j.seq)
	equal(t, "slots", f.Slots, map[string]Usage{"a": {Units: 1, Limit: 2}, "b": {Units: 4, Limit: 8}})
	equal(t, "outcomes", f.Outcomes, map[event.Outcome]int{event.Dispatched: 1, event.Unroutable: 1, event.Cancelled: 1, event.Completed: 1, event.Void: 0})
	sequences := map[string]uint64{}
	for key, s := range f.Standing {
		sequences[key.String()] = s.Sequence
	}
	equal(t, "last decisions", sequences, map[string]uint64{"shop/1": again, "shop/2": first + 6, "shop/3": gone, "shop/4": done})
}

func TestRefoldFindsBreaches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		write func(j *journal)
		want  []string // parts of the breaches
	}{
		{"two decisions on nothing", func(j *journal) {
			j.decide("1", 0, event.Unroutable, "")
			j.decide("1", 0, event.Unroutable, "")
		}, []string{"decision 6 of order shop/1 stands on basis 0, but the last one is 3"}},
		{"a basis that is not there", func(j *journal) { j.decide("1", 2, event.Unroutable, "") },
			[]string{"decision 3 of order shop/1 stands on basis 2, but the last one is 0"}},
		{"a basis of another order", func(j *journal) {
			j.decide("1", j.decide("2", 0, event.Unroutable, ""), event.Unroutable, "")
		}, []string{"decision 6 of order shop/1 stands on basis 3"}},
		{"a slot over its limit", func(j *journal) {
			for i := range 3 {
				id := fmt.Sprint(i)
				j.decide(id, 0, event.Dispatched, "d"+id, claim("a", 1, 2))
				j.dispatch(id, "d"+id, event.Requested)
			}
		}, []string{"decision 15 of order shop/2 takes slot a to 3 of 2"}},
		{"a slot over its limit by one claim", func(j *journal) {
			j.decide("1", 0, event.Dispatched, "d1", claim("a", 3, 2))
			j.dispatch("1", "d1", event.Requested)
		}, []string{"takes slot a to 3 of 2"}},
		{"a slot over the limit of those who are in it, though once more fitted", func(j *journal) {
			j.decide("1", j.decide("1", 0, event.Unroutable, "", claim("a", 2, 2)), event.Unroutable, "")
			j.decide("2", 0, event.Unroutable, "", claim("a", 1, 1))
			j.decide("3", 0, event.Unroutable, "", claim("a", 1, 1))
		}, []string{"takes slot a to 2 of 1"}},
		{"a lowered limit breaks no promise", func(j *journal) {
			j.decide("1", 0, event.Unroutable, "", claim("a", 2, 3))
			j.decide("2", 0, event.Unroutable, "", claim("a", 1, 1))
		}, nil},
		{"dispatched twice", func(j *journal) {
			j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d1", event.Requested)
			j.dispatch("1", "d1", event.Requested)
		}, []string{"dispatch at 9 sends order shop/1 a second time while d1 is live"}},
		{"dispatched anew without a withdrawal", func(j *journal) {
			first := j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d1", event.Requested)
			j.decide("1", first, event.Dispatched, "d2")
			j.dispatch("1", "d2", event.Requested)
		}, []string{"sends order shop/1 a second time while d1 is live"}},
		{"decided anew, and neither withdrawn nor sent", func(j *journal) {
			first := j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d1", event.Requested)
			j.decide("1", first, event.Dispatched, "d2")
		}, []string{`order shop/1: dispatch d1 is live, but the last decision (dispatched) names "d2"`}},
		{"a dispatch that outlives its decision", func(j *journal) {
			first := j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d1", event.Requested)
			j.decide("1", first, event.Cancelled, "")
		}, []string{`order shop/1: dispatch d1 is live, but the last decision (cancelled) names ""`}},
		{"a dispatch of no decision", func(j *journal) { j.dispatch("1", "d1", event.Requested) },
			[]string{"dispatch at 3 of order shop/1 is not the one its decision names"}},
		{"a dispatch of another decision", func(j *journal) {
			j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d2", event.Requested)
		}, []string{"dispatch at 6 of order shop/1 is not the one its decision names", `dispatch d2 is live, but the last decision (dispatched) names "d1"`}},
		{"a dispatch of an unroutable order", func(j *journal) {
			j.decide("1", 0, event.Unroutable, "")
			j.dispatch("1", "d1", event.Requested)
		}, []string{"is not the one its decision names", `dispatch d1 is live, but the last decision (unroutable) names ""`}},
		{"a decision whose dispatch is missing", func(j *journal) { j.decide("1", 0, event.Dispatched, "d1") },
			[]string{"order shop/1: it is dispatched, but dispatch d1 is not live"}},
		{"a dispatch withdrawn behind its decision's back", func(j *journal) {
			j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d1", event.Requested)
			j.dispatch("1", "d1", event.Withdrawn)
		}, []string{"order shop/1: it is dispatched, but dispatch d1 is not live"}},
		{"a withdrawal of what is not live", func(j *journal) {
			j.decide("1", 0, event.Dispatched, "d1")
			j.dispatch("1", "d1", event.Requested)
			j.dispatch("1", "d0", event.Withdrawn)
		}, []string{`dispatch at 9 withdraws d0 of order shop/1, but "d1" is live`}},
		{"the last ones by order", func(j *journal) {
			for _, id := range []string{"b", "c", "a"} {
				j.decide(id, 0, event.Dispatched, "d"+id)
			}
		}, []string{"order shop/a: it is dispatched", "order shop/b: it is dispatched", "order shop/c: it is dispatched"}},
	} {
		j := newJournal(t)
		c.write(j)
		j.refold.Close()
		if got := j.refold.Breaches; !slices.EqualFunc(got, c.want, strings.Contains) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
		equal(t, c.name+": breached", j.refold.Breached(), len(c.want))
	}
}

func TestRefoldListsSoManyBreaches(t *testing.T) {
	t.Parallel()
	j := newJournal(t)
	for i := range maxBreaches + 5 {
		j.decide(fmt.Sprint(i), 1, event.Unroutable, "")
	}
	if got := len(j.refold.Breaches); got != maxBreaches {
		t.Errorf("got %d breaches listed, want %d", got, maxBreaches)
	}
	equal(t, "breached", j.refold.Breached(), maxBreaches+5)
}

func TestRefoldRefusesWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{"decision.v1.shop.1", "dispatch.v1.bike.hub"} {
		err := NewRefold().Add(9, subject, []byte(`{"specversion":"1.0"`))
		if err == nil || !strings.Contains(err.Error(), "sequence 9") {
			t.Errorf("%s: got error %v, want one that names the sequence", subject, err)
		}
	}
}
