package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app/demo"
)

// demoPace is how long the demo's day takes where somebody watches.
const demoPace = 16 * time.Second

func demoCommand() *cobra.Command {
	var o demo.Options
	var clock string
	var asJSON, print bool
	c := &cobra.Command{
		Use:   "demo",
		Short: "Route a day of made-up orders through a Helsinki network",
		Long: `Demo starts NATS, a Redis-compatible server and a router in this process and a
temporary folder, publishes a day of made-up orders, and shows where each goes
and why. At the end it reads its journal back and checks every invariant.

On a terminal the day takes about twenty seconds, elsewhere as long as it must.
Ctrl-C ends the day early; what was published is still checked.

With --print it starts nothing, and prints the sound orders of the day, one JSON
object a line: something to try replay, diff and publish with.

Exit codes: 0 every invariant holds, 1 one is broken, 73 no folder or port.`,
		Example: `  nearlane demo
  nearlane demo --orders 2000 --seed 7 --pace 1m
  nearlane demo --clock 2026-12-23T09:00:00+02:00
  nearlane demo --json | jq .dispatched
  nearlane demo --print --clock 2026-12-07T09:00:00+02:00 > monday.ndjson`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			signal.Ignore(syscall.SIGPIPE) // a reader that leaves early must not leave a folder behind
			if asJSON && print {
				return usageError{errors.New("--json is the report of a day, and --print passes none")}
			}
			if err := demoOptions(&o, c, clock, asJSON); err != nil {
				return err
			}
			if print {
				return demo.WriteOrders(c.OutOrStdout(), o)
			}
			report, err := demo.Run(c.Context(), o)
			if err != nil {
				return err
			}
			if asJSON {
				encoder := json.NewEncoder(c.OutOrStdout())
				encoder.SetIndent("", "  ")
				if err := encoder.Encode(report); err != nil {
					return err
				}
			}
			return report.Err()
		},
	}
	c.Flags().IntVar(&o.Orders, "orders", 400, "messages to publish, repeats and bad ones included")
	c.Flags().Uint64Var(&o.Seed, "seed", 1, "equal seeds draw equal days")
	c.Flags().DurationVar(&o.Pace, "pace", 0, "how long the day takes (default 16s on a terminal, else as little as it can)")
	c.Flags().BoolVar(&asJSON, "json", false, "only the report, as JSON")
	c.Flags().BoolVar(&print, "print", false, "print the day's orders, and route none")
	c.Flags().StringVar(&clock, "clock", "", "begin the day at this instant, RFC 3339 (default next Tuesday at 09:00 in Helsinki)")
	return c
}

// demoOptions completes what the flags say.
func demoOptions(o *demo.Options, c *cobra.Command, clock string, asJSON bool) (err error) {
	if o.Orders < 1 {
		return usageError{fmt.Errorf("--orders %d: want at least 1", o.Orders)}
	}
	if o.Pace < 0 {
		return usageError{fmt.Errorf("--pace %v: want a duration such as 30s", o.Pace)}
	}
	if clock != "" {
		if o.Start, err = time.Parse(time.RFC3339, clock); err != nil {
			return usageError{fmt.Errorf("--clock %q is not an instant such as 2026-08-04T09:00:00+03:00", clock)}
		}
	}
	if o.Log, err = newLog(c.ErrOrStderr(), "warn"); err != nil {
		return err
	}
	if asJSON {
		return nil
	}
	o.Out = c.OutOrStdout()
	o.Style = demo.Style{Colour: colour(o.Out), Unicode: unicode()}
	if !c.Flags().Changed("pace") && terminal(o.Out) {
		o.Pace = demoPace
	}
	return nil
}

// unicode reports whether the locale has more than ASCII.
func unicode() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if value := os.Getenv(name); value != "" {
			value = strings.ToUpper(value)
			return strings.Contains(value, "UTF-8") || strings.Contains(value, "UTF8")
		}
	}
	return false
}
