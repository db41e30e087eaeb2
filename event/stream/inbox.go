package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

const (
	// maxAckPending is how many deliveries of one durable may be unanswered,
	// of all routers together.
	maxAckPending = 8192
	// prefetch is how many messages are under way to this process: two batches,
	// so that one is fetched while one is worked on. They have to be worked on
	// well within AckWait.
	prefetch = 512
	// arrivals is how many of them a pull can take without waiting: a batch.
	arrivals = 256
	// prefetchBytes bounds the same in memory. A server that stood still answers
	// up to four such requests at once, and what exceeds 64 MiB nats.go drops.
	prefetchBytes = 8 << 20
	// stillWait is how long a server may stand still before it is asked again.
	// By then the connection is given up.
	stillWait = 3 * pingInterval
)

// Inbox reads ORDERS or COURIER through a durable consumer that all routers
// share. One goroutine at a time may use it. Close it, or what it has fetched
// stays away for AckWait.
type Inbox struct {
	conn   *Conn
	stream string
	cons   jetstream.Consumer
	pulls  jetstream.ConsumeContext

	arrived chan arrival    // from take and trouble
	over    <-chan struct{} // closed: no more messages arrive
	failed  error           // that arrived behind messages
	closed  chan struct{}   // by Close
}

// Inbox opens the stream's durable, and makes it first if there is none; a new
// one starts at the oldest message kept. The error is a *SettingsError if a
// durable of that name has other settings.
func (c *Conn) Inbox(ctx context.Context, stream, durable string) (*Inbox, error) {
	cons, err := c.ensureDurable(ctx, stream, durable)
	if err != nil {
		return nil, err
	}
	// The server holds back a message larger than the limit for ever.
	limit := max(prefetchBytes, 2*c.MaxPayload())
	i := &Inbox{conn: c, stream: stream, cons: cons, arrived: make(chan arrival, arrivals), closed: make(chan struct{})}
	i.pulls, err = cons.Consume(i.take, jetstream.PullMaxMessagesWithBytesLimit(prefetch, limit),
		jetstream.PullHeartbeat(heartbeat), jetstream.ConsumeErrHandler(i.trouble))
	if err != nil {
		return nil, fmt.Errorf("pull from durable %s of %s: %w", durable, stream, err)
	}
	i.over = i.pulls.Closed()
	return i, nil
}

func (c *Conn) ensureDurable(ctx context.Context, stream, durable string) (jetstream.Consumer, error) {
	s, err := c.stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("open stream %s: %w", stream, err)
	}
	want := c.durable(stream, durable)
	cons, err := ask(ctx, askWithin, func(ctx context.Context) (jetstream.Consumer, error) { return s.CreateConsumer(ctx, want) })
	if errors.Is(err, jetstream.ErrConsumerExists) {
		cons, err = c.consumer(ctx, stream, durable)
	}
	if err != nil {
		return nil, fmt.Errorf("make durable %s of %s: %w", durable, stream, err)
	}
	if found := compareDurable(stream, cons.CachedInfo().Config, want); len(found) > 0 {
		return nil, &SettingsError{found}
	}
	return cons, nil
}

// durable is how a stream's durable has to be.
func (c *Conn) durable(stream, name string) jetstream.ConsumerConfig {
	want := jetstream.ConsumerConfig{
		Durable:       name,
		DeliverPolicy: jetstream.DeliverAllPolicy,
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       c.ackWait,
		MaxDeliver:    -1,
		MaxAckPending: maxAckPending,
		ReplayPolicy:  jetstream.ReplayInstantPolicy,
	}
	if stream == event.StreamRetry {
		want.FilterSubject = event.SubjectDue // the schedules themselves are nobody's to work on
	}
	return want
}

func compareDurable(stream string, got, want jetstream.ConsumerConfig) []Difference {
	return compareDurableAll(stream, got, want).found
}

func compareDurableAll(stream string, got, want jetstream.ConsumerConfig) *differ {
	d := &differ{stream: stream + " durable " + want.Durable}
	d.check("filter_subjects", append(got.FilterSubjects, got.FilterSubject), append(want.FilterSubjects, want.FilterSubject))
	d.check("deliver_policy", got.DeliverPolicy, want.DeliverPolicy)
	d.check("ack_policy", got.AckPolicy, want.AckPolicy)
	d.check("ack_wait", got.AckWait, want.AckWait)
	d.check("max_deliver", got.MaxDeliver, want.MaxDeliver)
	d.check("max_ack_pending", got.MaxAckPending, want.MaxAckPending)
	return d
}

// Pull waits for a message, and then collects up to max of them or for as long
// as wait, whichever ends first; what has arrived already it collects without
// waiting. What it has collected it returns even if ctx ends meanwhile. An
// error other than that of ctx means that the durable is gone and the inbox
// has to be opened again.
func (i *Inbox) Pull(ctx context.Context, max int, wait time.Duration) ([]event.Delivery, error) {
	first, err := i.first(ctx)
	if err != nil {
		return nil, err
	}
	batch := make([]event.Delivery, 1, max)
	if batch[0], err = i.delivery(first); err != nil {
		return nil, err
	}
	if batch, err = i.More(batch, max); err != nil || wait <= 0 {
		return batch, err
	}
	enough := time.NewTimer(wait)
	defer enough.Stop()
	for len(batch) < max && i.failed == nil {
		select {
		case a := <-i.arrived:
			if batch, err = i.add(batch, a); err != nil {
				return nil, err
			}
		case <-i.over:
			return i.More(batch, max)
		case <-enough.C:
			return batch, nil
		}
	}
	return batch, nil
}

// More adds to a batch what has arrived since it was pulled, up to max of them
// in all, without waiting.
func (i *Inbox) More(batch []event.Delivery, max int) ([]event.Delivery, error) {
	for len(batch) < max && i.failed == nil {
		select {
		case a := <-i.arrived:
			var err error
			if batch, err = i.add(batch, a); err != nil {
				return nil, err
			}
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// add appends what arrived. An error is kept for the next pull, which has
// nothing else to return.
func (i *Inbox) add(batch []event.Delivery, a arrival) ([]event.Delivery, error) {
	if i.failed = a.err; i.failed != nil {
		return batch, nil
	}
	d, err := i.delivery(a.msg)
	if err != nil {
		return nil, err
	}
	return append(batch, d), nil
}

// arrival is a message, or why there is none.
type arrival struct {
	msg jetstream.Msg
	err error
}

// take moves messages to where a pull can see whether there are more. Nothing
// is asked of the server while it waits, which bounds what is fetched ahead.
func (i *Inbox) take(msg jetstream.Msg) {
	select {
	case i.arrived <- arrival{msg: msg}:
	case <-i.closed:
		_ = msg.Nak() // lost: AckWait brings it back
	}
}

// trouble hands on what a pull has to know of; the rest mends itself. When
// heartbeats are missing, the server has been asked anew already. It is not
// asked once more before it has read that: one that stands still would answer
// all at once in the end, far more than is worked on within AckWait.
func (i *Inbox) trouble(_ jetstream.ConsumeContext, err error) {
	switch {
	case errors.Is(err, jetstream.ErrNoHeartbeat):
		ctx, cancel := context.WithTimeout(context.Background(), stillWait)
		_ = i.conn.nc.FlushWithContext(ctx) // a lost connection makes an end of waiting, too
		cancel()
	case errors.Is(err, jetstream.ErrConsumerDeleted), errors.Is(err, jetstream.ErrBadRequest), errors.Is(err, jetstream.ErrConnectionClosed):
	default:
		return
	}
	select {
	case i.arrived <- arrival{err: err}:
	case <-i.closed:
	}
}

// first waits for a message. Missing heartbeats are how a lost server shows,
// and a durable that somebody deleted meanwhile.
func (i *Inbox) first(ctx context.Context) (jetstream.Msg, error) {
	for {
		msg, err := i.next(ctx)
		switch {
		case err == nil:
			return msg, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case !errors.Is(err, jetstream.ErrNoHeartbeat):
			return nil, fmt.Errorf("pull from %s: %w", i.stream, err)
		}
		_, err = once(ctx, firstTry, i.cons.Info) // asked again when heartbeats are missing again
		if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrStreamNotFound) {
			return nil, fmt.Errorf("pull from %s: %w", i.stream, err)
		}
	}
}

// next waits for what arrives, after what failed before.
func (i *Inbox) next(ctx context.Context) (jetstream.Msg, error) {
	if err := i.failed; err != nil {
		i.failed = nil
		return nil, err
	}
	select {
	case a := <-i.arrived:
		return a.msg, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-i.over:
	}
	select { // the end comes behind what has arrived
	case a := <-i.arrived:
		return a.msg, a.err
	default:
		return nil, jetstream.ErrMsgIteratorClosed
	}
}

// Close hands back what was fetched and not pulled, so that another router
// gets it at once instead of after AckWait. What was pulled is the caller's to
// answer, before or after.
func (i *Inbox) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout) // without a server, there is no end to wait for
	defer cancel()
	defer close(i.closed)
	i.pulls.Drain()
	for _, msg := range i.rest(ctx) { // not before the server sends no more: it would send them here again
		if err := msg.Nak(); err != nil {
			return fmt.Errorf("hand back a message of %s: %w", i.stream, err)
		}
	}
	if err := i.conn.flush(ctx); err != nil {
		return fmt.Errorf("hand back messages of %s: %w", i.stream, err)
	}
	return nil
}

// rest is what still arrives until the end.
func (i *Inbox) rest(ctx context.Context) (left []jetstream.Msg) {
	for {
		msg, err := i.next(ctx)
		switch {
		case err == nil:
			left = append(left, msg)
		case !errors.Is(err, jetstream.ErrNoHeartbeat):
			return left
		}
	}
}
