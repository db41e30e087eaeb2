package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// liveConfigOf asks the router that runs beside a config file for the config
// that it serves. Url is where it serves HTTP; empty: where the file says.
func liveConfigOf(c *cobra.Command, file, url string) (*config.Config, error) {
	if url == "" {
		var err error
		if url, err = httpOf(c, file); err != nil {
			return nil, err
		}
	}
	b, err := askBundle(c.Context(), strings.TrimSuffix(url, "/"))
	if err != nil {
		return nil, err
	}
	loaded, findings := config.LoadBundle(b, config.Options{Dir: filepath.Dir(file)})
	if loaded == nil {
		return nil, codedError{exitConfig, fmt.Errorf("read the running config: %w", findings.Err())}
	}
	return loaded, nil
}

// hiddenFrom is what a config would leave out of sight of the claims that stand
// at an instant, in place of another one. The journal is read only if it has to
// be.
func hiddenFrom(c *cobra.Command, nats natsFlags, was, is *config.Config, now time.Time) ([]router.Hidden, error) {
	before, err := router.Build(was)
	if err != nil {
		return nil, codedError{exitConfig, err}
	}
	network, err := router.Build(is)
	if err != nil {
		return nil, codedError{exitConfig, err}
	}
	if len(network.Lacks(before)) == 0 {
		return nil, nil
	}
	conn, err := nats.connect(c, is)
	if err != nil {
		return nil, err
	}
	defer conn.Close(context.WithoutCancel(c.Context()))
	standing, err := app.Standing(c.Context(), conn, now)
	if err != nil {
		return nil, err
	}
	return network.Hides(before, standing), nil
}

// findingsOf are what is hidden, as mistakes of the config.
func findingsOf(file string, hidden []router.Hidden) (list config.Findings) {
	for i := range hidden {
		h := &hidden[i]
		list = append(list, config.Finding{File: file, Path: "$", Code: config.CodeHidden, Severity: config.Error,
			Message: "live claims would be out of sight: " + app.TellHidden(h),
			Hint:    "the same thing under another name: 'was: NAME' with its first name; gone for good: 'retired: [" + h.Path + "]'"})
	}
	return list
}
