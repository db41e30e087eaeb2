package stream

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// HeaderRequeued is, on a message that was put back, its place on REJECTED.
const HeaderRequeued = "Nearlane-Requeued"

// clockSlack is more than the clocks of two servers differ.
const clockSlack = time.Minute

// Home is the stream that takes the message back, empty if there is none: from
// a subject that cannot be read, no router ever takes a message.
func (k *Kept) Home() string {
	if _, _, err := event.ParseOrderSubject(k.Subject); err == nil {
		return event.StreamOrders
	}
	if _, status, err := event.ParseReportSubject(k.Subject); err == nil {
		if _, err := event.Untoken(string(status)); err == nil { // one that may be known by now, but no wildcard
			return event.StreamCourier
		}
	}
	return ""
}

// Requeued finds those that were put back already: by their places on
// REJECTED, the sequences that they have since. It reads the streams
// themselves, which remember for as long as they keep their messages. Only
// what stands on a message's own subject counts for it: anybody may write the
// header, and nobody may keep the orders of others from being put back.
func (r *Rejects) Requeued(ctx context.Context, wanted []*Kept) (map[uint64]uint64, error) {
	found := make(map[uint64]uint64)
	for _, home := range []string{event.StreamOrders, event.StreamCourier} {
		there := make(map[uint64]*Kept)
		subjects := make(map[string]bool)
		for _, k := range wanted {
			if k.Home() == home {
				there[k.Place], subjects[k.Subject] = k, true
			}
		}
		if len(there) == 0 {
			continue
		}
		err := r.conn.requeued(ctx, home, slices.Sorted(maps.Keys(subjects)), since(there), func(place, seq uint64, subject string, at time.Time) {
			// What is older was put back for another REJECTED, since deleted.
			if k := there[place]; k != nil && subject == k.Subject && at.After(k.StoredAt.Add(-clockSlack)) {
				found[place] = seq
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// since is when the first of them can have been put back.
func since(messages map[uint64]*Kept) time.Time {
	var oldest time.Time
	for _, k := range messages {
		if oldest.IsZero() || k.StoredAt.Before(oldest) {
			oldest = k.StoredAt
		}
	}
	return oldest.Add(-clockSlack)
}

// requeued visits what was put back onto any of subjects since from.
func (c *Conn) requeued(ctx context.Context, stream string, subjects []string, from time.Time, visit func(place, seq uint64, subject string, at time.Time)) error {
	s, err := c.leaderRead(ctx, stream)
	if err != nil {
		return err
	}
	var through uint64
	for _, subject := range subjects {
		last, err := lastOn(ctx, s, subject)
		if err != nil {
			return err
		}
		if last != nil && !last.Time.Before(from) {
			through = max(through, last.Sequence)
		}
	}
	if through == 0 {
		return nil
	}
	cfg := jetstream.OrderedConsumerConfig{
		FilterSubjects: subjects,
		DeliverPolicy:  jetstream.DeliverByStartTimePolicy,
		OptStartTime:   &from,
		HeadersOnly:    true,
	}
	return c.follow(ctx, stream, cfg, at(through), func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		if place, err := strconv.ParseUint(msg.Headers().Get(HeaderRequeued), 10, 64); err == nil {
			visit(place, meta.Sequence.Stream, msg.Subject(), meta.Timestamp)
		}
		return nil
	})
}
