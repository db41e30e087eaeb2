package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

func auditCommand() *cobra.Command {
	var nats natsFlags
	var asJSON, repair bool
	var clock string
	c := &cobra.Command{
		Use:   "audit -c FILE [--repair]",
		Short: "Check the journal: every order decided once, no slot oversold, no room wasted",
		Long: `Audit reads the whole of ORDERS and of the journal and checks what has to
hold: one chain of decisions per order, at most one live dispatch, no slot over
its limit. It plans every unroutable order again, at the instant of its
decision, and names those that an option had room for. It changes nothing.

An order that came within the last minute (twice AckWait) may be in hand: it is
counted and fails nothing. What was refused is told from what is on REJECTED.
Slots that orders stand on and that this config does not have are named.

With --repair it first does by hand what routers do all the time: it ends holds
in Redis that nobody came back for, and settles what Redis lacks of the journal
or has too much. That is safe beside running routers too.

Exit codes: 0 all holds, 1 something does not.`,
		Example: `  nearlane audit -c nearlane.yaml
  nearlane audit -c nearlane.yaml --repair
  nearlane audit -c nearlane.yaml --json | jq .breaches`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			loaded, network, err := loadNetwork(c, nats.file)
			if err != nil {
				return err
			}
			conn, err := nats.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(c.Context())
			var found auditResult
			if repair {
				if found.Repaired, err = repairRedis(c, loaded, conn, network, clock); err != nil {
					return err
				}
			}
			now, err := clockFrom(clock)
			if err != nil {
				return err
			}
			if found.Audit, err = app.RunAudit(c.Context(), conn, network, now()); err != nil {
				return err
			}
			if asJSON {
				err = json.NewEncoder(c.OutOrStdout()).Encode(found)
			} else {
				err = writeAudit(c.OutOrStdout(), found)
			}
			if err == nil && !found.Holds() {
				err = silentError{exitFailed}
			}
			return err
		},
	}
	nats.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "the findings as one JSON object")
	c.Flags().BoolVar(&repair, "repair", false, "set Redis right first, where it is not what the journal says")
	clockFlag(c, &clock)
	return c
}

// auditResult is what an audit found, and repaired before if it was asked to.
type auditResult struct {
	*app.Audit
	Repaired *app.Repairs `json:"repaired,omitempty"`
}

func repairRedis(c *cobra.Command, loaded *config.Config, conn *stream.Conn, network *router.Network, clock string) (*app.Repairs, error) {
	now, err := clockFrom(clock)
	if err != nil {
		return nil, err
	}
	log, err := newLog(c.ErrOrStderr(), "warn")
	if err != nil {
		return nil, err
	}
	repaired, err := app.Repair(c.Context(), loaded, conn, network, now, log)
	if errors.Is(err, app.ErrInProcess) {
		return nil, usageError{err}
	}
	return repaired, err
}

func writeRepairs(w io.Writer, r *app.Repairs) {
	fmt.Fprintf(w, "stray holds: %d, ended by a void %d, by a renewal %d, verified %d\n", r.Strays, r.Voided, r.Renewed, r.Verified)
	fmt.Fprintf(w, "holds compared with the journal: %d, decisions that redis lacked: %d\n", r.Compared, r.Drift)
}

func writeAudit(w io.Writer, a auditResult) error {
	if a.Repaired != nil {
		writeRepairs(w, a.Repaired)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	counts := func(title string, of map[string]int) {
		if len(of) > 0 {
			fmt.Fprintf(t, "%s\n", title)
		}
		for _, name := range slices.Sorted(maps.Keys(of)) {
			fmt.Fprintf(t, "  %s\t%d\n", cell(name, idWidth), of[name])
		}
	}
	fmt.Fprintf(t, "orders\t%d\n", a.Orders)
	fmt.Fprintf(t, "refused messages\t%d\n", a.Refused)
	if a.Missing > 0 {
		fmt.Fprintf(t, "missing of the journal\t%d messages\n", a.Missing)
	}
	fmt.Fprintf(t, "slots claimed from\t%d, %d of them full\n", a.Slots, a.FullSlots)
	counts("outcomes", a.Outcomes)
	counts("dispatched by", a.Lanes)
	counts("unroutable for", a.Reasons)
	if err := t.Flush(); err != nil {
		return err
	}
	lists := []struct {
		title string
		count int
		of    []string
	}{
		{"broken invariants", a.Breached, a.Breaches},
		{"orders without a decision", a.Undecided, a.UndecidedOrders},
		{"unroutable though there was room", a.Wasted, a.WastedOrders},
		{"messages of ORDERS under the id of another", a.ForeignIDs, a.ForeignIDMessages},
	}
	for _, l := range lists {
		fmt.Fprintf(w, "%s: %d\n", l.title, l.count)
		for _, one := range l.of {
			fmt.Fprintf(w, "  %s\n", cell(one, 2*lastWidth))
		}
	}
	for i := range a.Hidden {
		fmt.Fprintf(w, "promised under another config, and counted with nothing of this one: %s\n", app.TellHidden(&a.Hidden[i]))
	}
	if a.InHand > 0 {
		fmt.Fprintf(w, "not decided yet, in hand: %d\n", a.InHand)
	}
	if a.OtherRevision > 0 {
		fmt.Fprintf(w, "not planned again, decided under another config: %d\n", a.OtherRevision)
	}
	return nil
}
