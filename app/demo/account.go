package demo

import (
	"time"

	"github.com/nearlane/nearlane/event"
)

// account is what became of one emission.
type account struct {
	*Emission
	published time.Time // real time; zero: not published
	acked     bool      // ORDERS has answered
	took      time.Duration
	decision  *event.Decision // the last one
	decisions int
	refusals  []string // codes
}

// repeat reports whether the emission is to change nothing: its order has its
// outcome from elsewhere.
func (a *account) repeat() bool { return a.Kind == Repeated || a.Kind == Resent }

// open reports whether an outcome is still to come; of a repeat, only whether
// it was stored.
func (a *account) open() bool {
	if a.repeat() {
		return !a.acked
	}
	return a.decisions == 0 && len(a.refusals) == 0
}

// books keep one account for every emission that was published, and note what
// belongs to none.
type books struct {
	accounts  []*account
	byKey     map[event.Key]*account // of orders, not of their repeats
	byBytes   map[string]*account    // of messages that may be refused
	strangers []string
}

func newBooks() *books {
	return &books{byKey: map[event.Key]*account{}, byBytes: map[string]*account{}}
}

// add opens the account of an emission.
func (b *books) add(e *Emission, now time.Time) *account {
	a := &account{Emission: e, published: now}
	b.accounts = append(b.accounts, a)
	switch e.Kind {
	case Placed, Flawed:
		b.byKey[e.Order.Key()] = a
		fallthrough
	case Changed:
		b.byBytes[string(e.Message.Data)] = a
	}
	return a
}

// decided enters a decision into the account of its order. Nothing stands
// after a void, so it is no outcome.
func (b *books) decided(d *event.Decision) *account {
	a := b.byKey[d.Key()]
	switch {
	case a == nil:
		b.strangers = append(b.strangers, "decision on order "+d.Key().String()+", which nobody placed")
	case d.Outcome != event.Void:
		a.decision = d
		a.decisions++
	}
	return a
}

// refused enters a rejection into the account of its message.
func (b *books) refused(data []byte, code string) *account {
	a := b.byBytes[string(data)]
	if a == nil {
		b.strangers = append(b.strangers, "rejection ("+code+") of a message that nobody published")
		return nil
	}
	a.refusals = append(a.refusals, code)
	return a
}
