package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

// answeredLooked is how many of the last answered messages of ORDERS are held
// against the journal.
const answeredLooked = 64

// Examine looks whether the journal has all that it had, without reading it:
// by what its server counts, by what is remembered of it elsewhere, and by the
// last orders that ORDERS has as answered, each of which has a decision. Damage
// is nil if nothing speaks against it. A message in its middle that cannot be
// read any more shows only when it is read.
func Examine(ctx context.Context, conn *stream.Conn, remembered []stream.Memory, now time.Time) (e stream.Extent, damage *stream.DamageError, err error) {
	if e, err = conn.Extent(ctx); err != nil {
		return e, nil, err
	}
	found := &stream.DamageError{Gaps: e.Gaps}
	for _, m := range remembered {
		found.Gaps = stream.Without(found.Gaps, m.Accepted)
	}
	if len(found.Gaps) > 0 {
		found.Found = append(found.Found, stream.Lacking(found.Gaps).Found...)
	}
	for _, m := range remembered {
		says, err := contradicts(ctx, conn, m, e)
		if err != nil {
			return e, nil, err
		}
		found.Found = union(found.Found, says)
	}
	if len(found.Found) == 0 { // what is lost already has lost decisions
		undecided, err := lastUndecided(ctx, conn, now)
		if err != nil {
			return e, nil, err
		}
		if undecided > 0 {
			found.Found = append(found.Found, fmt.Sprintf("it has lost its end: the last %d orders that %s has as answered have no decision", undecided, event.StreamOrders))
		}
	}
	if len(found.Found) == 0 {
		return e, nil, nil
	}
	return e, found, nil
}

// contradicts is what speaks against the journal by one memory.
func contradicts(ctx context.Context, conn *stream.Conn, m stream.Memory, e stream.Extent) ([]string, error) {
	says := m.Contradicts(e)
	newest, some := m.Newest()
	if len(says) > 0 || !some || newest.Sequence < e.First {
		return says, nil
	}
	if holds, err := conn.Holds(ctx, newest); err != nil || holds {
		return nil, err
	}
	if at := (stream.Gap{From: newest.Sequence, Through: newest.Sequence}); len(stream.Without([]stream.Gap{at}, m.Accepted)) == 0 {
		return nil, nil
	}
	return []string{fmt.Sprintf("its message %d, stored at %s, is gone or another one", newest.Sequence, newest.StoredAt.UTC().Format(time.RFC3339))}, nil
}

// lastUndecided is how many of the last orders that were answered have no
// decision: an order is answered once it has one, so the journal had them.
func lastUndecided(ctx context.Context, conn *stream.Conn, now time.Time) (undecided int, err error) {
	backlog := conn.Backlog(event.StreamOrders, Durable)
	answered, err := backlog.Answered(ctx)
	if err != nil || answered == 0 {
		return 0, err
	}
	var keys []event.Key
	err = backlog.Read(ctx, max(answered, answeredLooked)-answeredLooked+1, answered, func(in event.Delivery) error {
		if key, ok := decidable(in, now); ok && in.Sequence <= answered {
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil || len(keys) == 0 {
		return 0, err
	}
	journal, err := conn.Journal(ctx)
	if err != nil {
		return 0, err
	}
	records, err := journal.LastMany(ctx, keys)
	if err != nil {
		return 0, err
	}
	for i := len(records) - 1; i >= 0 && records[i].Decision == nil; i-- {
		undecided++
	}
	return undecided, nil
}

// decidable is the order that a message is about; false if it was refused for
// what its bytes or its age show.
func decidable(in event.Delivery, now time.Time) (event.Key, bool) {
	came := now.Add(time.Until(in.StoredAt))
	if _, kind, err := event.ParseOrderSubject(in.Subject); err == nil && kind == event.KindCancelled {
		c, refusal := event.DecodeCancellation(in.Subject, in.Data)
		if refusal != nil {
			return event.Key{}, false
		}
		return c.Key(), true
	}
	o, refusal := event.DecodeOrder(in.Subject, in.Data, came)
	if refusal != nil || event.StaleOrder(o, now, stream.KeepOrders) != nil {
		return event.Key{}, false
	}
	return o.Key(), true
}

func union(list, more []string) []string {
	for _, s := range more {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}
