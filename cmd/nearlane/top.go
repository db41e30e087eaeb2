package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

func topCommand() *cobra.Command {
	var o topOptions
	c := &cobra.Command{
		Use:   "top [-c FILE]",
		Short: "Watch lanes fill, rates, refusals and lag",
		Long: `Top shows what is going on, anew every two seconds: orders per second by
outcome, latency, refusals, how far the routers lag, and how full today's lanes
are. It reads /metrics of the routers and the streams, and changes nothing.
Press q to end it. In a pipe, and with --once, it measures for one interval and
shows that.

Exit codes: 0 shown, 69 NATS is not reachable.`,
		Example: `  nearlane top -c nearlane.yaml
  nearlane top --url http://10.0.0.5:8480 --url http://10.0.0.6:8480
  nearlane top --once --json | jq .lag`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error { return o.run(c) },
	}
	o.nats.add(c)
	c.Flags().StringArrayVar(&o.urls, "url", nil, "where a router serves HTTP, once for each (default: http.listen of the config)")
	c.Flags().DurationVar(&o.every, "interval", 2*time.Second, "how often to look")
	c.Flags().StringVar(&o.day, "day", "today", "the local day of the lanes: today, tomorrow or a date such as 2026-08-04")
	c.Flags().BoolVar(&o.once, "once", false, "show it once")
	c.Flags().BoolVar(&o.asJSON, "json", false, "once, as a JSON object")
	return c
}

type topOptions struct {
	nats         natsFlags
	urls         []string
	every        time.Duration
	day          string
	once, asJSON bool
}

func (o *topOptions) run(c *cobra.Command) error {
	if o.every < 50*time.Millisecond {
		return usageError{fmt.Errorf("--interval %s: want 50ms or more", o.every)}
	}
	loaded, network, err := loadNetwork(c, o.nats.file)
	if err != nil {
		return err
	}
	w, err := o.watcher(c, loaded, network)
	if err != nil {
		return err
	}
	defer w.conn.Close(context.WithoutCancel(c.Context()))
	if _, err := w.look(c.Context()); err != nil {
		return unavailable(err)
	}
	out := c.OutOrStdout()
	if !o.asJSON && !o.once && terminal(out) {
		return o.refresh(c.Context(), w, raw(out))
	}
	if err := sleep(c.Context(), o.every); err != nil {
		return nil // interrupted: there is nothing to show yet
	}
	seen, err := w.look(c.Context())
	if err != nil {
		return unavailable(err)
	}
	if o.asJSON {
		return writeJSON(out, seen)
	}
	return seen.show(out, width, 0, colour(out))
}

// watcher connects to what is to be watched.
func (o *topOptions) watcher(c *cobra.Command, loaded *config.Config, network *router.Network) (*watcher, error) {
	urls := o.urls
	if len(urls) == 0 {
		url, err := httpOf(c, o.nats.file)
		if err != nil {
			return nil, err
		}
		urls = []string{url}
	}
	if _, err := daysOf(network, o.day, time.Now()); err != nil {
		return nil, err
	}
	conn, err := o.nats.connect(c, loaded)
	if err != nil {
		return nil, err
	}
	w := &watcher{conn: conn, network: network, urls: urls, day: o.day, refold: router.NewRefold(), next: 1}
	if w.journal, err = conn.Journal(c.Context()); err != nil {
		return nil, errors.Join(err, conn.Close(c.Context()))
	}
	return w, nil
}

// sleep waits, unless ctx ends first.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
