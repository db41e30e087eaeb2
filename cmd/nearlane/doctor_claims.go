package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// mostRead is how many messages of the journal the doctor reads.
const mostRead = 2_000_000

// lookAtClaims says whether orders stand on anything that the network in force
// does not have: another config promised it, and nothing is compared with it.
func (d *doctor) lookAtClaims(ctx context.Context, conn *stream.Conn) {
	const check, do = "claims", "see 'nearlane audit'; what is gone for good, or is called something else, the config has to say: 'retired', 'was'"
	network := d.inForce(ctx, conn)
	first, last, err := conn.Bounds(ctx, event.StreamDispatch)
	switch {
	case network == nil || err != nil: // told elsewhere
		return
	case last-first > mostRead:
		d.ok(check, "not looked at: the journal has %d messages; 'nearlane audit' reads them", last-first+1)
		return
	}
	standing, err := app.Standing(ctx, conn, d.now)
	if err != nil {
		d.warn(check, "try again: NATS may be busy", "%v", err)
		return
	}
	hidden := network.Hides(nil, standing)
	if len(hidden) == 0 {
		d.ok(check, "all that orders stand on is in config %s", network.Revision)
		return
	}
	for i := range hidden {
		d.warn(check, do, "not in config %s: %s", network.Revision, app.TellHidden(&hidden[i]))
	}
}

// inForce is the network that a router runs, else that of the file; nil: neither
// can be built.
func (d *doctor) inForce(ctx context.Context, conn *stream.Conn) *router.Network {
	if d.config == nil {
		return nil
	}
	network, err := router.Build(d.config)
	if err != nil {
		return nil
	}
	routers, err := conn.Presence().List(ctx)
	if err != nil {
		return network
	}
	for _, r := range routers {
		revision, _, _ := strings.Cut(r.Revision, "+")
		if revision == network.Revision {
			return network
		}
		_, running, _, err := app.Archived(ctx, conn.Config(), revision, config.Options{Dir: filepath.Dir(d.nats.file)})
		if err == nil && running != nil {
			return running
		}
	}
	return network
}
