package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event/stream"
)

func configLogCommand() *cobra.Command {
	var nats natsFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "log",
		Short: "List what was pushed, and who runs it",
		Long: `Log lists the last 64 pushes, newest first, with the routers that run each now,
and those that run something else, with the reason.

Exit codes: 0 ok, 69 NATS is unreachable.`,
		Example: `  nearlane config log
  nearlane config log --json | jq -r '.pushes[0].revision'`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			loaded, err := nats.config(c)
			if err != nil {
				return err
			}
			conn, err := nats.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(c.Context()))
			pushes, err := conn.Config().Log(c.Context())
			if err != nil {
				return pushError(err)
			}
			routers, err := conn.Presence().List(c.Context())
			if err != nil {
				return pushError(err)
			}
			log := pushLog{pushes, routers}
			if asJSON {
				return writeJSON(c.OutOrStdout(), log)
			}
			return log.show(c.OutOrStdout())
		},
	}
	nats.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "pushes and routers as JSON")
	return c
}

// pushLog is what was pushed and who runs what, newest first.
type pushLog struct {
	Pushes  []stream.Push     `json:"pushes"`
	Routers []stream.Presence `json:"routers"`
}

func (l *pushLog) show(w io.Writer) error {
	if len(l.Pushes) == 0 {
		fmt.Fprintln(w, "nothing was pushed yet")
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	told := map[string]bool{}
	if len(l.Pushes) > 0 {
		fmt.Fprintln(t, "PUSHED\tREVISION\tBY\tRUN BY\tMESSAGE")
	}
	for _, p := range l.Pushes {
		var names []string
		for _, r := range l.Routers {
			if runs(r, p.Revision) && !told[r.Router] {
				told[r.Router] = true
				names = append(names, r.Router)
			}
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\n", p.At.Format(time.RFC3339), cell(p.Revision, codeWidth), cell(p.By, idWidth),
			cell(cmp.Or(strings.Join(names, " "), "-"), idWidth), cell(cmp.Or(p.Message, "-"), lastWidth))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, r := range l.Routers {
		var err error
		switch {
		case r.Error != "":
			_, err = fmt.Fprintf(w, "%s runs %s, and has refused: %s\n", cell(r.Router, idWidth), cell(r.Revision, codeWidth), cell(r.Error, 2*lastWidth))
		case !told[r.Router]:
			_, err = fmt.Fprintf(w, "%s runs %s, which was not pushed\n", cell(r.Router, idWidth), cell(r.Revision, codeWidth))
		case !r.Follows:
			_, err = fmt.Fprintf(w, "%s does not follow: start it with --follow\n", cell(r.Router, idWidth))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
