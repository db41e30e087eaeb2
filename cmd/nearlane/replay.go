package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/replay"
)

func replayCommand() *cobra.Command {
	var o replayOptions
	c := &cobra.Command{
		Use:   "replay -c FILE [--against FILE] {ORDERS.ndjson|-|--from-stream}",
		Short: "Put recorded orders through a config, or through two",
		Long: `Replay routes recorded orders and cancellations as the router would, one at a
time and each at the instant it was placed, against capacity that starts empty.
With --from-stream it reads them from ORDERS; nothing is written anywhere, and
Redis is not asked. Couriers are taken to accept and deliver, no geocoder is
asked, and what staff closed by hand is open.

With --against it does the same with another config and shows what changes.
With --sweep it tries values for a limit on capacity: of a lane, a production
cell or a locker size, at one place or at all. Paths are those of the config;
lanes.LANE.parcels is the lane at every site.

--fail-if makes it an error if a number is out of bounds, for a pipeline. It
judges the config of -c. Late is what arrives after the promise of the level
that the order asked for; slack is how long before that promise it arrives, so
what is late has less than nothing. Shares are of all orders.

` + metricHelp() + `
Messages that the router would refuse are named and counted, and do not fail a
replay unless --fail-if says so.

Exit codes: 0 done; 2 a --fail-if was met; 65 there is nothing to replay; 66 no
such file; 69 no server; 73 the report cannot be written; 78 a config is wrong.`,
		Example: `  nearlane replay -c nearlane.yaml orders.ndjson
  nearlane replay -c new.yaml --against nearlane.yaml --html report.html orders.ndjson
  nearlane replay --from-stream --since 2026-08-01 --until 2026-08-08
  nearlane replay -c new.yaml --against nearlane.yaml --fail-if 'late>2%' --fail-if 'cost.change>0.10' orders.ndjson
  nearlane replay --sweep lanes.bike.parcels=5..60:5 orders.ndjson`,
		Args: func(c *cobra.Command, args []string) error {
			if o.fromStream {
				return exactly(0, "either a file or --from-stream")(c, args)
			}
			return exactly(1, "one file of orders, - for stdin, or --from-stream")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args) },
	}
	o.nats.add(c)
	f := c.Flags()
	f.StringVar(&o.against, "against", "", "another config, to compare with: what is live now, say")
	f.BoolVar(&o.fromStream, "from-stream", false, "replay what ORDERS holds")
	f.StringVar(&o.since, "since", "", "only what happened from this day or instant on")
	f.StringVar(&o.until, "until", "", "only what happened before this day or instant")
	f.StringArrayVar(&o.failIf, "fail-if", nil, "exit with 2 if this is so, such as 'late>2%' (repeatable)")
	f.StringArrayVar(&o.sweep, "sweep", nil, "try values for a limit, such as lanes.bike.parcels=10..60:10 (repeatable)")
	f.StringVar(&o.html, "html", "", "write a report to this file, with maps and plots")
	f.BoolVar(&o.asJSON, "json", false, "the report as JSON")
	return c
}

// metricHelp lists what --fail-if can judge.
func metricHelp() string {
	var b strings.Builder
	b.WriteString("Metrics, any of which may end in .change for the difference to --against:\n")
	for _, m := range replay.MetricMeanings() {
		fmt.Fprintf(&b, "  %-14s %s\n", m[0], m[1])
	}
	return b.String()
}

type replayOptions struct {
	nats          natsFlags // asked with --from-stream only
	against, html string
	fromStream    bool
	since, until  string
	failIf, sweep []string
	asJSON        bool

	thresholds []*replay.Threshold
	sweeps     []*replay.Sweep
}

// run reads, replays and reports.
func (o *replayOptions) run(c *cobra.Command, args []string) error {
	if err := o.parse(); err != nil {
		return err
	}
	r := &rerun{progress: newMeter(c.ErrOrStderr())}
	var err error
	if r.after, err = loadCandidate(c, o.nats.file); err != nil {
		return err
	}
	if o.against != "" {
		if r.before, err = loadCandidate(c, o.against); err != nil {
			return err
		}
	}
	for _, s := range o.sweeps {
		if _, places := r.after.network.WithLimit(s.Limit, 1); places == 0 {
			return usageError{fmt.Errorf("--sweep: nothing in %s is %s", o.nats.file, s.Path)}
		}
	}
	recorded, err := o.read(c, args, r.after)
	if err != nil {
		return err
	}
	out := r.run(recorded, o.sweeps)
	out.judge(o.thresholds)
	if err := o.write(c.OutOrStdout(), r, out); err != nil {
		return err
	}
	return out.failed(c.ErrOrStderr())
}

// parse reads the flags that have a language of their own.
func (o *replayOptions) parse() error {
	for _, text := range o.failIf {
		t, err := replay.ParseThreshold(text)
		if err != nil {
			return usageError{fmt.Errorf("--fail-if %w", err)}
		}
		if t.Compares() && o.against == "" {
			return usageError{fmt.Errorf("--fail-if %q compares two configs: say with --against which is the other", text)}
		}
		o.thresholds = append(o.thresholds, t)
	}
	for _, text := range o.sweep {
		s, err := replay.ParseSweep(text)
		if err != nil {
			return usageError{fmt.Errorf("--sweep: %w", err)}
		}
		o.sweeps = append(o.sweeps, s)
	}
	return nil
}

// read reads what there is to replay, and says what the router would refuse.
func (o *replayOptions) read(c *cobra.Command, args []string, in *candidate) (*recording, error) {
	r := &recording{}
	var err error
	if r.since, err = dayOrInstant("--since", o.since, in.network); err != nil {
		return nil, err
	}
	if r.until, err = dayOrInstant("--until", o.until, in.network); err != nil {
		return nil, err
	}
	name := "ORDERS"
	if o.fromStream {
		err = o.readStream(c, r, in.config)
	} else {
		var file io.ReadCloser
		if file, name, err = openRecording(c.InOrStdin(), args[0]); err != nil {
			return nil, err
		}
		defer file.Close()
		err = r.readFile(file, name)
	}
	if err != nil {
		return nil, err
	}
	r.tell(c.ErrOrStderr())
	if len(r.inputs) == 0 {
		return nil, codedError{exitData, fmt.Errorf("%w: %s has %d messages that the router would refuse, and %d outside of the span", errNothingRecorded, name, len(r.refused), r.outside)}
	}
	replay.Sort(r.inputs)
	return r, nil
}

func (o *replayOptions) readStream(c *cobra.Command, r *recording, loaded *config.Config) error {
	conn, err := o.nats.connect(c, loaded)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(c.Context()))
	return r.readStream(c.Context(), conn)
}

// dayOrInstant reads a bound of a span: a day is its first instant, in the
// network's first region.
func dayOrInstant(flag, text string, n *router.Network) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := lanes.ParseDate(text); err == nil {
		zone := n.Zones()[n.Regions()[0]]
		return time.Unix(lanes.At(day, 0, zone), 0), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, usageError{fmt.Errorf("%s %q is neither a day such as 2026-08-04 nor an instant such as 2026-08-04T09:00:00+03:00", flag, text)}
	}
	return at, nil
}

// candidate is a config to replay through.
type candidate struct {
	file    string
	config  *config.Config
	network *router.Network
}

func loadCandidate(c *cobra.Command, file string) (*candidate, error) {
	loaded, network, err := loadNetwork(c, file)
	if err != nil {
		return nil, err
	}
	if len(network.Regions()) == 0 {
		return nil, codedError{exitConfig, errors.New(file + " has no region")}
	}
	return &candidate{file: file, config: loaded, network: network}, nil
}
