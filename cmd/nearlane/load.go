package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// load loads a config with all files that it names. Whoever stops meanwhile
// waits for no disk and no large file: what is still read is left behind, and
// ends with the process.
func load(ctx context.Context, file string) (*config.Config, config.Findings, error) {
	return loadWith(ctx, file, config.Options{})
}

func loadWith(ctx context.Context, file string, o config.Options) (*config.Config, config.Findings, error) {
	type outcome struct {
		config   *config.Config
		findings config.Findings
	}
	done := make(chan outcome, 1)
	go func() {
		c, found := config.Load(file, o)
		done <- outcome{c, found}
	}()
	select {
	case loaded := <-done:
		return loaded.config, loaded.findings, nil
	case <-ctx.Done():
		return nil, nil, fmt.Errorf("load %s: %w", file, ctx.Err())
	}
}

// loadConfig loads a config or shows what is wrong with it.
func loadConfig(c *cobra.Command, file string) (*config.Config, error) {
	loaded, findings, err := load(c.Context(), file)
	if err != nil {
		return nil, err
	}
	if len(findings) > 0 {
		fmt.Fprint(c.ErrOrStderr(), findings.Format())
	}
	if loaded == nil {
		return nil, silentError{exitConfig}
	}
	return loaded, nil
}

// loadNetwork is loadConfig, and the network of it.
func loadNetwork(c *cobra.Command, file string) (*config.Config, *router.Network, error) {
	loaded, err := loadConfig(c, file)
	if err != nil {
		return nil, nil, err
	}
	network, err := router.Build(loaded)
	if err != nil {
		return nil, nil, codedError{exitConfig, err}
	}
	return loaded, network, nil
}
