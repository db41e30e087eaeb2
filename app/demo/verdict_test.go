package demo

import (
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

const slot = "lane/kallio/bike:2026-11-24T10:00:parcels"

// day of three orders as it should be: one dispatched, one unroutable, one
// refused, and two repeats.
func soundBooks() []*account {
	order := func(id string) *event.Order { return &event.Order{Channel: "webshop", OrderID: id} }
	return []*account{
		{Emission: &Emission{Order: order("1")}, decisions: 1},
		{Emission: &Emission{Order: order("2")}, decisions: 1},
		{Emission: &Emission{Kind: Flawed, Order: order("3")}, refusals: []string{event.CodeNotJSON}},
		{Emission: &Emission{Kind: Repeated, Order: order("1")}},
		{Emission: &Emission{Kind: Resent, Order: order("1")}},
		{Emission: &Emission{Kind: Changed, Order: order("2")}, refusals: []string{event.CodeOrderChanged}},
	}
}

// entry is a message of a journal.
type entry struct {
	decision *event.Decision
	dispatch *event.Dispatch
}

func dispatched(id string, basis uint64, limit int64) []entry {
	claim := event.Claim{Slot: slot, Units: 1, Limit: limit}
	return []entry{
		{decision: &event.Decision{Outcome: event.Dispatched, Channel: "webshop", OrderID: id, Basis: basis, Attempt: 1,
			DispatchID: "d" + id, Region: "helsinki", Claims: []event.Claim{claim}}},
		{dispatch: &event.Dispatch{Channel: "webshop", OrderID: id, DispatchID: "d" + id, Status: event.Requested}},
	}
}

func refold(t *testing.T, entries ...entry) *router.Refold {
	t.Helper()
	f := router.NewRefold()
	for i, e := range entries {
		var data []byte
		var err error
		subject := "dispatch.v1.pyora.kallio"
		if e.decision != nil {
			subject = event.DecisionSubject(e.decision.Key())
			data, err = event.EncodeDecision(e.decision, time.Unix(0, 0))
		} else {
			data, err = event.EncodeDispatch(e.dispatch, time.Unix(0, 0))
		}
		if err == nil {
			err = f.Add(uint64(i+1), subject, data)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f.Close()
	return f
}

func join(all ...[]entry) []entry {
	var out []entry
	for _, a := range all {
		out = append(out, a...)
	}
	return out
}

// TestVerdict breaks one thing at a time.
func TestVerdict(t *testing.T) {
	t.Parallel()
	const (
		chain = iota
		limits
		redis
		outcomes
		promises
		waste
		none = -1
	)
	one := dispatched("1", 0, 2)
	for _, tt := range []struct {
		name  string
		spoil func(*evidence)
		want  int // the check that does not hold
		says  string
	}{
		{"all as it should be", func(*evidence) {}, none, ""},
		{"an open part is a stray, not a breach", func(e *evidence) { e.strays = 1 }, none, ""},
		{"decided twice on the same basis", func(e *evidence) {
			e.journal = refold(t, join(one, []entry{{decision: &event.Decision{Outcome: event.Dispatched, Channel: "webshop", OrderID: "1",
				DispatchID: "d1", Claims: one[0].decision.Claims}}})...)
		}, chain, "webshop/1"},
		{"decided, not dispatched", func(e *evidence) { e.journal = refold(t, one[0]) }, chain, "webshop/1"},
		{"dispatched twice", func(e *evidence) { e.journal = refold(t, join(one, one[1:])...) }, chain, "webshop/1"},
		{"slot over its limit", func(e *evidence) {
			e.journal = refold(t, join(dispatched("1", 0, 1), dispatched("2", 0, 1))...)
			e.taken[slot] = 2
		}, limits, "holds 2 of 1"},
		{"Redis counts too much", func(e *evidence) { e.taken[slot] = 2 }, redis, "Redis counts 2, the journal 1"},
		{"Redis counts too little", func(e *evidence) { delete(e.taken, slot) }, redis, "Redis counts 0, the journal 1"},
		{"Redis counts what nobody claims", func(e *evidence) { e.taken["make/x/y:2026-11-24:units"] = 1 }, redis, "the journal 0"},
		{"an order without outcome", func(e *evidence) { e.accounts[0].decisions = 0 }, outcomes, "webshop/1 (placed) has 0 decisions"},
		{"an order with two decisions", func(e *evidence) { e.accounts[1].decisions = 2 }, outcomes, "webshop/2 (placed) has 2 decisions"},
		{"decided and refused", func(e *evidence) { e.accounts[2].decisions = 1 }, outcomes, "1 decisions and 1 rejections"},
		{"refused twice", func(e *evidence) { e.accounts[2].refusals = []string{"a", "a"} }, outcomes, "2 rejections"},
		{"a repeat refused", func(e *evidence) { e.accounts[4].refusals = []string{event.CodeOrderChanged} }, outcomes, "(resent)"},
		{"a change taken", func(e *evidence) { e.accounts[5].refusals = nil }, outcomes, "(changed)"},
		{"a change refused for another reason", func(e *evidence) { e.accounts[5].refusals = []string{event.CodeNotJSON} }, outcomes, "(changed)"},
		{"an outcome of nothing", func(e *evidence) { e.strangers = []string{"decision on order x"} }, outcomes, "decision on order x"},
		{"a promise broken", func(e *evidence) { e.late = []string{"late"} }, promises, "late"},
		{"turned away for nothing", func(e *evidence) { e.wasted = []string{"room"} }, waste, "room"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			e := &evidence{journal: refold(t, one...), taken: map[string]int64{slot: 1}, accounts: soundBooks()}
			tt.spoil(e)
			r := &Report{Checks: e.verdict()}
			for i, c := range r.Checks {
				// A slot over its limit is a breach of the journal as well.
				if i == tt.want || tt.want == limits && i == chain {
					continue
				}
				if c.N != 0 {
					t.Errorf("%s: got %v, want it to hold", c.Name, c.Broken)
				}
			}
			if tt.want == none {
				if err := r.Err(); err != nil {
					t.Errorf("got %v, want no error", err)
				}
				return
			}
			c := r.Checks[tt.want]
			if c.N == 0 || !strings.Contains(strings.Join(c.Broken, "\n"), tt.says) {
				t.Errorf("%s: got %d broken %q, want %q", c.Name, c.N, c.Broken, tt.says)
			}
			if err := r.Err(); err == nil || !strings.Contains(err.Error(), c.Name) {
				t.Errorf("got error %v, want one that names %q", err, c.Name)
			}
		})
	}
}

func TestLongListsAreCut(t *testing.T) {
	t.Parallel()
	if c := check("x", make([]string, 50), ""); len(c.Broken) != maxBroken || c.N != 50 {
		t.Errorf("got %d listed of %d, want %d of 50", len(c.Broken), c.N, maxBroken)
	}
}
