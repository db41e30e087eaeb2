package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/legible"
)

func doctorCommand() *cobra.Command {
	var d doctor
	var asJSON bool
	c := &cobra.Command{
		Use:   "doctor [-c FILE]",
		Short: "Look at everything that has to be well, and say what to do",
		Long: `Doctor looks at the config and its gazetteers, H3, time zones, the data folder,
the router on this machine, NATS and its streams, the journal, Redis, the clocks,
the routers that run, and whether orders stand on what their config does not
have. It changes nothing, so it may be run at any time, beside a router or
without one.

The first line says which NATS and Redis it looked at, and whose network is served
there. They are those of --nats and of the config, as with every other command; one
that the config does not tell, such as by a variable that is not set, is not looked
at, and neither is another in its place.

Exit codes: 0 all is well, 2 warnings or failures, 69 NATS or Redis is not
reachable.`,
		Example: `  nearlane doctor -c nearlane.yaml
  nearlane doctor -c nearlane.yaml --json | jq '.[] | select(.state != "ok")'`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			d.now = time.Now()
			d.find(c.Flags().Changed("config"))
			ctx, cancel := context.WithTimeout(c.Context(), doctorTimeout)
			defer cancel()
			d.examine(ctx, c.CommandPath())
			if err := d.tell(c.OutOrStdout(), asJSON); err != nil {
				return err
			}
			return d.verdict(c.ErrOrStderr())
		},
	}
	d.nats.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "what was seen as a JSON array")
	return c
}

// doctorTimeout bounds everything that the doctor asks.
const doctorTimeout = 30 * time.Second

// readyTimeout bounds its question to a router, which has to answer in two.
const readyTimeout = 5 * time.Second

// state is how well something is.
type state string

const (
	stateOK   state = "ok"
	stateWarn state = "warn"
	stateFail state = "fail"
)

// observation is one thing that was looked at.
type observation struct {
	Check string `json:"check"`
	State state  `json:"state"`
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"` // where the state is not ok
}

// doctor collects what it sees.
type doctor struct {
	nats   natsFlags
	now    time.Time
	config *config.Config      // nil: there is none that loads
	where  *config.Whereabouts // nil: there is no config, and none was asked for
	seen   []observation
	away   bool // a server cannot be reached
}

func (d *doctor) ok(check, format string, args ...any) {
	d.seen = append(d.seen, observation{check, stateOK, fmt.Sprintf(format, args...), ""})
}

func (d *doctor) warn(check, do, format string, args ...any) {
	d.seen = append(d.seen, observation{check, stateWarn, fmt.Sprintf(format, args...), do})
}

func (d *doctor) fail(check, do, format string, args ...any) {
	d.seen = append(d.seen, observation{check, stateFail, fmt.Sprintf(format, args...), do})
}

// examine looks at everything, this machine first: what is wrong here explains
// what is wrong elsewhere.
func (d *doctor) examine(ctx context.Context, name string) {
	about := d.aim()
	d.lookAtConfig()
	d.lookAtH3()
	d.lookAtZones()
	d.lookAtFolder()
	d.lookAtReadiness(ctx)
	if conn := d.lookAtNATS(ctx, name); conn != nil {
		defer conn.Close(context.WithoutCancel(ctx))
		d.lookAtNetwork(ctx, conn, about)
		d.lookAtStreams(ctx, conn)
		d.lookAtJournal(ctx, conn)
		d.lookAtLoads(ctx, conn)
		d.lookAtClock(ctx, conn)
		d.lookAtRouters(ctx, conn)
		d.lookAtCompany(ctx, conn)
		d.lookAtClaims(ctx, conn)
	}
	d.lookAtRedis(ctx)
}

// settings are those that a router with this config makes the streams with.
func (d *doctor) settings() stream.Settings {
	if d.config == nil {
		return stream.Settings{}
	}
	return app.StreamSettings(d.config)
}

// tell writes the observations: a line each, and below it what to do.
func (d *doctor) tell(w io.Writer, asJSON bool) error {
	if asJSON {
		return writeJSON(w, d.seen)
	}
	longest := 0
	for _, o := range d.seen {
		longest = max(longest, legible.Width(cell(o.Check, idWidth)))
	}
	colours := map[state]string{stateOK: "32", stateWarn: "33", stateFail: "31"}
	for _, o := range d.seen {
		word := fmt.Sprintf("%-4s", o.State)
		if colour(w) {
			word = "\033[" + colours[o.State] + "m" + word + "\033[0m"
		}
		if _, err := fmt.Fprintf(w, "%s  %s  %s\n", word, legible.Pad(cell(o.Check, idWidth), longest), plain(o.Says)); err != nil {
			return err
		}
		if o.Do != "" {
			fmt.Fprintf(w, "      %*s  > %s\n", longest, "", plain(o.Do))
		}
	}
	return nil
}

// verdict is the end of the command.
func (d *doctor) verdict(w io.Writer) error {
	count := map[state]int{}
	for _, o := range d.seen {
		count[o.State]++
	}
	fmt.Fprintf(w, "%d ok, %s, %s\n", count[stateOK], counted(count[stateWarn], "warning"), counted(count[stateFail], "failure"))
	switch {
	case d.away:
		return silentError{exitUnavailable}
	case count[stateWarn]+count[stateFail] > 0:
		return silentError{exitFindings}
	}
	return nil
}
