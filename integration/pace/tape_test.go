package pace

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// tape is what a router did for every message on ORDERS, by sequence, as far
// as it went through its adapters.
type tape struct {
	mix    mix
	traces map[uint64]*trace
	mu     sync.Mutex
	queues map[string][]*trace // messages in hand, by order: the first is worked on
}

// trace is what was done for one message, in the order in which an engine
// does it again.
type trace struct {
	key      event.Key
	recalled bool // its last decision was read before anything else
	asks     []lanes.Ask
	behind   bool // its last decision was read because Redis knew of one
	messages []event.Message
	settles  []lanes.Settlement
}

func newTape(m mix) *tape {
	return &tape{mix: m, traces: map[uint64]*trace{}, queues: map[string][]*trace{}}
}

// listen puts the tape between a router and its adapters.
func (t *tape) listen(o *router.Options) {
	o.Inbox = &heardInbox{o.Inbox, t}
	o.Ledger = &heardLedger{o.Ledger, t}
	o.Journal = &heardJournal{o.Journal, t}
}

func (t *tape) on(key string, note func(*trace)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q := t.queues[key]; len(q) > 0 {
		note(q[0])
	}
}

type heardInbox struct {
	router.Inbox
	*tape
}

func (h *heardInbox) Pull(ctx context.Context) ([]event.Delivery, error) {
	in, err := h.Inbox.Pull(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	for i, d := range in {
		id, _ := h.mix.order(int(d.Sequence - 1))
		one := &trace{key: event.Key{Channel: channel, Order: id}}
		h.traces[d.Sequence] = one
		h.queues[one.key.String()] = append(h.queues[one.key.String()], one)
		in[i].Receipt = &receipt{d.Receipt, func() { h.end(one) }}
	}
	return in, err
}

// end lets the next message about an order be worked on.
func (t *tape) end(of *trace) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := of.key.String()
	t.queues[key] = slices.DeleteFunc(t.queues[key], func(one *trace) bool { return one == of })
}

type heardLedger struct {
	router.Ledger
	*tape
}

func (h *heardLedger) Reserve(ctx context.Context, asks []lanes.Ask) []lanes.Answer {
	for _, a := range asks {
		h.on(a.Order, func(t *trace) { t.asks = append(t.asks, a) })
	}
	return h.Ledger.Reserve(ctx, asks)
}

func (h *heardLedger) Settle(ctx context.Context, settlements []lanes.Settlement) []error {
	for _, s := range settlements {
		h.on(s.Order, func(t *trace) { t.settles = append(t.settles, s) })
	}
	return h.Ledger.Settle(ctx, settlements)
}

type heardJournal struct {
	router.Journal
	*tape
}

func (h *heardJournal) LastMany(ctx context.Context, keys []event.Key) ([]event.Record, error) {
	for _, k := range keys {
		h.on(k.String(), func(t *trace) {
			if len(t.asks) == 0 {
				t.recalled = true
			} else {
				t.behind = true
			}
		})
	}
	return h.Journal.LastMany(ctx, keys)
}

// Commit takes down each decision with the dispatch behind it.
func (h *heardJournal) Commit(ctx context.Context, batch []event.Message) ([]uint64, error) {
	var of string
	for _, m := range batch {
		if key, err := event.ParseDecisionSubject(m.Subject); err == nil {
			of = key.String()
		} else if strings.HasPrefix(m.Subject, "dispatch.") {
			m.Expect = nil // the fence is the engine's own
		} else {
			continue
		}
		h.on(of, func(t *trace) { t.messages = append(t.messages, m) })
	}
	return h.Journal.Commit(ctx, batch)
}
