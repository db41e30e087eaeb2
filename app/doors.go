package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/console"
)

// listen opens the HTTP door first of all, so that a taken port is known
// before anything else is started.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve http on %s: %w: %w", address, embedded.ErrUnavailable, err)
	}
	return l, nil
}

// startNATS starts the embedded server where the config says that clients
// find it.
func (a *App) startNATS() (*embedded.NATSServer, error) {
	_, text, err := net.SplitHostPort(a.Config.NATS.Listen)
	if err != nil {
		return nil, fmt.Errorf("read nats.listen: %w", err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		return nil, fmt.Errorf("read nats.listen: %w", err)
	}
	return embedded.NATS(embedded.NATSOptions{
		Dir: filepath.Join(a.Config.DataDir, "nats"), Port: port, SyncAlways: true, Log: a.Log.Named("nats"),
	})
}

// checks are what /readyz asks, each answered truthfully at that moment.
func (a *App) checks() []console.Check {
	return []console.Check{
		{Name: "nats", Ask: a.Conn.Healthy},
		{Name: "redis", Ask: a.Ledger.Ping},
		{Name: "router", Ask: func(context.Context) error {
			if ready, why := a.Router.Ready(); !ready {
				return errors.New(why)
			}
			return nil
		}},
	}
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}
