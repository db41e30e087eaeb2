package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/redact"
)

// find reads where the servers are, of a config that need not load. Without a
// config, and without one that was asked for, the default is meant, as by every
// other command.
func (d *doctor) find(asked bool) {
	if _, err := os.Stat(d.nats.file); errors.Is(err, fs.ErrNotExist) && !asked {
		return
	}
	w := config.WhereaboutsOf(d.nats.file, config.Options{})
	d.where = &w
}

// server is where NATS is, and who says so; an error if nobody does.
func (d *doctor) server() (url, by string, _ error) {
	switch {
	case d.where == nil:
		return d.nats.server(nil)
	case d.where.NATSErr != nil && d.nats.url == "":
		return "", "", fmt.Errorf("the config does not say which NATS is meant: %w", d.where.NATSErr)
	}
	return d.nats.server(&d.where.NATS)
}

// aim says, first of all, what is looked at. The place of that line is returned:
// whose network is served there is not known yet.
func (d *doctor) aim() (line int) {
	text, state, do := "", stateOK, ""
	url, by, err := d.server()
	if err != nil {
		text, state, do = fmt.Sprintf("no NATS: %v", err), stateFail, "set what it needs, or say with --nats where NATS is"
	} else {
		text = fmt.Sprintf("NATS %s (%s)", redact.New(url), by)
	}
	switch {
	case d.where == nil:
		text += "; no Redis, for there is no config"
	case d.where.RedisErr != nil:
		text += fmt.Sprintf("; no Redis: the config does not say which is meant: %v", d.where.RedisErr)
		state, do = stateFail, cmp.Or(do, "set what it needs")
	case d.where.Redis.URL.Empty():
		text += "; Redis inside of 'nearlane run'"
	default:
		text += fmt.Sprintf("; Redis %s (redis.url of %s)", redact.New(d.where.Redis.URL.Reveal()), d.nats.file)
	}
	d.seen = append(d.seen, observation{"looked at", state, text, do})
	return len(d.seen) - 1
}

// lookAtNetwork tells in the line of aim whose network the routers there serve.
// Another than the config's is a failure: all below is about that one.
func (d *doctor) lookAtNetwork(ctx context.Context, conn *stream.Conn, line int) {
	routers, err := conn.Presence().List(ctx)
	o := &d.seen[line]
	switch {
	case err != nil:
		o.Says += "; whose network is served there is not known"
		return
	case len(routers) == 0:
		o.Says += "; no router serves a network there"
		return
	}
	var served []string
	for _, r := range routers {
		if name := cmp.Or(r.Network, "of a name not told"); !slices.Contains(served, name) {
			served = append(served, name)
		}
	}
	o.Says += "; network " + strings.Join(served, ", ") + " is served there"
	if d.where == nil || d.where.Network == "" {
		return
	}
	for _, r := range routers {
		if r.Network != "" && r.Network != d.where.Network {
			o.Says += fmt.Sprintf(", and %s is network %s", d.nats.file, d.where.Network)
			o.State, o.Do = stateFail, "see whether this NATS is meant: nats.url, or --nats"
			return
		}
	}
}
