package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

func closeCommand() *cobra.Command {
	var o closeOptions
	c := &cobra.Command{
		Use:   "close SITE[/LANE]",
		Short: "Close a site or a lane for today, without an edit",
		Long: `Close closes a site, or one lane of it, for today or some days of the site's
calendar: no order is promised a departure of those days, and nothing is made
there. Every router follows within seconds, keeps to it over restarts and
reloads, and opens again at the local midnight after the last day. Lanes that
were not it for that reason say closed_by_staff.

Orders that are dispatched already are not touched; their number is shown.

Exit codes: 0 closed, 64 no such site or lane, 69 NATS is unreachable.`,
		Example: `  nearlane close kallio --reason "burst pipe"
  nearlane close kallio/bike --until 2026-08-07
  nearlane close kallio/bike --from 2026-08-06 --until 2026-08-07 --json`,
		Args: exactly(1, "a site, or a lane as SITE/LANE"),
		RunE: func(c *cobra.Command, args []string) error { return o.run(c, args[0]) },
	}
	o.add(c)
	c.Flags().BoolVar(&o.today, "today", false, "for today (the default)")
	c.Flags().StringVar(&o.from, "from", "", "the first closed day, such as 2026-08-06 (default: today)")
	c.Flags().StringVar(&o.until, "until", "", "the last closed day (default: the first)")
	c.Flags().StringVar(&o.reason, "reason", "", "why, for those who ask")
	c.Flags().StringVar(&o.by, "by", "", "who (default: user@host)")
	c.Flags().BoolVar(&o.asJSON, "json", false, "the closure, and how many dispatches stand there, as JSON")
	return c
}

type closeOptions struct {
	deskFlags
	from, until, reason, by string
	today, asJSON           bool
}

func (o *closeOptions) run(c *cobra.Command, target string) error {
	site, lane, err := parseTarget(target)
	if err != nil {
		return err
	}
	desk, err := o.open(c)
	if err != nil {
		return err
	}
	defer desk.close(c.Context())
	closure := router.Closure{Site: site, Lane: lane, Reason: o.reason, By: o.by, At: desk.now().UTC().Truncate(time.Second)}
	switch known, err := desk.knows(c.Context(), o.file, closure.Site, closure.Lane); {
	case err != nil:
		return err
	case !known:
		return desk.unknown(target)
	}
	if closure.By == "" {
		closure.By = byline()
	}
	if err := o.days(&closure, desk.network.Today(closure.Site, closure.At)); err != nil {
		return usageError{err}
	}
	err = desk.change(c.Context(), func(list []router.Closure) []router.Closure {
		return append(slices.DeleteFunc(list, closure.Covers), closure)
	})
	if err != nil {
		return err
	}
	refold, err := readJournal(c.Context(), desk.conn)
	if err != nil {
		return fmt.Errorf("%s is closed, and how many dispatches stand there is not known: %w", target, err)
	}
	told := closed{closure, len(closure.Standing(refold, desk.network))}
	if o.asJSON {
		return writeJSON(c.OutOrStdout(), told)
	}
	return told.show(c.OutOrStdout())
}

// days reads the days that are meant.
func (o *closeOptions) days(c *router.Closure, today lanes.Date) (err error) {
	c.From = today
	if o.today && o.from+o.until != "" {
		return errors.New("--today is for today only: leave it out with --from and --until")
	}
	if o.from != "" {
		if c.From, err = lanes.ParseDate(o.from); err != nil {
			return fmt.Errorf("--from: %w", err)
		}
	}
	c.Until = c.From
	if o.until != "" {
		if c.Until, err = lanes.ParseDate(o.until); err != nil {
			return fmt.Errorf("--until: %w", err)
		}
	}
	switch {
	case c.Until < c.From:
		return fmt.Errorf("--until: %s is before %s", c.Until, c.From)
	case c.Until < today:
		return fmt.Errorf("--until: %s is over: today is %s there", c.Until, today)
	case c.Until > c.From.Add(maxClosedDays):
		return fmt.Errorf("--until: that is more than %d days: write it into the config, under closed", maxClosedDays)
	}
	return nil
}

// maxClosedDays is how long a thing is closed by hand. What is closed for
// longer belongs into the config.
const maxClosedDays = 92

// closed is what close tells.
type closed struct {
	router.Closure
	Dispatches int `json:"dispatches"` // that stand there on those days
}

func (c *closed) show(w io.Writer) error {
	days := fmt.Sprintf("on %s, %s", c.From.Weekday(), c.From)
	if c.Until > c.From {
		days = fmt.Sprintf("from %s, %s, until %s, %s", c.From.Weekday(), c.From, c.Until.Weekday(), c.Until)
	}
	text := fmt.Sprintf("%s is closed %s. Every router follows within seconds.\n", c.Target(), days)
	switch c.Dispatches {
	case 0:
		text += "No dispatch stands there on those days.\n"
	case 1:
		text += "1 dispatch stands there on those days and is not touched." + moveHint
	default:
		text += fmt.Sprintf("%d dispatches stand there on those days and are not touched.", c.Dispatches) + moveHint
	}
	text += fmt.Sprintf("To open it before: nearlane reopen %s\n", c.Target())
	_, err := fmt.Fprint(w, text)
	return err
}

const moveHint = `
Who should not be served there: have the courier report "rejected", and the
order is routed elsewhere, or have the shop cancel it.
`
