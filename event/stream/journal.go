package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"golang.org/x/sync/errgroup"
)

const (
	// leaderReads is how many reads LastMany has under way at once.
	leaderReads = 64
)

// Journal is the DISPATCH stream: decisions with their dispatches, epochs and
// fences.
type Journal struct {
	conn   *Conn
	stream jetstream.Stream
	turn   sync.Mutex // one commit under way at a time; see Commit
	whole  wholeness
}

// Journal opens the journal, which Ensure has made.
func (c *Conn) Journal(ctx context.Context) (*Journal, error) {
	s, err := c.leaderRead(ctx, event.StreamDispatch)
	if err != nil {
		return nil, err
	}
	return &Journal{conn: c, stream: s}, nil
}

// Last reads the last decision on an order from the leader. Without one, the
// record is zero. The error is event.ErrDamaged if the journal is known to lack
// messages: this one may be among them.
func (j *Journal) Last(ctx context.Context, k event.Key) (event.Record, error) {
	records, err := j.LastMany(ctx, []event.Key{k})
	if err != nil {
		return event.Record{}, err
	}
	return records[0], nil
}

func (j *Journal) last(ctx context.Context, k event.Key) (event.Record, error) {
	msg, err := lastOn(ctx, j.stream, event.DecisionSubject(k))
	if err != nil || msg == nil {
		return event.Record{}, err
	}
	d, err := event.DecodeDecision(msg.Data)
	if err != nil {
		return event.Record{}, fmt.Errorf("read %s at %d: %w", msg.Subject, msg.Sequence, err)
	}
	return event.Record{Sequence: msg.Sequence, Decision: d}, nil
}

// LastMany is Last for many orders, in their order. It fails if one of the
// reads fails.
func (j *Journal) LastMany(ctx context.Context, keys []event.Key) ([]event.Record, error) {
	if err := j.intact(ctx); err != nil {
		return nil, err
	}
	out := make([]event.Record, len(keys))
	g, reading := errgroup.WithContext(ctx)
	g.SetLimit(leaderReads)
	for i, k := range keys {
		g.Go(func() (err error) {
			out[i], err = j.last(reading, k)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	// The answers may be those of a server that has just come back with less.
	return out, j.intact(ctx)
}

// Sequence reads the sequence of the last message on a literal subject from
// the leader; 0 if there is none.
func (j *Journal) Sequence(ctx context.Context, subject string) (uint64, error) {
	msg, err := lastOn(ctx, j.stream, subject)
	if err != nil || msg == nil {
		return 0, err
	}
	return msg.Sequence, nil
}

// Epochs reads the last record of each region's epoch from the leader, in their
// order. Without one, the record is zero.
func (j *Journal) Epochs(ctx context.Context, regions []string) ([]event.EpochRecord, error) {
	out := make([]event.EpochRecord, len(regions))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(leaderReads)
	for i, region := range regions {
		g.Go(func() error {
			msg, err := lastOn(ctx, j.stream, event.EpochSubject(region))
			if err != nil || msg == nil {
				return err
			}
			out[i].Sequence = msg.Sequence
			if out[i].Mark, err = event.DecodeMark(msg.Data); err != nil {
				return fmt.Errorf("read %s at %d: %w", msg.Subject, msg.Sequence, err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return out, nil
}

// lastOn is the last message of s on subject, nil if there is none.
func lastOn(ctx context.Context, s jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	msg, err := ask(ctx, readWithin, func(ctx context.Context) (*jetstream.RawStreamMsg, error) {
		return s.GetLastMsgForSubject(ctx, subject)
	})
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read last of %s: %w", subject, err)
	}
	return msg, nil
}

// Fences lists the routers that ever stored a fence, sorted. What stands under
// a name that no router can have was stored by somebody else and fences
// nobody.
func (j *Journal) Fences(ctx context.Context) ([]string, error) {
	info, err := ask(ctx, askWithin, func(ctx context.Context) (*jetstream.StreamInfo, error) {
		return j.stream.Info(ctx, jetstream.WithSubjectFilter(event.AllFences))
	})
	if err != nil {
		return nil, fmt.Errorf("list fences: %w", err)
	}
	routers := make([]string, 0, len(info.State.Subjects))
	for subject := range info.State.Subjects {
		if router, err := event.ParseFenceSubject(subject); err == nil {
			routers = append(routers, router)
		}
	}
	slices.Sort(routers)
	return routers, nil
}

// Read is Conn.Read on the journal. A message that is missing ends it, unless
// its loss was accepted; the error is a *DamageError then.
func (j *Journal) Read(ctx context.Context, from, through uint64, visit Visit) error {
	return j.conn.ReadWhole(ctx, from, through, visit, j.skipped)
}
