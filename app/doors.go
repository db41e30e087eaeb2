package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/console"
)

// listen opens the HTTP door before anything is started, so that a taken port is
// known at once.
func listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &TakenError{Address: address, Setting: "http.listen"}
	}
	if err != nil {
		return nil, fmt.Errorf("serve http on %s: %w: %w", address, embedded.ErrUnavailable, err)
	}
	return l, nil
}

// names are the hosts that the HTTP door goes by: the one it listens on, if that
// has a name, and those of the config.
func (a *App) names() []string {
	return append([]string{a.Config.HTTP.Listen}, a.Config.HTTP.Hosts...)
}

// TakenError means that somebody listens where this process should. It is an
// embedded.ErrUnavailable.
type TakenError struct{ Address, Setting string }

func (e *TakenError) Error() string {
	return e.Address + " is taken: set " + e.Setting + " in the config, or end who listens there"
}

func (e *TakenError) Unwrap() error { return embedded.ErrUnavailable }

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
	if l, err := net.Listen("tcp", a.Config.NATS.Listen); errors.Is(err, syscall.EADDRINUSE) {
		return nil, &TakenError{Address: a.Config.NATS.Listen, Setting: "nats.listen"}
	} else if err == nil {
		_ = l.Close()
	}
	return embedded.NATS(embedded.NATSOptions{
		Dir: filepath.Join(a.Config.DataDir, "nats"), Port: port, SyncAlways: true, Log: a.Log.Named("nats"),
	})
}

// checks are what /readyz asks, each answered truthfully at that moment.
func (a *App) checks() []console.Check {
	return []console.Check{
		{Name: "nats", Ask: a.Conn.Healthy},
		{Name: "orders", Ask: a.Conn.Room},
		{Name: "store", Ask: a.keeper.probe.Ask},
		{Name: "journal", Ask: func(context.Context) error { return a.memory.journal.Damage() }},
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
