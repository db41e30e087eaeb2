package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event/stream"
)

func streamsApplyCommand() *cobra.Command {
	var nats natsFlags
	var yes, drop bool
	c := &cobra.Command{
		Use:   "apply [-c FILE] [--yes]",
		Short: "Make what is missing, and change what differs",
		Long: `Apply shows what it would change, asks, and then makes the streams, buckets and
durables that are missing and changes the settings that differ, those alone.
What the server never changes on a stream that stands it names, with what to do
by hand.

A change with which the server would remove messages is not made, and the stream
stays as it is: raise nats.quotas of the config, say, or give
--remove-messages if they are to go.

Routers that run go on, and need no restart for it. An older version of
nearlane does not start on the streams afterwards.

Exit codes: 0 all is as it should be, 1 a change was refused by the server, 2
something still differs or the answer was no, 64 nobody to ask and no --yes, 69
NATS is not reachable.`,
		Example: `  nearlane streams apply -c nearlane.yaml
  nearlane streams apply --yes`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := openMending(c, &nats)
			if err != nil {
				return err
			}
			defer m.close(c.Context())
			before, err := m.parts(c.Context())
			if err != nil {
				return err
			}
			if allWell(before) {
				_, err := fmt.Fprintln(c.OutOrStdout(), "all is as it should be")
				return err
			}
			tellChanges(c.OutOrStdout(), before)
			if !yes {
				if err := agreed(c.InOrStdin(), c.ErrOrStderr()); err != nil {
					return err
				}
			}
			return m.apply(c, drop)
		},
	}
	nats.add(c)
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&drop, "remove-messages", false, "make changes with which the server removes messages, too")
	return c
}

// tellChanges says what apply would do.
func tellChanges(w io.Writer, parts []stream.Part) {
	for i := range parts {
		p := &parts[i]
		if p.Missing {
			fmt.Fprintf(w, "%s: make it\n", p.Name)
			continue
		}
		for j := range p.Settings {
			if s := &p.Settings[j]; s.Differs() {
				fmt.Fprintf(w, "%s: %s from %s to %s\n", p.Name, s.Name, plain(s.Is), s.Want)
				tellBounds(w, s)
			}
		}
	}
}

// agreed asks whether to go on.
func agreed(in io.Reader, out io.Writer) error {
	if f, ok := in.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		return usageError{errors.New("there is no terminal to ask on: say --yes if this is to be done")}
	}
	fmt.Fprint(out, "go on? [y/N] ")
	answer, _ := bufio.NewReader(in).ReadString('\n')
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	fmt.Fprintln(out, "nothing was changed")
	return silentError{exitFindings}
}

// apply makes the changes, and says how it ended.
func (m *mending) apply(c *cobra.Command, drop bool) error {
	ctx, out := c.Context(), c.OutOrStdout()
	refused := false
	err := m.conn.Apply(ctx, app.StreamSettings(m.config), app.Durables(), drop, func(p stream.Part, err error) {
		switch {
		case errors.Is(err, stream.ErrWouldDrop):
			fmt.Fprintf(out, "%s: %v\n", p.Name, err)
		case err != nil:
			refused = true
			fmt.Fprintf(out, "%s: refused: %v\n", p.Name, err)
		case p.Missing:
			fmt.Fprintf(out, "%s: made\n", p.Name)
		default:
			fmt.Fprintf(out, "%s: done\n", p.Name)
		}
	})
	if err != nil {
		return err
	}
	after, err := m.parts(ctx)
	switch {
	case err != nil:
		return err
	case refused:
		return silentError{exitFailed}
	case !allWell(after):
		fmt.Fprintln(out, "still not as it should be:")
		tellChanges(out, after)
		return silentError{exitFindings}
	}
	_, err = fmt.Fprintln(out, "all is as it should be")
	return err
}
