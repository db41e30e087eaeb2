package integration

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// effect is a call to something outside of the router.
type effect string

const (
	fetch     effect = "fetch" // the order of a report, from ORDERS
	reserve   effect = "reserve"
	commit    effect = "commit"
	settle    effect = "settle"
	reject    effect = "reject"
	ack       effect = "ack"
	terminate effect = "terminate"

	// Of a rebuild.
	begin   effect = "begin"
	raise   effect = "raise" // epochs and fences
	restore effect = "restore"
	end     effect = "end"
)

// loss is what becomes of the call.
type loss string

const (
	callLost  loss = "call lost"
	replyLost loss = "reply lost" // made, and an error returned
	callLate  loss = "call late"  // an error returned, and made long after
	disturbed loss = "disturbed"  // something happens right before it
)

var errLost = errors.New("lost on the way")

// mishap befalls one call of one router: the first of its effect, or a later
// one. It wraps the
// real adapters, and is the only thing in these tests that is not real.
type mishap struct {
	effect effect
	loss   loss
	spares int  // calls of the effect that go well before
	dies   bool // the router, right there: none of its calls reaches anything any more

	journal router.Journal // instead of the router's own: it outlives the router's connection
	disturb func()         // of a call that is disturbed
	struck  chan struct{}  // closed once it has happened

	mu   sync.Mutex
	dead bool
	done bool
	late func(context.Context) // the call that is yet to be made
}

func newMishap(e effect, l loss, dies bool) *mishap {
	return &mishap{effect: e, loss: l, dies: dies, struck: make(chan struct{})}
}

// befall makes the call or loses it. It reports whether the caller gets the
// reply.
func (m *mishap) befall(ctx context.Context, e effect, call func(context.Context)) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case m.dead:
		return false
	case m.done || e != m.effect:
		call(ctx)
		return true
	case m.spares > 0:
		m.spares--
		call(ctx)
		return true
	case m.loss == disturbed:
		m.done = true
		m.disturb()
		close(m.struck)
		call(ctx)
		return true
	case m.loss == replyLost:
		call(ctx)
	case m.loss == callLate:
		m.late = call
	}
	m.done, m.dead = true, m.dies
	close(m.struck)
	return false
}

// arrive makes the call that was late.
func (m *mishap) arrive() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.late != nil {
		m.late(context.Background())
		m.late = nil
	}
}

func (m *mishap) isDead() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.dead
}

func (m *mishap) wrap(o *router.Options) {
	o.Inbox = lossyInbox{o.Inbox, m}
	o.Archive = lossyArchive{o.Archive, m}
	if m.journal != nil {
		o.Journal = m.journal
	}
	o.Journal = lossyJournal{o.Journal, m}
	o.Ledger = lossyLedger{o.Ledger, m}
	o.Projection = lossyProjection{o.Projection, m}
	o.Rejects = lossyRejects{o.Rejects, m}
}

type lossyInbox struct {
	router.Inbox
	m *mishap
}

func (l lossyInbox) Pull(ctx context.Context) ([]event.Delivery, error) {
	if l.m.isDead() {
		return nil, errLost
	}
	in, err := l.Inbox.Pull(ctx)
	for i := range in {
		in[i].Receipt = lossyReceipt{in[i].Receipt, l.m}
	}
	return in, err
}

// lossyReceipt loses answers to the server. They are sent and not waited for,
// so one that is lost on its way gives no error.
type lossyReceipt struct {
	event.Receipt
	m *mishap
}

func (l lossyReceipt) Ack() (err error) {
	if !l.m.befall(context.Background(), ack, func(context.Context) { err = l.Receipt.Ack() }) && l.m.loss != callLost {
		return errLost
	}
	return err
}

func (l lossyReceipt) Terminate(reason string) (err error) {
	if !l.m.befall(context.Background(), terminate, func(context.Context) { err = l.Receipt.Terminate(reason) }) && l.m.loss != callLost {
		return errLost
	}
	return err
}

func (l lossyReceipt) Retry(delay time.Duration) error {
	if l.m.isDead() {
		return errLost
	}
	return l.Receipt.Retry(delay)
}

type lossyArchive struct {
	router.Archive
	m *mishap
}

func (l lossyArchive) Order(ctx context.Context, seq uint64) (subject string, data []byte, found bool, err error) {
	if !l.m.befall(ctx, fetch, func(ctx context.Context) { subject, data, found, err = l.Archive.Order(ctx, seq) }) {
		return "", nil, false, errLost
	}
	return subject, data, found, err
}

type lossyJournal struct {
	router.Journal
	m *mishap
}

func (l lossyJournal) Commit(ctx context.Context, batch []event.Message) (seqs []uint64, err error) {
	e := commit
	if !strings.HasPrefix(batch[0].Subject, "decision.") {
		e = raise
	}
	if !l.m.befall(ctx, e, func(ctx context.Context) { seqs, err = l.Journal.Commit(ctx, batch) }) {
		return nil, errors.Join(event.ErrUnknown, errLost)
	}
	return seqs, err
}

type lossyLedger struct {
	router.Ledger
	m *mishap
}

func (l lossyLedger) Reserve(ctx context.Context, asks []lanes.Ask) (answers []lanes.Answer) {
	if !l.m.befall(ctx, reserve, func(ctx context.Context) { answers = l.Ledger.Reserve(ctx, asks) }) {
		answers = make([]lanes.Answer, len(asks))
		for i := range answers {
			answers[i].Err = errLost
		}
	}
	return answers
}

func (l lossyLedger) Settle(ctx context.Context, calls []lanes.Settlement) (errs []error) {
	e := settle
	if calls[0].Token != "" {
		e = restore
	}
	if !l.m.befall(ctx, e, func(ctx context.Context) { errs = l.Ledger.Settle(ctx, calls) }) {
		errs = make([]error, len(calls))
		for i := range errs {
			errs[i] = errLost
		}
	}
	return errs
}

type lossyProjection struct {
	router.Projection
	m *mishap
}

func (l lossyProjection) Begin(ctx context.Context, region, token string, past uint64) (needed bool, err error) {
	if !l.m.befall(ctx, begin, func(ctx context.Context) { needed, err = l.Projection.Begin(ctx, region, token, past) }) {
		return false, errLost
	}
	return needed, err
}

func (l lossyProjection) End(ctx context.Context, region, token string, epoch uint64) (done bool, err error) {
	if !l.m.befall(ctx, end, func(ctx context.Context) { done, err = l.Projection.End(ctx, region, token, epoch) }) {
		return false, errLost
	}
	return done, err
}

type lossyRejects struct {
	router.Rejects
	m *mishap
}

func (l lossyRejects) Reject(ctx context.Context, refused []event.Rejection) (err error) {
	if !l.m.befall(ctx, reject, func(ctx context.Context) { err = l.Rejects.Reject(ctx, refused) }) {
		return errLost
	}
	return err
}
