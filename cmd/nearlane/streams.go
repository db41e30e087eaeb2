package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
)

func streamsCommand() *cobra.Command {
	show := streamsShowCommand()
	c := &cobra.Command{
		Use:     "streams [show|apply]",
		Short:   "Hold streams, buckets and durables to what they should be, and put them right",
		Long:    show.Long,
		Example: show.Example,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())}
			}
			return nil
		},
		RunE: show.RunE,
	}
	c.Flags().AddFlagSet(show.Flags())
	c.AddCommand(show, streamsApplyCommand())
	return c
}

func streamsShowCommand() *cobra.Command {
	var nats natsFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "show [-c FILE]",
		Short: "Show what the streams should be beside what they are",
		Long: `Show lists every stream, bucket and durable that routers need, each setting that
they compare, and where one is missing or differs what it should be. The sizes
of streams, their placement, compression and the like are nobody's business but
yours. It changes nothing.

Exit codes: 0 all is as it should be, 2 something differs, 69 NATS is not
reachable.`,
		Example: `  nearlane streams -c nearlane.yaml
  nearlane streams show --json | jq '.[] | select(.missing)'
  nearlane streams apply`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			m, err := openMending(c, &nats)
			if err != nil {
				return err
			}
			defer m.close(c.Context())
			parts, err := m.parts(c.Context())
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(c.OutOrStdout(), parts)
			} else {
				err = showParts(c.OutOrStdout(), parts)
			}
			if err == nil && !allWell(parts) {
				fmt.Fprintln(c.ErrOrStderr(), "'nearlane streams apply' puts it right")
				err = silentError{exitFindings}
			}
			return err
		},
	}
	nats.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "every setting as JSON")
	return c
}

// mending is the work on the streams of a config.
type mending struct {
	config *config.Config
	conn   *stream.Conn
	stop   func() // of a server that was started for it
}

// openMending connects to the NATS of a config whatever its streams are like.
// An embedded one that no router runs is started for as long as it takes: with
// streams that differ no router would.
func openMending(c *cobra.Command, nats *natsFlags) (*mending, error) {
	loaded, err := loadConfig(c, nats.file)
	if err != nil {
		return nil, err
	}
	m := &mending{config: loaded, stop: func() {}}
	var url string
	if nats.url != "" || !loaded.NATS.URL.Empty() {
		url, _, err = nats.server(&loaded.NATS)
	} else {
		url, m.stop, err = app.StartNATS(loaded)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, codedError{exitUnavailable, fmt.Errorf("there is no NATS in %s yet: 'nearlane run' makes it, and its streams", loaded.DataDir)}
		}
	}
	if err != nil {
		return nil, err
	}
	if m.conn, err = stream.Connect(c.Context(), stream.Options{URL: url, Name: c.CommandPath()}); err != nil {
		m.stop()
		return nil, err
	}
	fmt.Fprintf(c.ErrOrStderr(), "NATS %s, config %s\n", m.conn.Server(), nats.file)
	return m, nil
}

func (m *mending) close(ctx context.Context) {
	_ = m.conn.Close(context.WithoutCancel(ctx))
	m.stop()
}

func (m *mending) parts(ctx context.Context) ([]stream.Part, error) {
	return m.conn.Parts(ctx, app.StreamSettings(m.config), app.Durables())
}

func allWell(parts []stream.Part) bool {
	for i := range parts {
		if !parts[i].Well() {
			return false
		}
	}
	return true
}

// showParts writes a line for each part and setting, without those that are off
// and should be.
func showParts(w io.Writer, parts []stream.Part) error {
	for i := range parts {
		p := &parts[i]
		word := "ok"
		switch {
		case p.Missing:
			word = "missing"
		case !p.Well():
			word = "differs"
		}
		if _, err := fmt.Fprintf(w, "%s: %s\n", p.Name, word); err != nil {
			return err
		}
		for j := range p.Settings {
			s := &p.Settings[j]
			switch {
			case p.Missing && !off(s.Want):
				fmt.Fprintf(w, "  %-24s should be %s\n", s.Name, s.Want)
			case p.Missing:
			case s.Differs():
				fmt.Fprintf(w, "! %-24s is %s, should be %s\n", s.Name, plain(s.Is), s.Want)
				tellBounds(w, s)
			case !off(s.Want):
				fmt.Fprintf(w, "  %-24s %s\n", s.Name, s.Want)
			}
		}
	}
	return nil
}

// tellBounds says what stands against a change.
func tellBounds(w io.Writer, s *stream.Setting) {
	if s.ByHand != "" {
		fmt.Fprintf(w, "  %-24s > by hand: %s\n", "", s.ByHand)
	}
	if s.Drops > 0 {
		fmt.Fprintf(w, "  %-24s > would remove messages, %d or more: %s\n", "", s.Drops, plain(s.Why))
	}
}

func off(value string) bool { return value == "false" || value == "0" || value == "-1" }
