package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
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
	return loadConfig(c, f.file)
}

// connect connects to the NATS server of a config, or of none, and makes sure
// that it has the streams.
func (f *natsFlags) connect(c *cobra.Command, loaded *config.Config) (*stream.Conn, error) {
	var nats *config.NATS
	if loaded != nil {
		nats = &loaded.NATS
	}
	url, by, err := f.server(nats)
	if err != nil {
		return nil, err
	}
	conn, err := stream.Connect(c.Context(), stream.Options{URL: url, Name: c.CommandPath()})
	if errors.Is(err, stream.ErrUnreachable) {
		return nil, fmt.Errorf("%w\nit is looked for there by %s: start it with 'nearlane run', or say with --nats where it is", err, by)
	}
	if err != nil {
		return nil, err
	}
	if _, _, err := conn.Bounds(c.Context(), event.StreamDispatch); err != nil {
		_ = conn.Close(c.Context())
		return nil, codedError{exitUnavailable, fmt.Errorf("%w\n'nearlane run' makes the streams", err)}
	}
	return conn, nil
}

// server is where NATS is, and who says so. All commands go by this one rule:
// --nats, else nats.url of the config, else where the config, or without one the
// default, lets the embedded server listen.
func (f *natsFlags) server(nats *config.NATS) (url, by string, _ error) {
	listen, by := config.Default().NATS.Listen, "the default, for there is no "+f.file
	if nats != nil {
		listen, by = nats.Listen, "nats.listen of "+f.file
	}
	switch _, port, _ := net.SplitHostPort(listen); {
	case f.url != "":
		return f.url, "--nats", nil
	case nats != nil && !nats.URL.Empty():
		return nats.URL.Reveal(), "nats.url of " + f.file, nil
	case strings.Trim(port, "0") == "":
		return "", by, usageError{fmt.Errorf("nats.listen of %s is %s, any free port: say with --nats where NATS is", f.file, listen)}
	}
	return "nats://" + listen, by, nil
}
