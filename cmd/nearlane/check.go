package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

func checkCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check FILE",
		Short: "Find every mistake in a config",
		Long: `Check loads a config and builds the real network from it. It prints every
mistake with its line, and what to do about it.

Exit codes: 0 no findings, 2 warnings only, 78 mistakes.`,
		Example: `  nearlane check nearlane.yaml
  nearlane check --json nearlane.yaml | jq '.[].code'`,
		Args: exactly(1, "one config file"),
		RunE: func(c *cobra.Command, args []string) error {
			loaded, findings := config.Load(args[0], config.Options{})
			if asJSON {
				encoder := json.NewEncoder(c.OutOrStdout())
				encoder.SetIndent("", "  ")
				if err := encoder.Encode(append(config.Findings{}, findings...)); err != nil {
					return err
				}
			} else {
				fmt.Fprint(c.OutOrStdout(), findings.Format())
			}
			if loaded == nil {
				return codedError{exitConfig, findings.Err()}
			}
			network, err := router.Build(loaded)
			if err != nil {
				return codedError{exitConfig, err}
			}
			fmt.Fprintf(c.ErrOrStderr(), "%s: network %s, revision %s: %s\n", args[0], network.Name, network.Revision, network.Size())
			if len(findings) > 0 {
				return silentError{exitFindings}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "findings as a JSON array")
	return c
}
