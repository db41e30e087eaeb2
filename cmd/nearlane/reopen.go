package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/router"
)

func reopenCommand() *cobra.Command {
	var f deskFlags
	c := &cobra.Command{
		Use:   "reopen SITE[/LANE]",
		Short: "Open what 'nearlane close' has closed",
		Long: `Reopen takes back what 'nearlane close' has said of the same site or lane, for
all days. Orders that found no way in the meantime are not tried again, but for
those that wait for room.

Exit codes: 0 it is open, 64 no such site or lane, 69 NATS is unreachable.`,
		Example: `  nearlane reopen kallio
  nearlane reopen kallio/bike`,
		Args: exactly(1, "a site, or a lane as SITE/LANE"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, err := f.open(c)
			if err != nil {
				return err
			}
			defer desk.close(c.Context())
			return reopen(c, desk, f.file, args[0])
		},
	}
	f.add(c)
	return c
}

func reopen(c *cobra.Command, desk *desk, file, target string) error {
	list, err := desk.closures(c.Context())
	if err != nil {
		return err
	}
	site, lane, _ := strings.Cut(target, "/")
	opened, left := apart(list, target)
	if len(opened) == 0 {
		switch known, err := desk.knows(c.Context(), file, site, lane); {
		case err != nil:
			return err
		case !known:
			return desk.unknown(target)
		}
		fmt.Fprintf(c.OutOrStdout(), "%s was not closed by hand.\n", target)
	} else {
		err := desk.change(c.Context(), func(list []router.Closure) []router.Closure {
			_, rest := apart(list, target)
			return rest
		})
		if err != nil {
			return err
		}
		fmt.Fprintf(c.OutOrStdout(), "%s is open again. Every router follows within seconds.\n", target)
	}
	for i := range left {
		if left[i].Site == site {
			fmt.Fprintf(c.OutOrStdout(), "%s stays closed: %s\n", left[i].Target(), left[i].Days())
		}
	}
	return nil
}

// apart parts the closures of a target from the rest.
func apart(list []router.Closure, target string) (of, rest []router.Closure) {
	rest = slices.DeleteFunc(slices.Clone(list), func(c router.Closure) bool { return c.Target() == target })
	of = slices.DeleteFunc(slices.Clone(list), func(c router.Closure) bool { return c.Target() != target })
	return of, rest
}
