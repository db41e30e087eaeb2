package stream

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// losses finds the changes with which the server removes messages that stand,
// and how many. It removes them at once, whatever the stream's discard policy:
// a lower max_age what is older, a lower max_msgs_per_subject the oldest above
// it, also with discard_new_per_subject. A lower max_msg_size removes nothing.
func (c *Conn) losses(ctx context.Context, s jetstream.Stream, want jetstream.StreamConfig, p *Part) error {
	got := s.CachedInfo().Config
	for i := range p.Settings {
		one := &p.Settings[i]
		if !one.Differs() || one.ByHand != "" {
			continue
		}
		var err error
		switch {
		case one.Name == "max_age" && want.MaxAge > 0 && (got.MaxAge <= 0 || got.MaxAge > want.MaxAge):
			err = c.tooOld(ctx, s, want.MaxAge, one)
		case one.Name == "max_msgs_per_subject" && want.MaxMsgsPerSubject > 0 && (got.MaxMsgsPerSubject <= 0 || got.MaxMsgsPerSubject > want.MaxMsgsPerSubject):
			err = c.tooMany(ctx, s, want.MaxMsgsPerSubject, one)
		case one.Name == "discard" && want.Discard == jetstream.DiscardOld && got.MaxBytes > 0:
			if over := int64(s.CachedInfo().State.Bytes) - got.MaxBytes; over > 0 {
				one.Drops, one.Why = 1, fmt.Sprintf("the oldest %d bytes, by which it is over max_bytes", over)
			}
		}
		if err != nil {
			return fmt.Errorf("count what %s of %s would remove: %w", one.Name, p.Name, err)
		}
	}
	return nil
}

// tooOld counts the messages that are older than they may become.
func (c *Conn) tooOld(ctx context.Context, s jetstream.Stream, most time.Duration, one *Setting) error {
	info := s.CachedInfo()
	from := info.TimeStamp.Add(-most)
	if info.State.Msgs == 0 || !info.State.FirstTime.Before(from) {
		return nil
	}
	var cons jetstream.Consumer
	err := c.withLeader(ctx, func(ctx context.Context) (err error) {
		cons, err = s.CreateConsumer(ctx, jetstream.ConsumerConfig{
			DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &from,
			AckPolicy: jetstream.AckNonePolicy, InactiveThreshold: apiTimeout, MemoryStorage: true,
		})
		return err
	})
	if err != nil {
		return err
	}
	younger := cons.CachedInfo().NumPending
	if one.Drops = info.State.Msgs - min(younger, info.State.Msgs); one.Drops > 0 {
		one.Why = fmt.Sprintf("older than %v, the oldest of %s", most, info.State.FirstTime.UTC().Format(time.RFC3339))
	}
	return s.DeleteConsumer(ctx, cons.CachedInfo().Name)
}

// tooMany counts the messages above what a subject may hold. A subject that is
// nearly there counts as over: it may be by the time of the change.
func (c *Conn) tooMany(ctx context.Context, s jetstream.Stream, most int64, one *Setting) error {
	const shown = 3
	var counts []subjectCount
	err := c.withLeader(ctx, func(ctx context.Context) (err error) {
		counts, err = held(ctx, s)
		return err
	})
	if err != nil {
		return err
	}
	slices.SortFunc(counts, func(a, b subjectCount) int {
		return cmp.Or(cmp.Compare(b.messages, a.messages), cmp.Compare(a.subject, b.subject))
	})
	over := 0
	for _, h := range counts {
		if h.messages <= uint64(most-most/100) {
			break
		}
		if over++; over <= shown {
			if one.Why != "" {
				one.Why += ", "
			}
			one.Why += fmt.Sprintf("%s holds %d", h.subject, h.messages)
		}
		one.Drops += max(h.messages, uint64(most)) - uint64(most)
	}
	if over > shown {
		one.Why += fmt.Sprintf(", and %d more", over-shown)
	}
	if over > 0 && one.Drops == 0 {
		one.Drops, one.Why = 1, one.Why+", which is nearly as many"
	}
	return nil
}

// subjectCount is how many messages of a subject a stream holds.
type subjectCount struct {
	subject  string
	messages uint64
}

// held asks how many messages each subject has. Ask it of streams with few
// subjects: all names travel.
func held(ctx context.Context, s jetstream.Stream) ([]subjectCount, error) {
	info, err := ask(ctx, askWithin, func(ctx context.Context) (*jetstream.StreamInfo, error) {
		return s.Info(ctx, jetstream.WithSubjectFilter(">"))
	})
	if err != nil {
		return nil, err
	}
	list := make([]subjectCount, 0, len(info.State.Subjects))
	for subject, n := range info.State.Subjects {
		list = append(list, subjectCount{subject, n})
	}
	return list, nil
}
