package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/redact"
)

func healthcheckCommand() *cobra.Command {
	var file, url string
	var alive bool
	c := &cobra.Command{
		Use:   "healthcheck",
		Short: "Ask a running router whether it is ready",
		Long: `Healthcheck asks /readyz (or, with --alive, /healthz) of a running router, where
http.listen of the config says that it is; without a config, on 127.0.0.1:8480.

Exit codes: 0 ready, 1 not ready, 69 nobody answers.`,
		Example: `  nearlane healthcheck
  nearlane healthcheck --url http://127.0.0.1:8480`,
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if url == "" {
				var err error
				if url, err = httpOf(c, file); err != nil {
					return err
				}
			}
			path := "/readyz"
			if alive {
				path = "/healthz"
			}
			ctx, cancel := context.WithTimeout(c.Context(), 5*time.Second)
			defer cancel()
			request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+path, nil)
			if err != nil {
				return usageError{fmt.Errorf("--url: %w", redact.New(url).Clean(err))}
			}
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				return codedError{exitUnavailable, fmt.Errorf("ask %s: %w", redact.New(url), redact.New(url).Clean(err))}
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
	configFlag(c, &file)
	c.Flags().StringVar(&url, "url", "", "where the router serves HTTP (default: http.listen of the config)")
	c.Flags().BoolVar(&alive, "alive", false, "ask whether the process lives, not whether it is ready")
	return c
}

// httpOf is where a router with the config at file serves HTTP. Without -c, no
// config is fine.
func httpOf(c *cobra.Command, file string) (string, error) {
	flags := natsFlags{file: file}
	loaded, err := flags.config(c)
	if err != nil {
		return "", err
	}
	if loaded == nil {
		loaded = config.Default()
	}
	url, err := doorOf(loaded)
	if err != nil {
		return "", usageError{fmt.Errorf("http.listen of %s: %w: say with --url where it is", file, err)}
	}
	return url, nil
}

// doorOf is where a router with this config serves HTTP to its own machine.
func doorOf(c *config.Config) (string, error) {
	host, port, err := net.SplitHostPort(c.HTTP.Listen)
	switch {
	case err != nil:
		return "", err
	case strings.Trim(port, "0") == "":
		return "", fmt.Errorf("%s is any free port", c.HTTP.Listen)
	case host == "" || net.ParseIP(host).IsUnspecified():
		host = "127.0.0.1" // all addresses of this machine
	}
	return "http://" + net.JoinHostPort(host, port), nil
}
