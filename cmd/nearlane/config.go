package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event/stream"
)

func configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Give one config to all routers: push, log, roll back",
		Long: `Config keeps revisions of the config in NATS. Every router that runs with
--follow takes the one that was pushed last, and refuses, with the reason, what
it cannot build or whose gazetteers it lacks; then its old config stays in
force.

A push holds the config file and the GeoJSON files that it names. Gazetteers
are named with their SHA-256 and have to be on every machine. Servers, folders
and secrets stay those of each router's own file.`,
		Example: `  nearlane config push -m "kallio reaches further east"
  nearlane config log
  nearlane config rollback`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{fmt.Errorf("%s wants push, log or rollback\nsee '%s --help'", c.CommandPath(), c.CommandPath())}
			}
			return usageError{fmt.Errorf("unknown command %q for %q", args[0], c.CommandPath())}
		},
	}
	c.AddCommand(configPushCommand(), configLogCommand(), configRollbackCommand())
	return c
}

// runs reports whether a router runs the config of a revision, whatever staff
// have closed.
func runs(p stream.Presence, revision string) bool {
	config, _, _ := strings.Cut(p.Revision, "+")
	return config == revision
}
