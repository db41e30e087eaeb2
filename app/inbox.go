package app

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// inbox is what the router pulls from: the durables of ORDERS and COURIER,
// whichever has something. A batch comes from one of them.
type inbox struct {
	sources []*source
	pulled  chan pulled
}

type pulled struct {
	in  []event.Delivery
	err error
}

func newInbox(conn *stream.Conn, max int, wait time.Duration, streams ...string) *inbox {
	i := &inbox{pulled: make(chan pulled)}
	for _, name := range streams {
		i.sources = append(i.sources, &source{conn: conn, stream: name, max: max, wait: wait})
	}
	return i
}

// Run pulls from every source until ctx is done, then hands back what the
// router did not take.
func (i *inbox) Run(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range i.sources {
		group.Go(func() error { s.run(ctx, i.pulled); return nil })
	}
	return group.Wait()
}

// Pull is router.Inbox. The sources pull up to max messages for up to wait;
// they were made with both.
func (i *inbox) Pull(ctx context.Context, _ int, _ time.Duration) ([]event.Delivery, error) {
	select {
	case p := <-i.pulled:
		return p.in, p.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// source is the durable of one stream. It is opened when it is first needed,
// and again when it was lost: somebody deleted it, or the server came back
// without it. A new durable starts at the oldest message kept, which is
// harmless.
type source struct {
	conn   *stream.Conn
	stream string
	max    int
	wait   time.Duration
	open   *stream.Inbox
}

func (s *source) run(ctx context.Context, to chan<- pulled) {
	defer s.close()
	for ctx.Err() == nil {
		in, err := s.pull(ctx)
		if ctx.Err() == nil {
			select {
			case to <- pulled{in, err}:
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
	if s.open == nil {
		opened, err := s.conn.Inbox(ctx, s.stream, Durable)
		if err != nil {
			return nil, err
		}
		s.open = opened
	}
	in, err := s.open.Pull(ctx, s.max, s.wait)
	if err != nil && ctx.Err() == nil {
		s.close() // what it had fetched comes back after AckWait at the latest
	}
	return in, err
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
