package app

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// Inbox is what a router pulls from: the durables of several streams, whichever
// has something. A batch comes from one of them.
type Inbox struct {
	sources []*source
	turns   chan turn
}

// turn is where the one whom the router takes a batch from puts it: a source
// does so only then, with all that has arrived until then. Nobody waits for
// more: while a batch is worked on, the next one grows.
type turn chan pulled

type pulled struct {
	in  []event.Delivery
	err error
}

// NewInbox makes an inbox on the durable of that name of each stream. Nothing
// comes out of it before it runs.
func NewInbox(conn *stream.Conn, durable string, streams ...string) *Inbox {
	i := &Inbox{turns: make(chan turn)}
	for _, name := range streams {
		i.sources = append(i.sources, &source{conn: conn, stream: name, durable: durable})
	}
	return i
}

// Open opens every durable, so that one with other settings is known at the
// start. What is lost later is opened again by Run.
func (i *Inbox) Open(ctx context.Context) error {
	for _, s := range i.sources {
		if err := s.reopen(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Run pulls from every source until ctx is done, then hands back what the
// router did not take.
func (i *Inbox) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range i.sources {
		group.Go(func() error { s.run(ctx, i.turns); return nil })
	}
	return group.Wait()
}

// Pull is router.Inbox.
func (i *Inbox) Pull(ctx context.Context) ([]event.Delivery, error) {
	select {
	case t := <-i.turns:
		p := <-t
		return p.in, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Hand gives the router deliveries that come from no stream. It returns once
// the router has taken them.
func (i *Inbox) Hand(ctx context.Context, in []event.Delivery) error {
	t := make(turn, 1)
	t <- pulled{in: in}
	select {
	case i.turns <- t:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// source is the durable of one stream. It is opened when it is first needed,
// and again when it was lost: somebody deleted it, or the server came back
// without it. A new durable starts at the oldest message kept, which is
// harmless.
type source struct {
	conn    *stream.Conn
	stream  string
	durable string
	open    *stream.Inbox
}

func (s *source) run(ctx context.Context, turns chan<- turn) {
	defer s.close()
	mine := make(turn, 1)
	for ctx.Err() == nil {
		in, err := s.pull(ctx)
		if ctx.Err() == nil {
			select {
			case turns <- mine:
				mine <- s.more(in, err)
				continue
			case <-ctx.Done():
			}
		}
		for _, d := range in {
			_ = d.Receipt.Retry(0) // lost: AckWait brings it back
		}
	}
}

func (s *source) pull(ctx context.Context) ([]event.Delivery, error) {
	if err := s.reopen(ctx); err != nil {
		return nil, err
	}
	in, err := s.open.Pull(ctx, router.BatchOrders, 0)
	if err != nil && ctx.Err() == nil {
		s.close() // what it had fetched comes back after AckWait at the latest
	}
	return in, err
}

// more is a batch with what has arrived since it was pulled.
func (s *source) more(in []event.Delivery, err error) pulled {
	if err == nil {
		if all, broken := s.open.More(in, router.BatchOrders); broken == nil {
			in = all
		}
	}
	return pulled{in, err}
}

// reopen opens the durable, if it is not.
func (s *source) reopen(ctx context.Context) (err error) {
	if s.open == nil {
		s.open, err = s.conn.Inbox(ctx, s.stream, s.durable)
	}
	return err
}

// close hands back what was fetched and not pulled.
func (s *source) close() {
	if s.open == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	_ = s.open.Close(ctx) // not handed back: AckWait brings it back
	s.open = nil
}
