package app

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/router"
)

// archive keeps what it takes to build a network again under its revision, so
// that a decision can be planned again with the very config it was made with.
func archive(ctx context.Context, store *stream.ConfigStore, c *config.Config, n *router.Network) error {
	bundle, err := c.Bundle().Blanked().Encode()
	if err != nil {
		return err
	}
	if err := store.Archive(ctx, c.Revision, bundle); err != nil {
		return fmt.Errorf("archive config %s: %w", c.Revision, err)
	}
	closures, err := router.EncodeClosures(n.Closures())
	if err != nil {
		return err
	}
	if err := store.ArchiveClosed(ctx, n.Revision, closures); err != nil {
		return fmt.Errorf("archive closures of %s: %w", n.Revision, err)
	}
	return nil
}

// Archived is the config that a router has archived under a revision, and the
// network of that revision, with what staff had closed then. Both are nil if
// the archive has no such revision, or if there are findings of severity Error:
// a gazetteer that is not there, or is another one now.
func Archived(ctx context.Context, store *stream.ConfigStore, revision string, o config.Options) (*config.Config, *router.Network, config.Findings, error) {
	data, found, err := store.Revision(ctx, revision)
	if err != nil || !found {
		return nil, nil, nil, err
	}
	bundle, err := config.DecodeBundle(data)
	if err != nil {
		return nil, nil, nil, err
	}
	loaded, findings := config.LoadBundle(bundle, o)
	if loaded == nil {
		return nil, nil, findings, nil
	}
	network, err := router.Build(loaded)
	if err != nil {
		return nil, nil, findings, err
	}
	if data, _, err = store.Closed(ctx, revision); err != nil {
		return nil, nil, findings, err
	}
	closures, err := router.DecodeClosures(data)
	if err != nil {
		return nil, nil, findings, err
	}
	return loaded, network.WithClosures(closures), findings, nil
}
