package main

import (
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/router"
)

func reopenCommand() *cobra.Command {
	var f deskFlags
	var asJSON bool
	c := &cobra.Command{
		Use:   "reopen SITE[/LANE]",
		Short: "Open what 'nearlane close' has closed",
		Long: `Reopen takes back what 'nearlane close' has said of the same site or lane, for
all days. Orders that found no way in the meantime are not tried again, but for
those that wait for room.

Exit codes: 0 it is open, 64 no such site or lane, 69 NATS is unreachable.`,
		Example: `  nearlane reopen kallio
  nearlane reopen kallio/bike
  nearlane reopen kallio --json | jq '.stillClosed[].lane'`,
		Args: exactly(1, "a site, or a lane as SITE/LANE"),
		RunE: func(c *cobra.Command, args []string) error {
			desk, err := f.open(c)
			if err != nil {
				return err
			}
			defer desk.close(c.Context())
			told, err := reopen(c, desk, f.file, args[0])
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), told)
			}
			return told.show(c.OutOrStdout())
		},
	}
	f.add(c)
	c.Flags().BoolVar(&asJSON, "json", false, "what was opened, and what of the site stays closed, as JSON")
	return c
}

// reopened is what reopen tells.
type reopened struct {
	target string
	Opened []router.Closure `json:"opened"`      // those taken back
	Still  []router.Closure `json:"stillClosed"` // of the same site
}

func reopen(c *cobra.Command, desk *desk, file, target string) (*reopened, error) {
	site, lane, err := parseTarget(target)
	if err != nil {
		return nil, err
	}
	list, err := desk.closures(c.Context())
	if err != nil {
		return nil, err
	}
	told := &reopened{target: target}
	told.Opened, told.Still = apart(list, target)
	told.Still = slices.DeleteFunc(told.Still, func(c router.Closure) bool { return c.Site != site })
	if len(told.Opened) > 0 {
		return told, desk.change(c.Context(), func(list []router.Closure) []router.Closure {
			_, rest := apart(list, target)
			return rest
		})
	}
	switch known, err := desk.knows(c.Context(), file, site, lane); {
	case err != nil:
		return nil, err
	case !known:
		return nil, desk.unknown(target)
	}
	return told, nil
}

func (r *reopened) show(w io.Writer) error {
	text := fmt.Sprintf("%s is open again. Every router follows within seconds.\n", r.target)
	if len(r.Opened) == 0 {
		text = fmt.Sprintf("%s was not closed by hand.\n", r.target)
	}
	for i := range r.Still {
		text += fmt.Sprintf("%s stays closed: %s\n", r.Still[i].Target(), r.Still[i].Days())
	}
	_, err := fmt.Fprint(w, text)
	return err
}

// apart parts the closures of a target from the rest.
func apart(list []router.Closure, target string) (of, rest []router.Closure) {
	rest = slices.DeleteFunc(slices.Clone(list), func(c router.Closure) bool { return c.Target() == target })
	of = slices.DeleteFunc(slices.Clone(list), func(c router.Closure) bool { return c.Target() != target })
	return of, rest
}
