package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// maxCalendarDays is a year, and a day to see where it leads.
const maxCalendarDays = 366

func calendarCommand() *cobra.Command {
	var o calendarOptions
	c := &cobra.Command{
		Use:   "calendar [-c FILE]",
		Short: "Show when sites work and lanes leave in the days to come",
		Long: `Calendar shows, per site and in its local time, opening hours, cut-offs, blocks
and collections of the next days, with holidays and closed days. Days on which
the clocks change are flagged, and so is every time that they shift or show
twice. Days in a row that are alike are told once.

It needs neither NATS nor Redis.

Exit codes: 0 shown, 64 no such site or day, 78 mistakes in the config.`,
		Example: `  nearlane calendar
  nearlane calendar --site kallio --from 2026-12-21 --days 7
  nearlane calendar --from 2027-03-27 --days 2 --json | jq '.[] | select(.clockChange)'`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.days < 1 || o.days > maxCalendarDays {
				return usageError{fmt.Errorf("--days: from 1 to %d", maxCalendarDays)}
			}
			_, network, err := loadNetwork(c, o.file)
			if err != nil {
				return err
			}
			return o.run(c.OutOrStdout(), network)
		},
	}
	configFlag(c, &o.file)
	c.Flags().StringVar(&o.site, "site", "", "only this site")
	c.Flags().IntVar(&o.days, "days", 14, "how many days")
	c.Flags().StringVar(&o.from, "from", "", "the first day, such as 2026-08-04 (default: today)")
	c.Flags().StringVar(&o.at, "at", "", "what is now (RFC 3339), to see what is past today (default: now)")
	c.Flags().BoolVar(&o.asJSON, "json", false, "the days as a JSON array")
	return c
}

type calendarOptions struct {
	file, site, from, at string
	days                 int
	asJSON               bool
}

func (o *calendarOptions) run(w io.Writer, n *router.Network) error {
	if ids := n.SiteIDs(); o.site != "" && !slices.Contains(ids, o.site) {
		return usageError{fmt.Errorf("--site: there is no site %q with a lane, only %s", o.site, strings.Join(ids, ", "))}
	}
	now := time.Now()
	if o.at != "" {
		var err error
		if now, err = instant("--at", o.at); err != nil {
			return err
		}
	}
	days, err := o.list(n, now)
	if err != nil {
		return err
	}
	if o.asJSON {
		return writeJSON(w, dayReports(days))
	}
	return calendarTeller{now: now}.print(w, days)
}

// list is the days of each site; today is not the same day everywhere.
func (o *calendarOptions) list(n *router.Network, now time.Time) ([]router.SiteDay, error) {
	if o.from != "" {
		from, err := lanes.ParseDate(o.from)
		if err != nil {
			return nil, usageError{fmt.Errorf("--from %q is not a day such as 2026-08-04", o.from)}
		}
		return n.Calendar(o.site, from, o.days), nil
	}
	var days []router.SiteDay
	for _, site := range n.SiteIDs() {
		if o.site == "" || o.site == site {
			days = append(days, n.Calendar(site, lanes.DateOf(now.Unix(), n.SiteZone(site)), o.days)...)
		}
	}
	return days, nil
}
