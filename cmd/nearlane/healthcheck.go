package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

func healthcheckCommand() *cobra.Command {
	var url string
	var alive bool
	c := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask a running router whether it is ready",
		Long: `Healthcheck asks /readyz (or, with --alive, /healthz) of a running router.

Exit codes: 0 ready, 1 not ready, 69 nobody answers.`,
		Example: `  nearlane healthcheck
  nearlane healthcheck --url http://127.0.0.1:8480`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			path := "/readyz"
			if alive {
				path = "/healthz"
			}
			ctx, cancel := context.WithTimeout(c.Context(), 5*time.Second)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+path, nil)
			if err != nil {
				return usageError{err}
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				return codedError{exitUnavailable, fmt.Errorf("ask %s: %w", url, err)}
			}
			defer response.Body.Close()
			if _, err := io.Copy(c.OutOrStdout(), io.LimitReader(response.Body, 1<<16)); err != nil {
				return err
			}
			if response.StatusCode != http.StatusOK {
				return silentError{exitFailed}
			}
			return nil
		},
	}
	c.Flags().StringVar(&url, "url", "http://127.0.0.1:8480", "where the router serves HTTP")
	c.Flags().BoolVar(&alive, "alive", false, "ask whether the process lives, not whether it is ready")
	return c
}
