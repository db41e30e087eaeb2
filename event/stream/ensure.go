package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"go.uber.org/zap"
)

// Difference is one setting on which the server differs from what is needed.
type Difference struct {
	Stream  string
	Setting string // as nats-server names it
	Got     string
	Want    string
}

// SettingsError lists the settings that have to be put right: a stream is never
// changed silently.
type SettingsError struct {
	Differences []Difference
}

func (e *SettingsError) Error() string {
	var b strings.Builder
	b.WriteString("streams differ from what keeps capacity honest:")
	for _, d := range e.Differences {
		fmt.Fprintf(&b, "\n  %s: %s is %s, has to be %s", d.Stream, d.Setting, d.Got, d.Want)
	}
	b.WriteString("\n'nearlane streams apply' puts it right; 'nearlane streams' shows what would be changed")
	return b.String()
}

// Ensure makes the streams that are missing, and compares the others. The
// error is a *SettingsError if settings that safety rests on differ. A bucket
// that cannot be made is told and left out: routing goes on without.
func (c *Conn) Ensure(ctx context.Context, s Settings) error {
	var found []Difference
	for _, want := range s.streams() {
		var got jetstream.StreamConfig
		err := c.withLeader(ctx, func(ctx context.Context) (err error) {
			got, err = c.ensureStream(ctx, want)
			return err
		})
		switch {
		case err == nil:
			found = append(found, compare(got, want)...)
		case strings.HasPrefix(want.Name, bucketStreams) && ctx.Err() == nil:
			c.log.Warn("nats: a bucket is not to be had", zap.Error(err))
		default:
			return err
		}
	}
	if len(found) > 0 {
		return &SettingsError{found}
	}
	return nil
}

// ensureStream gives the stream's settings, of the one that stands or of the
// one it makes.
func (c *Conn) ensureStream(ctx context.Context, want jetstream.StreamConfig) (jetstream.StreamConfig, error) {
	s, err := c.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = c.js.CreateStream(ctx, want)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another router was quicker
			s, err = c.js.Stream(ctx, want.Name)
		}
	}
	if err != nil {
		return jetstream.StreamConfig{}, fmt.Errorf("make stream %s: %w", want.Name, err)
	}
	return s.CachedInfo().Config, nil
}

// compare lists the differences that could lose or double an order, or let one
// partner take all the room. Sizes, placement, compression and the like are the
// operators' own business.
func compare(got, want jetstream.StreamConfig) []Difference {
	return compareAll(got, want).found
}

func compareAll(got, want jetstream.StreamConfig) *differ {
	d := &differ{stream: want.Name}
	d.check("subjects", sorted(got.Subjects), sorted(want.Subjects))
	d.check("retention", got.Retention, want.Retention)
	d.check("storage", got.Storage, want.Storage)
	d.check("discard", got.Discard, want.Discard)
	d.check("max_age", got.MaxAge, want.MaxAge)
	d.check("max_msgs", got.MaxMsgs, want.MaxMsgs)
	d.check("max_msgs_per_subject", got.MaxMsgsPerSubject, want.MaxMsgsPerSubject)
	d.check("discard_new_per_subject", got.DiscardNewPerSubject, want.DiscardNewPerSubject)
	d.check("max_msg_size", got.MaxMsgSize, want.MaxMsgSize)
	d.check("no_ack", got.NoAck, false)
	d.check("sealed", got.Sealed, false)
	d.check("allow_rollup_hdrs", got.AllowRollup, want.AllowRollup)
	d.check("allow_msg_ttl", got.AllowMsgTTL, false)
	d.check("allow_msg_counter", got.AllowMsgCounter, false)
	d.check("allow_msg_schedules", got.AllowMsgSchedules, want.AllowMsgSchedules)
	d.check("persist_mode", got.PersistMode, jetstream.DefaultPersistMode)
	d.check("mirror", got.Mirror != nil, false)
	d.check("sources", len(got.Sources), 0)
	d.check("subject_transform", got.SubjectTransform != nil, false)
	if want.DenyDelete {
		d.check("deny_delete", got.DenyDelete, true)
	}
	if want.DenyPurge {
		d.check("deny_purge", got.DenyPurge, true)
	}
	if want.AllowAtomicPublish {
		d.check("allow_atomic", got.AllowAtomicPublish, true)
	}
	if want.Name != event.StreamRejected && want.Name != event.StreamRetry {
		d.check("allow_direct", got.AllowDirect, false) // any replica may answer, and be behind
	}
	if want.Name == event.StreamOrders || want.Name == event.StreamCourier {
		d.check("duplicate_window", got.Duplicates, want.Duplicates) // the ids are what clients say
	}
	if got.Replicas < want.Replicas {
		d.check("num_replicas", got.Replicas, want.Replicas)
	}
	if got.MaxBytes <= 0 {
		d.check("max_bytes", got.MaxBytes, "a limit, or the disk fills")
	}
	return d
}

type differ struct {
	stream string
	seen   []Difference // all that was compared
	found  []Difference // of these, where the two differ
}

func (d *differ) check(setting string, got, want any) {
	one := Difference{d.stream, setting, fmt.Sprint(got), fmt.Sprint(want)}
	d.seen = append(d.seen, one)
	if one.Got != one.Want {
		d.found = append(d.found, one)
	}
}

func sorted(s []string) []string { return slices.Sorted(slices.Values(s)) }
