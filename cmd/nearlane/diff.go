package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/diff"
)

// liveConfig, in place of a file, is the config of the running router.
const liveConfig = "live"

func diffCommand() *cobra.Command {
	var o diffOptions
	c := &cobra.Command{
		Use:   "diff OLD NEW",
		Short: "Show what changing from one config to another would change",
		Long: `Diff builds both networks and tells what differs: cells that are gained, lost
or go to another site, per service level; settings, key by key; files; claims
of live orders that would be left behind; and what takes a restart. OLD or NEW
may be "live", the config of the running router; if OLD is, the claims that stand
in the journal are named.

A site serves a cell at a service level if a lane with that level has the cell
in its catchment; of several, the nearest counts. Goods, timetables and costs
differ from order to order: with --orders, each is planned at the instant it
was placed, by the server's own planner with nothing taken, in both networks.

Exit codes: 0 no difference, 2 they differ, 65 bad orders, 66 no such file,
69 no router answers, 73 the picture cannot be written, 78 mistakes in a
config.`,
		Example: `  nearlane diff nearlane.yaml friday.yaml
  nearlane diff --svg moved.svg --orders last-week.ndjson live friday.yaml
  nearlane diff --json nearlane.yaml friday.yaml | jq '.levels[].moves'`,
		Args: exactly(2, "two configs, files or live"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0], args[1]) },
	}
	c.Flags().StringVar(&o.url, "live", "", "where the running router serves HTTP (default: http.listen of the other config)")
	c.Flags().StringVar(&o.orders, "orders", "", "count how many of these orders, one JSON object each, would move")
	c.Flags().StringVar(&o.svg, "svg", "", "draw the cells that differ into this file")
	c.Flags().StringVar(&o.level, "level", "", "the service level to draw (default: the one with the most cells that differ)")
	c.Flags().BoolVar(&o.asJSON, "json", false, "the report as JSON")
	return c
}

type diffOptions struct {
	url, orders, svg, level string
	asJSON                  bool
}

func (o *diffOptions) run(c *cobra.Command, from, to string) error {
	if from == liveConfig && to == liveConfig {
		return usageError{errors.New("compare the running config with a file: live stands on both sides")}
	}
	was, err := o.load(c, from, to)
	if err != nil {
		return err
	}
	is, err := o.load(c, to, from)
	if err != nil {
		return err
	}
	report, err := diff.Compare(was, is)
	if err != nil {
		return err
	}
	if from == liveConfig {
		o.addHidden(c, report, to, was, is)
	}
	if o.orders != "" {
		if err := o.addOrders(c, report, was, is); err != nil {
			return err
		}
	}
	if o.asJSON {
		err = writeJSON(c.OutOrStdout(), report)
	} else {
		err = tellDiff(c.OutOrStdout(), report)
	}
	if err == nil && o.svg != "" {
		err = o.draw(c.ErrOrStderr(), report, is)
	}
	if err == nil && report.Differs() {
		err = silentError{exitFindings}
	}
	return err
}

// load reads a file, or asks the router that runs beside the other one.
func (o *diffOptions) load(c *cobra.Command, name, other string) (*config.Config, error) {
	if name != liveConfig {
		return loadConfig(c, name)
	}
	return liveConfigOf(c, other, o.url)
}

// addHidden warns of live claims that the new config would leave out of sight
// of the running one.
func (o *diffOptions) addHidden(c *cobra.Command, report *diff.Report, file string, was, is *config.Config) {
	hidden, err := hiddenFrom(c, natsFlags{file: file}, was, is, time.Now())
	if err != nil {
		report.Warnings = append(report.Warnings, fmt.Sprintf("whether live claims would be out of sight is not known: %v", err))
	}
	for i := range hidden {
		report.Warnings = append(report.Warnings, "refused while it stands: "+app.TellHidden(&hidden[i]))
	}
}

// bundleWait is how long a router may take to send its config.
const bundleWait = 10 * time.Second

// askBundle asks the router at url for its config.
func askBundle(ctx context.Context, url string) (*config.Bundle, error) {
	ctx, cancel := context.WithTimeout(ctx, bundleWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/config", nil)
	if err != nil {
		return nil, usageError{err}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, codedError{exitUnavailable, fmt.Errorf("ask for the running config: %w\nsay with --live where the router is", err)}
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, codedError{exitUnavailable, fmt.Errorf("ask %s/v1/config: it answers %s", url, response.Status)}
	}
	var inForce struct{ Config *config.Bundle }
	err = json.NewDecoder(io.LimitReader(response.Body, 8*config.MaxFileBytes)).Decode(&inForce)
	if err == nil && inForce.Config == nil {
		err = errors.New("there is no config in it")
	}
	if err != nil {
		return nil, codedError{exitUnavailable, fmt.Errorf("read %s/v1/config: %w", url, err)}
	}
	return inForce.Config, nil
}

// addOrders plans the recorded orders in both networks.
func (o *diffOptions) addOrders(c *cobra.Command, report *diff.Report, was, is *config.Config) error {
	in, name, err := openRecording(c.InOrStdin(), o.orders)
	if err != nil {
		return err
	}
	defer in.Close()
	var recorded recording
	if err := recorded.readFile(in, name); err != nil {
		return err
	}
	if len(recorded.refused) > 0 {
		r := recorded.refused[0]
		return codedError{exitData, fmt.Errorf("%s: the router refuses this order: %s %s %s (%d refused)", r.At, r.Code, r.Pointer, r.Detail, len(recorded.refused))}
	}
	var orders []*event.Order
	for _, input := range recorded.inputs {
		if input.Order != nil {
			orders = append(orders, input.Order)
		}
	}
	before, err := router.Build(was)
	if err != nil {
		return codedError{exitConfig, err}
	}
	after, err := router.Build(is)
	if err != nil {
		return codedError{exitConfig, err}
	}
	report.AddOrders(before, after, orders)
	return nil
}

// draw writes the picture, if there is anything in it.
func (o *diffOptions) draw(stderr io.Writer, report *diff.Report, is *config.Config) error {
	level := o.level
	if level == "" {
		level = report.Busiest()
	}
	if level == "" {
		fmt.Fprintf(stderr, "%s not written: no cell differs\n", o.svg)
		return nil
	}
	known := false
	for i := range is.Levels {
		known = known || is.Levels[i].ID == level
	}
	if !known && o.level != "" {
		return usageError{fmt.Errorf("--level: there is no service level %q", level)}
	}
	svg, err := report.SVG(level)
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.svg, svg, 0o644); err != nil {
		return codedError{exitCantCreate, fmt.Errorf("write picture: %w", err)}
	}
	return nil
}
