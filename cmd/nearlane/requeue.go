package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// requeue puts messages of REJECTED back. It is safe to repeat: what is back
// already is found on the stream by its header. Two that run at once may put a
// message back twice, which the router takes for a repeat.
type requeue struct {
	conn      *stream.Conn
	rejects   *stream.Rejects
	publisher *stream.Publisher
	dryRun    bool
	out       io.Writer

	wanted []*stream.Kept // oldest first; their bytes are read when it is their turn
	sent   []*stream.Kept // whose outcome is outstanding, oldest first

	done, before, failed int
	failure              error // why no more are sent
}

func newRequeue(conn *stream.Conn, dryRun bool, out io.Writer) *requeue {
	r := &requeue{conn: conn, rejects: conn.Rejects(), dryRun: dryRun, out: out}
	r.publisher = conn.Publisher(r.settled)
	return r
}

// selected wants all messages of a selection.
func (r *requeue) selected(ctx context.Context, which *selection) (err error) {
	r.wanted, err = which.list(ctx, r.conn)
	return err
}

// named wants the messages at places.
func (r *requeue) named(ctx context.Context, places []uint64) error {
	for _, place := range places {
		k, err := r.rejects.At(ctx, place)
		if err != nil {
			return unavailable(err)
		}
		if k == nil {
			k = &stream.Kept{Place: place} // said when it is its turn
		}
		k.Data = nil
		r.wanted = append(r.wanted, k)
	}
	return nil
}

// Why a message cannot be put back.
var (
	errNotThere  = errors.New("REJECTED has no such message")
	errNoSubject = errors.New("nothing is ever taken from the subject that it came on")
)

// run puts back what is wanted and is not back yet.
func (r *requeue) run(ctx context.Context) error {
	back, err := r.rejects.Requeued(ctx, r.wanted)
	if err != nil {
		return unavailable(err)
	}
	for _, k := range r.wanted {
		if seq := back[k.Place]; seq > 0 {
			err = r.tell(ctx, func() { r.known(k, seq) })
		} else {
			err = r.send(ctx, k)
		}
		if err != nil {
			return err
		}
		if r.failure != nil {
			break
		}
	}
	if err := r.publisher.Flush(ctx); err != nil {
		return err
	}
	return r.failure
}

// send puts one message back, unless it cannot be.
func (r *requeue) send(ctx context.Context, k *stream.Kept) error {
	data, err := r.whole(ctx, k)
	switch {
	case errors.Is(err, errNotThere), errors.Is(err, errNoSubject), errors.Is(err, stream.ErrPartial):
		return r.tell(ctx, func() { r.refuse(k.Place, err) })
	case err != nil:
		return unavailable(err)
	case r.dryRun:
		r.done++
		fmt.Fprintf(r.out, "%d to be requeued onto %s, %d bytes\n", k.Place, cell(k.Subject, lastWidth), len(data))
		return nil
	}
	r.sent = append(r.sent, k)
	return r.publisher.Send(ctx, stream.Outgoing{Subject: k.Subject, Data: data, Trace: k.Trace, Requeued: k.Place})
}

// whole reads the bytes to be put back.
func (r *requeue) whole(ctx context.Context, k *stream.Kept) ([]byte, error) {
	now, err := r.rejects.At(ctx, k.Place)
	switch {
	case err != nil:
		return nil, err
	case now == nil:
		return nil, errNotThere
	case now.Home() == "":
		return nil, fmt.Errorf("%w, %s", errNoSubject, cell(now.Subject, lastWidth))
	}
	return r.rejects.Whole(ctx, now)
}

// tell reports on a message that was not sent, once all is told of those
// before it.
func (r *requeue) tell(ctx context.Context, report func()) error {
	if err := r.publisher.Flush(ctx); err != nil {
		return err
	}
	report()
	return nil
}

// settled takes the outcome of the oldest message outstanding.
func (r *requeue) settled(_ stream.Outgoing, o stream.Outcome) {
	k := r.sent[0]
	r.sent = r.sent[1:]
	var refusal *event.Refusal
	switch {
	case errors.As(o.Err, &refusal):
		r.refuse(k.Place, refusal)
	case o.Err != nil:
		r.failed++
		if r.failure == nil {
			r.failure = codedError{exitUnavailable, fmt.Errorf("requeue %d and on: %w\nrepeat the command: nothing is put back twice", k.Place, o.Err)}
		}
	default:
		r.done++
		fmt.Fprintf(r.out, "%d requeued onto %s at %d\n", k.Place, cell(k.Subject, lastWidth), o.Sequence)
	}
}

func (r *requeue) known(k *stream.Kept, seq uint64) {
	r.before++
	fmt.Fprintf(r.out, "%d requeued before onto %s at %d\n", k.Place, cell(k.Subject, lastWidth), seq)
}

func (r *requeue) refuse(place uint64, why error) {
	r.failed++
	fmt.Fprintf(r.out, "%d not requeued: %v\n", place, why)
}

func (r *requeue) summary() string {
	text := fmt.Sprintf("%d requeued", r.done)
	if r.dryRun {
		text = fmt.Sprintf("%d to be requeued", r.done)
	}
	if r.before > 0 {
		text += fmt.Sprintf(", %d requeued before", r.before)
	}
	if r.failed > 0 {
		text += fmt.Sprintf(", %d not requeued", r.failed)
	}
	return text
}
