package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
)

// natsFlags say where NATS is: --nats, else nats.url of the config, else where
// the config lets the embedded server listen.
type natsFlags struct {
	file string
	url  string
}

func (f *natsFlags) add(c *cobra.Command) {
	configFlag(c, &f.file)
	c.Flags().StringVar(&f.url, "nats", "", "the NATS server (default: the one of the config)")
}

// config loads the config if there is one to load: without -c, no config is
// fine, and then it is nil.
func (f *natsFlags) config(c *cobra.Command) (*config.Config, error) {
	if _, err := os.Stat(f.file); errors.Is(err, fs.ErrNotExist) && !c.Flags().Changed("config") {
		return nil, nil
	}
	return loadConfig(f.file, c.ErrOrStderr())
}

// connect connects to the NATS server of a config, or of none, and makes sure
// that it has the streams.
func (f *natsFlags) connect(c *cobra.Command, loaded *config.Config) (*stream.Conn, error) {
	url, err := f.server(loaded)
	if err != nil {
		return nil, err
	}
	conn, err := stream.Connect(c.Context(), stream.Options{URL: url, Name: c.CommandPath()})
	if errors.Is(err, stream.ErrUnreachable) {
		return nil, fmt.Errorf("%w\nstart it with 'nearlane run', or say with --nats where it is", err)
	}
	if err != nil {
		return nil, err
	}
	if err := conn.Healthy(c.Context()); err != nil {
		_ = conn.Close(c.Context())
		return nil, codedError{exitUnavailable, fmt.Errorf("%w\n'nearlane run' makes the streams", err)}
	}
	return conn, nil
}

func (f *natsFlags) server(loaded *config.Config) (string, error) {
	if loaded == nil {
		loaded = config.Default()
	}
	if url := cmp.Or(f.url, loaded.NATS.URL.Reveal()); url != "" {
		return url, nil
	}
	if _, port, _ := net.SplitHostPort(loaded.NATS.Listen); strings.Trim(port, "0") == "" {
		return "", usageError{fmt.Errorf("nats.listen of %s is %s, any free port: say with --nats where NATS is", f.file, loaded.NATS.Listen)}
	}
	return "nats://" + loaded.NATS.Listen, nil
}
