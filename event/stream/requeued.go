package stream

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
)

// requeuePrefix begins the message ids of what was put back. An order's ids
// have three parts, so these are none of theirs.
const requeuePrefix = "requeue/"

// clockSlack is more than the clocks of two servers differ.
const clockSlack = time.Minute

// RequeueID is the Nats-Msg-Id with which the message at place of REJECTED is
// put back onto the stream it came from. It is not the id it first came with,
// or the stream would take it for a repeat.
func RequeueID(place uint64) string { return requeuePrefix + strconv.FormatUint(place, 10) }

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
// themselves, which remember for as long as they keep their messages; their
// duplicate window forgets after minutes.
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
		err := r.conn.requeued(ctx, home, slices.Sorted(maps.Keys(subjects)), since(there), func(place, seq uint64, at time.Time) {
			// What is older was put back for another REJECTED, since deleted.
			if k := there[place]; k != nil && at.After(k.StoredAt.Add(-clockSlack)) {
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
func (c *Conn) requeued(ctx context.Context, stream string, subjects []string, from time.Time, visit func(place, seq uint64, at time.Time)) error {
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
		number, ok := strings.CutPrefix(msg.Headers().Get(jetstream.MsgIDHeader), requeuePrefix)
		if place, err := strconv.ParseUint(number, 10, 64); ok && err == nil {
			visit(place, meta.Sequence.Stream, meta.Timestamp)
		}
		return nil
	})
}
