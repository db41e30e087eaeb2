package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/lint"
)

// pushFlags say who pushes, and why.
type pushFlags struct {
	natsFlags
	message, by string
	asJSON      bool
	yes, force  bool
	clock       string
}

func (f *pushFlags) add(c *cobra.Command) {
	f.natsFlags.add(c)
	c.Flags().StringVarP(&f.message, "message", "m", "", "what has changed, and why")
	c.Flags().StringVar(&f.by, "by", "", "who (default: user@host)")
	c.Flags().BoolVar(&f.asJSON, "json", false, "the push as JSON")
	clockFlag(c, &f.clock)
	c.Flags().BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	c.Flags().BoolVar(&f.force, "force", false, "also if it is another network, or most orders would move")
}

func configPushCommand() *cobra.Command {
	var f pushFlags
	c := &cobra.Command{
		Use:   "push [-c FILE] [-m MESSAGE]",
		Short: "Check a config, keep it, and have every router follow it",
		Long: `Push checks the config as 'nearlane check' does, keeps it in NATS under its
revision, and makes it the one that routers with --follow run. It refuses a
config with mistakes, and one that writes a secret out. If somebody else has
pushed in the meantime, nothing is changed.

First it says in a line what would change, and on a terminal it asks. Without
--force it refuses another network than the one that is followed now: one of
another name, one without any of its lanes, or one by which more than half of
the orders of the last 24 hours would go another way (another lane or locker,
another level, or nowhere). What would leave live claims out of sight is refused
in any case: see 'was' and 'retired' in the config.

Exit codes: 0 pushed, 1 somebody else was quicker or said no, 2 it takes
--force, 69 NATS is unreachable, 78 mistakes, or live claims out of sight.`,
		Example: `  nearlane config push -m "kallio reaches further east"
  nearlane config push -c nearlane.yaml --by ci@build-17 --json`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			loaded, bundle, err := pushable(c, f.file)
			if err != nil {
				return err
			}
			conn, err := f.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(c.Context()))
			p, err := proposed(conn, f.file, loaded)
			if err != nil {
				return err
			}
			if err := f.judge(c, p); err != nil {
				return err
			}
			if err := conn.Config().Archive(c.Context(), loaded.Revision, bundle); err != nil {
				return pushError(err)
			}
			return f.move(c, conn, loaded.Revision)
		},
	}
	f.add(c)
	return c
}

// pushable checks a config as check does, and packs it.
func pushable(c *cobra.Command, file string) (*config.Config, []byte, error) {
	loaded, findings, err := load(c.Context(), file)
	if err != nil {
		return nil, nil, err
	}
	if loaded != nil {
		findings = findings.Merge(lint.Lint(loaded, time.Now()))
	}
	fmt.Fprint(c.ErrOrStderr(), findings.Format())
	if loaded == nil {
		return nil, nil, silentError{exitConfig}
	}
	if _, err := router.Build(loaded); err != nil {
		return nil, nil, codedError{exitConfig, err}
	}
	if loaded.Bundle().HoldsSecrets() {
		return nil, nil, codedError{exitConfig, fmt.Errorf("%s writes a secret out, and NATS is no place for it: write \"${NAME}\" or file:PATH", file)}
	}
	data, err := loaded.Bundle().Blanked().Encode()
	return loaded, data, err
}

// move makes a revision the one to follow, on the basis of the push before.
func (f *pushFlags) move(c *cobra.Command, conn *stream.Conn, revision string) error {
	before, found, err := conn.Config().Current(c.Context())
	if err != nil {
		return pushError(err)
	}
	if found && before.Revision == revision {
		fmt.Fprintf(c.ErrOrStderr(), "%s is the revision to follow already\n", revision)
	} else {
		push := stream.Push{Revision: revision, By: f.by, Message: f.message, Force: f.force}
		if push.By == "" {
			push.By = byline()
		}
		if err := conn.Config().Push(c.Context(), push, before.Sequence); err != nil {
			return pushError(err)
		}
		if before, _, err = conn.Config().Current(c.Context()); err != nil {
			return pushError(err)
		}
	}
	if f.asJSON {
		return writeJSON(c.OutOrStdout(), before)
	}
	text := ""
	if routers, err := conn.Presence().List(c.Context()); err == nil {
		text = followers(routers)
	} else { // pushed it is
		fmt.Fprintf(c.ErrOrStderr(), "who follows is not known: %v\n", err)
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s is the revision to follow\n%s", before.Revision, text)
	return err
}

// followers tells which routers will take a push.
func followers(routers []stream.Presence) string {
	text := ""
	for _, p := range routers {
		if p.Follows {
			text += fmt.Sprintf("%s follows\n", cell(p.Router, idWidth))
		} else {
			text += fmt.Sprintf("%s runs its own file: start it with --follow\n", cell(p.Router, idWidth))
		}
	}
	if text == "" {
		return "no router runs\n"
	}
	return text + "'nearlane config log' shows who runs what\n"
}

// pushError says what to do about what NATS says.
func pushError(err error) error {
	switch {
	case errors.Is(err, stream.ErrChanged):
		return codedError{exitFailed, fmt.Errorf("%w: see 'nearlane config log', and push again if it still should be", err)}
	case errors.Is(err, stream.ErrTooLarge):
		return codedError{exitUnavailable, fmt.Errorf("%w: draw its GeoJSON with fewer points, or raise max_payload of the nats-server", err)}
	}
	return err
}
