package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
)

func tailCommand() *cobra.Command {
	var nats natsFlags
	var t tail
	c := &cobra.Command{
		Use:   "tail [-c FILE]",
		Short: "Follow what becomes of orders",
		Long: `Tail shows the last events of the journal, decisions and dispatches, and goes
on with new ones as they come, until it is stopped. The time in front is in the
zone of the config's regions; slots and promises are in their site's zone.`,
		Example: `  nearlane tail
  nearlane tail --courier pyora
  nearlane tail --rejected -n 50
  nearlane tail --decisions --from-start --once --json | jq .data.outcome`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := t.check(); err != nil {
				return err
			}
			loaded, err := nats.config(c)
			if err != nil {
				return err
			}
			t.warn(c.ErrOrStderr(), loaded)
			conn, err := nats.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(c.Context()))
			t.show = newTailLine(c.OutOrStdout(), zoneFor(loaded), t.asJSON).show
			err = t.run(c.Context(), t.source(conn))
			if c.Context().Err() != nil {
				return nil // stopped: that is how it ends
			}
			return err
		},
	}
	nats.add(c)
	c.Flags().BoolVar(&t.decisions, "decisions", false, "decisions only")
	c.Flags().BoolVar(&t.dispatches, "dispatches", false, "dispatches only")
	c.Flags().StringVar(&t.courier, "courier", "", "dispatches to this courier only")
	c.Flags().BoolVar(&t.rejected, "rejected", false, "refused messages instead of the journal")
	c.Flags().BoolVar(&t.fromStart, "from-start", false, "begin with the oldest event")
	c.Flags().IntVarP(&t.last, "last", "n", 10, "begin with this many events that are there already")
	c.Flags().BoolVar(&t.once, "once", false, "end after the events that are there already")
	c.Flags().BoolVar(&t.asJSON, "json", false, "the events as they are, one JSON object a line")
	return c
}

// zoneFor is the zone that the config's regions share, else this machine's.
func zoneFor(c *config.Config) *time.Location {
	if c == nil || len(c.Regions) == 0 {
		return time.Local
	}
	for _, r := range c.Regions {
		if r.Zone.String() != c.Regions[0].Zone.String() {
			return time.Local
		}
	}
	return c.Regions[0].Zone
}

type tail struct {
	decisions, dispatches, rejected bool
	courier                         string

	fromStart bool
	last      int // events to begin with
	once      bool
	asJSON    bool

	show func(occurrence) error
}

func (t *tail) check() error {
	kinds := 0
	for _, wanted := range []bool{t.decisions, t.dispatches, t.courier != "", t.rejected} {
		if wanted {
			kinds++
		}
	}
	switch {
	case kinds > 1:
		return usageError{errors.New("only one of --decisions, --dispatches, --courier and --rejected can be meant")}
	case t.last < 0:
		return usageError{errors.New("-n wants a number of events, 0 or more")}
	}
	return nil
}

// warn says so if no courier of the config has the name that was given: it may
// be one of an earlier config, or a slip.
func (t *tail) warn(stderr io.Writer, loaded *config.Config) {
	if loaded == nil || t.courier == "" {
		return
	}
	var known []string
	for _, c := range loaded.Couriers {
		known = append(known, c.ID)
	}
	if !slices.Contains(known, t.courier) {
		fmt.Fprintf(stderr, "warning: the config has no courier %q, only %s\n", t.courier, strings.Join(known, ", "))
	}
}

// occurrence is one message of the stream that is followed.
type occurrence struct {
	subject  string
	data     []byte
	rejected *stream.Rejected // of REJECTED
}

// source is what a tail reads: the messages of one stream from a sequence on,
// through another or, if that is 0, for ever.
type source struct {
	bounds func(context.Context) (first, last uint64, err error)
	read   func(ctx context.Context, from, through uint64, visit func(occurrence) error) error
}

func (t *tail) source(conn *stream.Conn) source {
	if t.rejected {
		return source{
			bounds: func(ctx context.Context) (uint64, uint64, error) { return conn.Bounds(ctx, event.StreamRejected) },
			read: func(ctx context.Context, from, through uint64, visit func(occurrence) error) error {
				return conn.Rejects().Tail(ctx, from, through, func(_ uint64, r *stream.Rejected) error {
					return visit(occurrence{data: r.Data, rejected: r})
				})
			},
		}
	}
	filters := t.filters()
	live := filters[0]
	if len(filters) > 1 {
		live = ">"
	}
	return source{
		bounds: func(ctx context.Context) (uint64, uint64, error) { return conn.Bounds(ctx, event.StreamDispatch) },
		read: func(ctx context.Context, from, through uint64, visit func(occurrence) error) error {
			each := func(_ uint64, subject string, data []byte) error {
				if slices.ContainsFunc(filters, func(f string) bool { return strings.HasPrefix(subject, strings.TrimRight(f, ".*")+".") }) {
					return visit(occurrence{subject: subject, data: data})
				}
				return nil
			}
			if through > 0 {
				return conn.Read(ctx, event.StreamDispatch, from, through, each)
			}
			return conn.Tail(ctx, event.StreamDispatch, live, from, each)
		},
	}
}

// filters are the subjects of the journal that are shown: never epochs and
// fences. Their wildcards are at the end.
func (t *tail) filters() []string {
	switch {
	case t.decisions:
		return []string{event.AllDecisions}
	case t.dispatches:
		return []string{event.AllDispatches}
	case t.courier != "":
		return []string{event.DispatchesOf(t.courier)}
	}
	return []string{event.AllDecisions, event.AllDispatches}
}

// run shows what is there, as far as wanted, and then what comes.
func (t *tail) run(ctx context.Context, from source) error {
	first, last, err := from.bounds(ctx)
	if err != nil {
		return err
	}
	if last >= first {
		if t.fromStart {
			err = from.read(ctx, first, last, t.show)
		} else {
			err = t.showLast(ctx, from, first, last)
		}
	}
	if err != nil || t.once {
		return err
	}
	return from.read(ctx, last+1, 0, t.show)
}

// showLast shows the last few events. How far back they lie is not known, so
// it looks farther back until it has enough of them.
func (t *tail) showLast(ctx context.Context, from source, first, last uint64) error {
	if t.last == 0 {
		return nil
	}
	var found []occurrence
	for back := uint64(4*t.last + 64); ; back *= 8 {
		begin := first
		if last-first >= back {
			begin = last - back + 1
		}
		found = found[:0]
		err := from.read(ctx, begin, last, func(o occurrence) error {
			found = append(found, o)
			return nil
		})
		if err != nil {
			return err
		}
		if len(found) >= t.last || begin == first {
			break
		}
	}
	for _, o := range found[max(0, len(found)-t.last):] {
		if err := t.show(o); err != nil {
			return fmt.Errorf("show event: %w", err)
		}
	}
	return nil
}
