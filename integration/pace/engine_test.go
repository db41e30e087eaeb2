package pace

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/lanes/ledger"
	"github.com/nearlane/nearlane/router"
)

// engine does for every message what is on the tape, in batches as they come:
// one pipeline of script calls for each round, one atomic batch, one pipeline
// of settles, the acks, and as in a router a full batch reserves while the one
// before is stored. Nothing is decoded, and no answer changes what it does.
type engine struct {
	*tape
	inbox   router.Inbox
	journal *stream.Journal
	ledger  *ledger.Ledger
	name    string
	fence   uint64
}

func (w *world) engine(name string, counted *tally, from *tape) *runner {
	w.Helper()
	w.enter(name)
	conn, counts := w.dial(name), w.openLedger()
	journal, err := conn.Journal(context.Background())
	if err != nil {
		w.Fatalf("open journal: %v", err)
	}
	fence, err := journal.Sequence(context.Background(), event.FenceSubject(name))
	if err != nil {
		w.Fatalf("read fence: %v", err)
	}
	inbox := app.NewInbox(conn, durable, event.StreamOrders, event.StreamCourier, event.StreamRetry)
	e := &engine{tape: from, inbox: &metered{Inbox: inbox, tally: counted}, journal: journal, ledger: counts, name: name, fence: fence}
	return &runner{run: e.run, inbox: inbox, close: func() { _ = conn.Close(context.Background()); _ = counts.Close() }}
}

// busy is how many messages in a batch let the next one reserve while it is
// being stored, as in a router.
const busy = router.BatchOrders / 2

// hand is a batch in hand.
type hand struct {
	in     []event.Delivery
	traces []*trace
	keys   map[event.Key]bool
	epochs []string
	done   chan struct{} // closed when it is stored and answered
	err    error
}

func (e *engine) run(ctx context.Context) error {
	last := &hand{done: make(chan struct{})}
	close(last.done)
	defer func() { <-last.done }()
	for {
		in, err := e.inbox.Pull(ctx)
		if err != nil {
			return err
		}
		for len(in) > 0 {
			var h *hand
			if h, in, err = e.open(in); err != nil {
				return err
			}
			if h.shares(last) {
				<-last.done
			}
			if err := e.hold(context.WithoutCancel(ctx), h); err != nil {
				return err
			}
			if <-last.done; last.err != nil {
				return last.err
			}
			last = h
			go func() {
				defer close(h.done)
				h.err = e.store(context.WithoutCancel(ctx), h)
			}()
			if len(h.in) < busy {
				<-h.done
			}
		}
	}
}

// open leaves messages about an order that is in the batch already for the
// next one (J1), as a router does.
func (e *engine) open(in []event.Delivery) (h *hand, later []event.Delivery, err error) {
	h = &hand{keys: make(map[event.Key]bool, len(in)), done: make(chan struct{})}
	for _, d := range in {
		t := e.traces[d.Sequence]
		if t == nil {
			return nil, nil, fmt.Errorf("message %d is not on the tape", d.Sequence)
		}
		if h.keys[t.key] {
			later = append(later, d)
			continue
		}
		h.keys[t.key] = true
		h.traces, h.in = append(h.traces, t), append(h.in, d)
	}
	return h, later, nil
}

func (h *hand) shares(with *hand) bool {
	for k := range h.keys {
		if with.keys[k] {
			return true
		}
	}
	return false
}

// hold makes the script calls.
func (e *engine) hold(ctx context.Context, h *hand) (err error) {
	if err := e.recall(ctx, h.traces, func(t *trace) bool { return t.recalled }); err != nil {
		return err
	}
	if h.epochs, err = e.reserve(ctx, h.traces); err != nil {
		return err
	}
	return e.recall(ctx, h.traces, func(t *trace) bool { return t.behind })
}

// store stores the batch, settles and acks.
func (e *engine) store(ctx context.Context, h *hand) error {
	seqs, err := e.commit(ctx, h.traces)
	if err != nil {
		return err
	}
	if err := e.settle(ctx, h.traces, seqs, h.epochs); err != nil {
		return err
	}
	for _, d := range h.in {
		if err := d.Receipt.Ack(); err != nil {
			return err
		}
	}
	return nil
}

func (e *engine) recall(ctx context.Context, traces []*trace, which func(*trace) bool) error {
	var keys []event.Key
	for _, t := range traces {
		if which(t) {
			keys = append(keys, t.key)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	_, err := e.journal.LastMany(ctx, keys)
	return err
}

// reserve makes the calls of every round, and returns the epoch of each grant.
func (e *engine) reserve(ctx context.Context, traces []*trace) (epochs []string, err error) {
	epochs = make([]string, len(traces))
	for round := 0; ; round++ {
		var asks []lanes.Ask
		var of []int
		for i, t := range traces {
			if len(t.asks) > round {
				asks, of = append(asks, t.asks[round]), append(of, i)
			}
		}
		if len(asks) == 0 {
			return epochs, nil
		}
		for i, a := range e.ledger.Reserve(ctx, asks) {
			if a.Err != nil {
				return nil, a.Err
			}
			epochs[of[i]] = a.Epoch
		}
	}
}

// commit stores the batch; seqs are those of the decisions, 0 where there is
// none.
func (e *engine) commit(ctx context.Context, traces []*trace) (seqs []uint64, err error) {
	messages := make([]event.Message, 0, 2*len(traces))
	at := make([]int, len(traces))
	fenced := false
	for i, t := range traces {
		at[i] = -1
		if len(t.messages) == 0 {
			continue
		}
		at[i] = len(messages)
		messages = append(messages, t.messages...)
		if !fenced && len(t.messages) > 1 {
			fenced = true
			messages[len(messages)-1].Expect = &event.Expect{Subject: event.FenceSubject(e.name), Sequence: e.fence}
		}
	}
	seqs = make([]uint64, len(traces))
	if len(messages) == 0 {
		return seqs, nil
	}
	stored, err := e.journal.Commit(ctx, messages)
	if err != nil {
		return nil, err
	}
	for i, m := range at {
		if m >= 0 {
			seqs[i] = stored[m]
		}
	}
	return seqs, nil
}

// settle makes the decisions final. For a message that repeats an order,
// Redis has a later one, whichever sequence it is told.
func (e *engine) settle(ctx context.Context, traces []*trace, seqs []uint64, epochs []string) error {
	var calls []lanes.Settlement
	for i, t := range traces {
		for _, s := range t.settles {
			s.Seq, s.Epoch = max(seqs[i], 1), epochs[i]
			calls = append(calls, s)
		}
	}
	for _, err := range e.ledger.Settle(ctx, calls) {
		if err != nil {
			return err
		}
	}
	return nil
}
