package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

func capacityCommand() *cobra.Command {
	var o capacityOptions
	c := &cobra.Command{
		Use:   "capacity [-c FILE]",
		Short: "Show what is full on a day",
		Long: `Capacity shows every slot of a day, and how much of it is taken. It reads the
journal from its beginning, which is the truth, and not Redis. What staff have
closed says so.`,
		Example: `  nearlane capacity --day tomorrow
  nearlane capacity --day tomorrow --full
  nearlane capacity --site kallio --day 2026-08-04 --json`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			loaded, network, err := loadNetwork(c, o.nats.file)
			if err != nil {
				return err
			}
			if ids := network.SiteIDs(); o.site != "" && !slices.Contains(ids, o.site) {
				return usageError{fmt.Errorf("--site: there is no site %q with a lane, only %s", o.site, strings.Join(ids, ", "))}
			}
			days, err := daysOf(network, o.day, time.Now())
			if err != nil {
				return err
			}
			conn, err := o.nats.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(c.Context()))
			if network, err = withClosures(c.Context(), conn, network); err != nil {
				return err
			}
			refold, err := readJournal(c.Context(), conn)
			if err != nil {
				return err
			}
			return o.show(c.OutOrStdout(), filled(network, days, refold))
		},
	}
	o.nats.add(c)
	c.Flags().StringVar(&o.day, "day", "today", "the local day: today, tomorrow or a date such as 2026-08-04")
	c.Flags().StringVar(&o.site, "site", "", "only this site, and the lockers that it fills")
	c.Flags().BoolVar(&o.full, "full", false, "only what is full")
	c.Flags().BoolVar(&o.asJSON, "json", false, "the slots as a JSON array")
	return c
}

type capacityOptions struct {
	nats         natsFlags
	site, day    string
	full, asJSON bool
}

// show writes what is wanted of the fillings.
func (o *capacityOptions) show(w io.Writer, all []filling) error {
	all = slices.DeleteFunc(all, func(f filling) bool { return o.site != "" && !slices.Contains(f.Sites, o.site) })
	summary := summaryOf(all)
	if o.full {
		all = slices.DeleteFunc(all, func(f filling) bool { return !f.full() })
	}
	if o.asJSON {
		return writeJSON(w, append([]filling{}, all...))
	}
	table{w: w, colour: colour(w)}.print(all)
	_, err := fmt.Fprintln(w, summary)
	return err
}

// daysOf is the day that is meant in each region: today is not the same day
// everywhere.
func daysOf(n *router.Network, text string, now time.Time) (map[string]lanes.Date, error) {
	days := map[string]lanes.Date{}
	for region, zone := range n.Zones() {
		today := lanes.DateOf(now.Unix(), zone)
		switch text {
		case "today":
			days[region] = today
		case "tomorrow":
			days[region] = today.Add(1)
		default:
			date, err := lanes.ParseDate(text)
			if err != nil {
				return nil, usageError{fmt.Errorf("--day: %w; today and tomorrow will do, too", err)}
			}
			days[region] = date
		}
	}
	return days, nil
}

func readJournal(ctx context.Context, conn *stream.Conn) (*router.Refold, error) {
	journal, err := conn.Journal(ctx)
	if err != nil {
		return nil, err
	}
	refold := router.NewRefold()
	if err := journal.Read(ctx, 1, 0, refold.Add); err != nil {
		return nil, fmt.Errorf("read journal: %w", err)
	}
	return refold, nil
}
