package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event/stream"
)

// followPush takes the config of the last push. Without one, the file's stays.
func (k *keeper) followPush(ctx context.Context, r *Reloaded) error {
	push, found, err := k.lastPush(ctx)
	if err != nil || !found {
		return err
	}
	k.push = push.Sequence
	loaded, err := k.pushed(ctx, push, r)
	if err != nil {
		return fmt.Errorf("push of %s by %s: %w", push.Revision, push.By, err)
	}
	return k.take(ctx, loaded, fromPush)
}

func (k *keeper) lastPush(ctx context.Context) (push stream.Push, found bool, err error) {
	k.bounded(ctx, func(ctx context.Context) { push, found, err = k.store.Current(ctx) })
	return push, found, err
}

// pushed is the config of a push, with the servers, folders and secrets of
// this process: those are no part of a network.
func (k *keeper) pushed(ctx context.Context, push stream.Push, r *Reloaded) (*config.Config, error) {
	var data []byte
	var found bool
	var err error
	k.bounded(ctx, func(ctx context.Context) { data, found, err = k.store.Revision(ctx, push.Revision) })
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, errors.New("the store does not have it any more")
	}
	bundle, err := config.DecodeBundle(data)
	if err != nil {
		return nil, err
	}
	loaded, findings := config.LoadBundle(bundle, config.Options{Dir: filepath.Dir(k.Path)})
	r.Findings = findings
	if loaded == nil {
		return nil, findings.Err()
	}
	if loaded.Network != k.own.Network && !push.Force {
		return nil, fmt.Errorf("it is of another network, %s, and this router was started for %s: a push of it takes --force", loaded.Network, k.own.Network)
	}
	k.ownServers(loaded)
	if what := fixed(k.own, loaded); len(what) > 0 {
		return nil, fmt.Errorf("changed, and takes a restart with the same in the router's own file: %s", strings.Join(what, ", "))
	}
	return loaded, nil
}

// ownServers gives a config what belongs to this process and is no part of the
// network's revision.
func (k *keeper) ownServers(c *config.Config) {
	c.NATS, c.Redis.URL, c.DataDir, c.HTTP, c.OrderDigestKey = k.own.NATS, k.own.Redis.URL, k.own.DataDir, k.own.HTTP, k.own.OrderDigestKey
	if c.Geocoder != nil && k.own.Geocoder != nil {
		c.Geocoder.URL, c.Geocoder.UserAgent = k.own.Geocoder.URL, k.own.Geocoder.UserAgent
	}
}

// lookForPush takes a push that is new, and one that was refused once more: the
// gazetteer that it lacked may have come.
func (k *keeper) lookForPush(ctx context.Context) {
	push, found, err := k.lastPush(ctx)
	if err != nil || !found || push.Sequence == k.push && k.refused == "" {
		return
	}
	again := push.Sequence == k.push
	r := Reloaded{Was: k.network.Revision}
	switch err := k.followPush(ctx, &r); {
	case again && err != nil && err.Error() == k.refused: // said already
	default:
		k.outcome(r, err)
	}
}
