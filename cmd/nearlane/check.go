package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

func checkCommand() *cobra.Command {
	var file string
	var asJSON bool
	c := &cobra.Command{
		Use:   "check [-c] [FILE]",
		Short: "Find every mistake in a config",
		Long: `Check loads a config and builds the real network from it. It prints every
mistake with its line, and what to do about it; where the file is no YAML, the
first one only.

Exit codes: 0 no findings, 2 warnings only, 78 mistakes.`,
		Example: `  nearlane check nearlane.yaml
  nearlane check --json nearlane.yaml | jq '.[].code'`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && c.Flags().Changed("config") {
				return exactly(1, "one config file")(c, make([]string, 2))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				file = args[0]
			}
			loaded, findings := config.Load(file, config.Options{})
			if asJSON {
				encoder := json.NewEncoder(c.OutOrStdout())
				encoder.SetIndent("", "  ")
				if err := encoder.Encode(append(config.Findings{}, findings...)); err != nil {
					return err
				}
			} else {
				fmt.Fprint(c.OutOrStdout(), findings.Format())
			}
			if loaded == nil && !asJSON && findings.Errors() == 1 {
				return silentError{exitConfig} // it stands there
			}
			if loaded == nil {
				return codedError{exitConfig, findings.Err()}
			}
			network, err := router.Build(loaded)
			if err != nil {
				return codedError{exitConfig, err}
			}
			fmt.Fprintf(c.ErrOrStderr(), "%s: network %s, revision %s: %s\n", file, network.Name, network.Revision, network.Size())
			if len(findings) > 0 {
				return silentError{exitFindings}
			}
			return nil
		},
	}
	configFlag(c, &file)
	c.Flags().BoolVar(&asJSON, "json", false, "findings as a JSON array")
	return c
}
