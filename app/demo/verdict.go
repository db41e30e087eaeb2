package demo

import (
	"fmt"
	"slices"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
)

// Check is one invariant, and how it was broken if it was.
type Check struct {
	Name   string   `json:"name"`
	Detail string   `json:"detail,omitzero"`
	Broken []string `json:"broken,omitzero"` // the first maxBroken
	N      int      `json:"n,omitzero"`      // all of them
}

// maxBroken bounds the list of a check.
const maxBroken = 20

// evidence is all that the verdict rests on, read when the day was over.
type evidence struct {
	journal   *router.Refold   // closed
	taken     map[string]int64 // by slot: what Redis counts
	strays    int              // holds with an open part
	accounts  []*account
	strangers []string // outcomes of what nobody published
	late      []string // promises that are not kept
	wasted    []string // orders turned away while there was room
}

// verdict judges every invariant.
func (e *evidence) verdict() []Check {
	return []Check{
		{Name: "one chain of decisions an order, each dispatch stored with its decision",
			Broken: e.journal.Breaches, N: e.journal.Breached()},
		check("no slot over its limit", e.overfull(), "%d slots", len(e.journal.Slots)),
		check("Redis counts what the journal says", e.drift(), "%d slots, %d strays", len(e.taken), e.strays),
		check("one outcome for every order published", append(e.unaccounted(), e.strangers...), "%d", e.outcomes()),
		check("every promise kept", e.late, ""),
		check("nobody turned away while there was room", e.wasted, ""),
	}
}

func check(name string, broken []string, detail string, args ...any) Check {
	return Check{Name: name, Detail: fmt.Sprintf(detail, args...), Broken: broken[:min(len(broken), maxBroken)], N: len(broken)}
}

// overfull lists the slots that hold more than any of their claims allowed.
func (e *evidence) overfull() []string {
	var broken []string
	for slot, u := range e.journal.Slots {
		if u.Units > u.Limit {
			broken = append(broken, fmt.Sprintf("slot %s holds %d of %d", slot, u.Units, u.Limit))
		}
	}
	slices.Sort(broken)
	return broken
}

// drift lists the slots on which Redis and the journal differ.
func (e *evidence) drift() []string {
	var broken []string
	differ := func(slot string, redis, journal int64) {
		if redis != journal {
			broken = append(broken, fmt.Sprintf("slot %s: Redis counts %d, the journal %d", slot, redis, journal))
		}
	}
	for slot, u := range e.journal.Slots {
		differ(slot, e.taken[slot], u.Units)
	}
	for slot, n := range e.taken {
		if _, known := e.journal.Slots[slot]; !known {
			differ(slot, n, 0)
		}
	}
	slices.Sort(broken)
	return broken
}

// outcomes counts the accounts that are to have an outcome.
func (e *evidence) outcomes() int {
	n := 0
	for _, a := range e.accounts {
		if !a.repeat() {
			n++
		}
	}
	return n
}

// unaccounted lists what has not exactly the outcome it is to have: an order
// one decision or one rejection, a changed one its rejection. That a repeat has
// none shows in the account of the order it repeats.
func (e *evidence) unaccounted() []string {
	var broken []string
	for _, a := range e.accounts {
		got, want := a.decisions+len(a.refusals), 1
		if a.Kind == Changed {
			got = len(a.refusals)
			if got == 1 && a.refusals[0] != event.CodeOrderChanged {
				got = 0
			}
		}
		if a.repeat() {
			want = 0
		}
		if got != want {
			broken = append(broken, fmt.Sprintf("order %s (%s) has %d decisions and %d rejections",
				a.Order.Key(), a.Kind, a.decisions, len(a.refusals)))
		}
	}
	return broken
}
