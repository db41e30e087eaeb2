package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
)

func configRollbackCommand() *cobra.Command {
	var f pushFlags
	c := &cobra.Command{
		Use:   "rollback [REVISION]",
		Short: "Have every router follow an earlier revision",
		Long: `Rollback pushes a revision again that was pushed before: the one given, by its
beginning, or else the one before the current. It is built first, with the
gazetteers beside the config file, and judged as a push is.

Exit codes: 0 pushed, 1 somebody else was quicker or said no, 2 it takes
--force, 64 no such revision, 69 NATS is unreachable, 78 it can no longer be
built, or live claims would be out of sight.`,
		Example: `  nearlane config rollback
  nearlane config rollback 4f1c -m "the new catchment sends everything to pasila"`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exactly(1, "one revision, or none")(c, args)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			loaded, err := f.config(c)
			if err != nil {
				return err
			}
			conn, err := f.connect(c, loaded)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(c.Context()))
			log, err := conn.Config().Log(c.Context())
			if err != nil {
				return pushError(err)
			}
			revision, err := earlier(log, strings.Join(args, ""))
			if err != nil {
				return usageError{err}
			}
			rolled, network, findings, err := app.Archived(c.Context(), conn.Config(), revision, config.Options{Dir: filepath.Dir(f.file)})
			fmt.Fprint(c.ErrOrStderr(), findings.Format())
			switch {
			case err != nil:
				return pushError(err)
			case network == nil && len(findings) == 0:
				return codedError{exitConfig, fmt.Errorf("%s is no longer kept", revision)}
			case network == nil:
				return silentError{exitConfig}
			}
			p, err := proposed(conn, f.file, rolled)
			if err != nil {
				return err
			}
			if err := f.judge(c, p); err != nil {
				return err
			}
			if f.message == "" {
				f.message = "rollback to " + revision
			}
			return f.move(c, conn, revision)
		},
	}
	f.add(c)
	return c
}

// earlier finds the revision that is meant: the last pushed one that begins so,
// or the one before the current.
func earlier(log []stream.Push, beginning string) (string, error) {
	if len(log) == 0 {
		return "", fmt.Errorf("nothing was pushed yet")
	}
	found := ""
	for _, p := range log {
		switch {
		case p.Revision == log[0].Revision && beginning == "", !strings.HasPrefix(p.Revision, beginning), p.Revision == found:
		case found == "":
			found = p.Revision
			if beginning == "" {
				return found, nil
			}
		default:
			return "", fmt.Errorf("%s and %s both begin with %q: give more of it", found, p.Revision, beginning)
		}
	}
	if found == "" && beginning == "" {
		return "", fmt.Errorf("no other revision was pushed before %s", log[0].Revision)
	}
	if found == "" {
		return "", fmt.Errorf("no revision that begins with %q was pushed: see 'nearlane config log'", beginning)
	}
	return found, nil
}
