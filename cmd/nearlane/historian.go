package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
	"github.com/nearlane/nearlane/router/reproduce"
)

// historian brings what old decisions were made from: orders from ORDERS, and
// configs from the store that routers keep them in.
type historian struct {
	conn     *stream.Conn
	store    *stream.ConfigStore
	base     *reproduce.Network // of the config file; nil: there is none
	present  *reproduce.Network // the same with what staff have closed by now
	dir      string             // where gazetteers are, relative to it
	talk     io.Writer
	networks map[string]*reproduce.Network // by revision; nil: nobody knows it
}

func newHistorian(c *cobra.Command, conn *stream.Conn, file string, loaded *config.Config) (*historian, error) {
	h := &historian{conn: conn, store: conn.Config(), dir: filepath.Dir(file), talk: c.ErrOrStderr(), networks: map[string]*reproduce.Network{}}
	if loaded == nil {
		return h, nil
	}
	var err error
	if h.base, err = reproduce.Now(loaded); err != nil {
		return nil, codedError{exitConfig, err}
	}
	present := *h.base
	if present.Network, err = withClosures(c.Context(), conn, h.base.Network); err != nil {
		return nil, unavailable(err)
	}
	h.present = &present
	return h, nil
}

// reproduce makes every decision of a story anew, and explains those that came
// from a plan.
func (h *historian) reproduce(ctx context.Context, story []chapter) error {
	for i := range story {
		c := &story[i]
		input := reproduce.Case{Stored: c.Decision, WrittenAt: c.writtenAt}
		if i > 0 {
			input.Before = story[i-1].Decision
		}
		var then *reproduce.Network
		if reproduce.NotPlanned(input.Stored, input.Before) == "" {
			var err error
			if input.Order, err = h.order(ctx, c.Decision); err != nil {
				return err
			}
			if then, err = h.network(ctx, c.Decision.ConfigRevision); err != nil {
				return err
			}
		}
		report := reproduce.Of(input, then, h.present)
		c.Reproduction = &report
		if report.Again != nil {
			c.Explanation, c.decimals = explain(viewOf(input, then, report.Again)), then.Config.Decimals
		}
	}
	return nil
}

// viewOf looks at a decision as it was made anew: what was chosen had room, and
// what came before it had not.
func viewOf(c reproduce.Case, then *reproduce.Network, again *event.Decision) view {
	v := view{config: then.Config, network: then.Network, order: c.Order, place: then.Relocate(c.Order, c.Stored), now: c.Stored.DecidedAt,
		excluded: router.Exclusions(c.Order, c.Stored), attempt: c.Stored.Attempt, capacity: ofDecision}
	v.room = func(o *router.Option) bool { return !router.ToldFull(c.Stored, &o.Body) }
	if len(again.Consignments) > 0 {
		v.room = func(o *router.Option) bool { return router.SameWay(&o.Body, &again.Consignments[0].Body) }
	}
	return v
}

// order reads the order that a decision is on; nil: ORDERS does not have it.
func (h *historian) order(ctx context.Context, d *event.Decision) (*event.Order, error) {
	subject, data, found, err := h.conn.Order(ctx, d.OrderSequence)
	if err != nil || !found {
		return nil, err
	}
	order, refusal := event.DecodeOrder(subject, data, afterAll)
	if refusal != nil || order.Key() != d.Key() { // of another stream: ORDERS was made anew
		return nil, nil
	}
	return order, nil
}

// network builds the network that had a revision. Where nobody kept its config,
// the one of today stands in, if there is one.
func (h *historian) network(ctx context.Context, revision string) (*reproduce.Network, error) {
	if n, known := h.networks[revision]; known {
		return n, nil
	}
	closures, err := h.closures(ctx, revision)
	if err != nil {
		return nil, err
	}
	var n *reproduce.Network
	if h.base == nil || !h.base.Is(revision) {
		if n, err = h.archived(ctx, revision, closures); err != nil {
			return nil, err
		}
	}
	if n == nil && h.base != nil {
		n = h.base.StandIn(revision, closures)
	}
	h.networks[revision] = n
	return n, nil
}

// archived builds a network from the store; nil: it is not there, or cannot be
// built any more.
func (h *historian) archived(ctx context.Context, revision string, closures []router.Closure) (*reproduce.Network, error) {
	data, found, err := h.store.Revision(ctx, revision)
	if errors.Is(err, stream.ErrNoBucket) || err == nil && !found {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	bundle, err := config.DecodeBundle(data)
	if err != nil {
		return nil, err
	}
	n, err := reproduce.Then(revision, bundle, closures, config.Options{ReadFile: config.ReadFile, Dir: h.dir})
	if err != nil {
		fmt.Fprintf(h.talk, "nearlane: %v\n", err)
		return nil, nil
	}
	return n, nil
}

// closures reads what staff had closed under a revision.
func (h *historian) closures(ctx context.Context, revision string) ([]router.Closure, error) {
	data, found, err := h.store.Closed(ctx, revision)
	if errors.Is(err, stream.ErrNoBucket) || err == nil && !found {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return router.DecodeClosures(data)
}
