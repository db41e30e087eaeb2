package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/lint"
)

// check is what the flags of the command say.
type check struct {
	file   string
	format string
	asJSON bool
	at     string
	nats   natsFlags
	live   string // against which router: "live", or where it serves HTTP
	rules  bool
}

func checkCommand() *cobra.Command {
	var k check
	c := &cobra.Command{
		Use:   "check [-c] [FILE]",
		Short: "Find every mistake in a config",
		Long: `Check loads a config and builds the real network from it. It prints every
mistake with its line, and what to do about it; where the file is no YAML, the
first one only. If there is none, it goes on to what the author will not have
meant: catchments with holes, blocks that no order can catch, cut-offs after
the last block, holidays of last year. docs/lint.md lists all codes.

With --against live it also asks the router that runs beside the file, and the
journal, whether live orders stand on anything that the file no longer has: a
reload would be refused.

Formats: text for people, json, github for annotations in a workflow of GitHub
Actions, sarif (2.1.0) for code scanners.

Exit codes: 0 no findings, or notes only, 2 warnings, 69 nobody answers
--against, 78 mistakes.`,
		Example: `  nearlane check nearlane.yaml
  nearlane check --json nearlane.yaml | jq '.[].code'
  nearlane check --format sarif nearlane.yaml > nearlane.sarif
  nearlane check --against live nearlane.yaml
  nearlane check --rules`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 1 || len(args) == 1 && c.Flags().Changed("config") {
				return exactly(1, "one config file")(c, make([]string, 2))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 1 {
				k.file = args[0]
			}
			return k.run(c)
		},
	}
	configFlag(c, &k.file)
	f := c.Flags()
	f.StringVar(&k.format, "format", "text", "text, json, github or sarif")
	f.BoolVar(&k.asJSON, "json", false, "findings as a JSON array, as --format json")
	f.StringVar(&k.at, "at", "", "judge dates and hours as of this instant (RFC 3339; default: now)")
	f.StringVar(&k.live, "against", "", "live, or where a running router serves HTTP: would it take this config now?")
	f.StringVar(&k.nats.url, "nats", "", "the NATS server for --against (default: the one of the config)")
	f.BoolVar(&k.rules, "rules", false, "list the codes of all findings instead")
	return c
}

func (k *check) run(c *cobra.Command) error {
	if k.asJSON && c.Flags().Changed("format") && k.format != "json" {
		return usageError{fmt.Errorf("--json and --format %s exclude each other", k.format)}
	}
	if k.asJSON {
		k.format = "json"
	}
	write := findingFormats[k.format]
	if write == nil {
		return usageError{fmt.Errorf("--format %s: want text, json, github or sarif", k.format)}
	}
	if k.rules {
		return writeRules(c.OutOrStdout(), k.format)
	}
	now := time.Now()
	if k.at != "" {
		var err error
		if now, err = instant("--at", k.at); err != nil {
			return err
		}
	}
	return k.judge(c, write, now)
}

// judge looks through the config and ends with the exit code of the gravest
// finding.
func (k *check) judge(c *cobra.Command, write func(io.Writer, config.Findings) error, now time.Time) error {
	loaded, findings, err := load(c.Context(), k.file)
	if err != nil {
		return err
	}
	if loaded != nil {
		findings = findings.Merge(lint.Lint(loaded, now))
	}
	if loaded != nil && k.live != "" {
		hidden, err := k.against(c, loaded, now)
		if err != nil {
			return err
		}
		findings = append(findings, hidden...)
	}
	if err := write(c.OutOrStdout(), findings); err != nil {
		return err
	}
	if findings.Errors() == 1 && k.format == "text" {
		return silentError{exitConfig} // it stands there
	}
	if loaded == nil || findings.Errors() > 0 {
		return codedError{exitConfig, findings.Err()}
	}
	network, err := router.Build(loaded)
	if err != nil {
		return codedError{exitConfig, err}
	}
	fmt.Fprintf(c.ErrOrStderr(), "%s: network %s, revision %s: %s\n", k.file, network.Name, network.Revision, network.Size())
	warnings, notes := findings.Count(config.Warning), findings.Count(config.Note)
	if warnings+notes > 0 {
		fmt.Fprintf(c.ErrOrStderr(), "%s: %s, %s\n", k.file, counted(warnings, "warning"), counted(notes, "note"))
	}
	if warnings > 0 {
		return silentError{exitFindings}
	}
	return nil
}

// against finds what the running router would refuse the config for.
func (k *check) against(c *cobra.Command, loaded *config.Config, now time.Time) (config.Findings, error) {
	url := k.live
	if url == liveConfig {
		url = ""
	}
	was, err := liveConfigOf(c, k.file, url)
	if err != nil {
		return nil, err
	}
	nats := k.nats
	nats.file = k.file
	hidden, err := hiddenFrom(c, nats, was, loaded, now)
	return findingsOf(k.file, hidden), err
}

// allRules are the codes of all findings that check prints.
func allRules() []config.Rule { return append(config.Rules(), lint.Rules()...) }

func writeRules(w io.Writer, format string) error {
	switch format {
	case "json":
		return writeJSON(w, allRules())
	case "text":
		for _, r := range allRules() {
			if _, err := fmt.Fprintf(w, "%s (%s)\n%s\n", r.Code, r.Severity, indented(sentence(r.Meaning)+" "+r.Help)); err != nil {
				return err
			}
		}
		return nil
	}
	return usageError{fmt.Errorf("--rules comes as text or json, not as %s", format)}
}

// indented breaks a text into lines that any terminal has room for.
func indented(text string) string {
	const most = 76
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > most {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return "  " + strings.Join(append(lines, line), "\n  ")
}
