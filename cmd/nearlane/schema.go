package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/event"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema [NAME]",
		Short: "Print the JSON Schemas of the wire contract",
		Long:  "Schema lists the JSON Schemas (2020-12) of the wire contract, or prints one of them.",
		Example: `  nearlane schema
  nearlane schema order > order.schema.json`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exactly(1, "at most one name")(c, args)
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			var names []string
			for _, s := range event.Schemas() {
				if len(args) == 0 {
					fmt.Fprintln(c.OutOrStdout(), s.Name)
				} else if s.Name == args[0] {
					_, err := c.OutOrStdout().Write(s.JSON)
					return err
				}
				names = append(names, s.Name)
			}
			if len(args) == 0 {
				return nil
			}
			return usageError{fmt.Errorf("there is no schema %q, only %s", args[0], strings.Join(names, ", "))}
		},
	}
}
