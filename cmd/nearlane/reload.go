package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/redact"
)

func reloadCommand() *cobra.Command {
	var file, url string
	var asJSON bool
	c := &cobra.Command{
		Use:   "reload [-c FILE]",
		Short: "Have a running router load its config again, and say what came of it",
		Long: `Reload asks a running router of this machine to load its config again: its file
or, if it runs with --follow, the last push. The router is where http.listen of
the config says. What has changed is listed. What is wrong with the config is
shown, and changes nothing.

Exit codes: 0 in force, 69 nobody answers, 78 refused: the old config stays in
force.`,
		Example: `  nearlane reload -c nearlane.yaml
  nearlane reload --url http://127.0.0.1:8480 --json | jq .revision`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if url == "" {
				var err error
				if url, err = httpOf(c, file); err != nil {
					return err
				}
			}
			told, body, err := askReload(c.Context(), strings.TrimSuffix(url, "/"))
			if err != nil {
				return err
			}
			if asJSON {
				_, err = c.OutOrStdout().Write(body)
			} else {
				err = showReload(c.OutOrStdout(), told)
			}
			switch {
			case err != nil:
				return err
			case !told.Taken && asJSON:
				return silentError{exitConfig}
			case !told.Taken:
				return codedError{exitConfig, fmt.Errorf("refused, %s stays in force: %s", told.Revision, told.Error)}
			}
			return nil
		},
	}
	configFlag(c, &file)
	c.Flags().StringVar(&url, "url", "", "where the router serves HTTP (default: http.listen of the config)")
	c.Flags().BoolVar(&asJSON, "json", false, "the router's answer as JSON")
	return c
}

// reloadWait is how long a router may take to load its config.
const reloadWait = time.Minute

// askReload asks the router at url.
func askReload(ctx context.Context, url string) (told app.Reloaded, body []byte, err error) {
	at := redact.New(url)
	ctx, cancel := context.WithTimeout(ctx, reloadWait)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/reload", nil)
	if err != nil {
		return told, nil, usageError{fmt.Errorf("--url: %w", at.Clean(err))}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return told, nil, codedError{exitUnavailable, fmt.Errorf("ask %s: %w\nis the router running? 'nearlane run' starts one", at, at.Clean(err))}
	}
	defer response.Body.Close()
	if body, err = io.ReadAll(response.Body); err != nil {
		return told, nil, codedError{exitUnavailable, fmt.Errorf("ask %s: %w", at, at.Clean(err))}
	}
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusUnprocessableEntity {
		return told, nil, codedError{exitUnavailable, fmt.Errorf("ask %s: %s: %s", at, response.Status, strings.TrimSpace(string(body)))}
	}
	if err := json.Unmarshal(body, &told); err != nil {
		return told, nil, codedError{exitUnavailable, fmt.Errorf("ask %s: %w", at, at.Clean(err))}
	}
	return told, body, nil
}

// showReload tells a person what came of it.
func showReload(w io.Writer, told app.Reloaded) error {
	if _, err := fmt.Fprint(w, told.Findings.Format()); err != nil || !told.Taken {
		return err
	}
	text := fmt.Sprintf("nothing has changed: revision %s stays in force\n", told.Revision)
	if told.Changed {
		text = fmt.Sprintf("in force: revision %s, before %s\n", told.Revision, told.Was)
	}
	for i, change := range told.Changes {
		if i == mostChanges {
			text += fmt.Sprintf("  and %d more\n", len(told.Changes)-i)
			break
		}
		text += fmt.Sprintf("  %s\n", change)
	}
	_, err := fmt.Fprint(w, text)
	return err
}

// mostChanges is how many changes are shown to a person.
const mostChanges = 20
