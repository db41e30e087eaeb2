package main

import (
	"context"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/app"
	"github.com/nearlane/nearlane/event/stream"
	"github.com/nearlane/nearlane/lanes/ledger"
)

// lookAtCompany finds routers that run with another Redis or digest key than
// the config's: they and a router with this config must not run together.
func (d *doctor) lookAtCompany(ctx context.Context, conn *stream.Conn) {
	const check, do = "one redis, one key", "give all the same redis.url and secrets.orderDigest: docs/ops.md, One Redis, one key"
	if d.config == nil || d.config.Redis.URL.Reveal() == "" || d.config.OrderDigestKey.Reveal() == "" {
		return // a process with an in-process Redis has a NATS of its own
	}
	routers, err := conn.Presence().List(ctx)
	if err != nil || len(routers) == 0 {
		return // said already
	}
	counts, err := ledger.Open(ctx, ledger.Options{URL: d.config.Redis.URL.Reveal(), Now: time.Now, Log: zap.NewNop()})
	if err != nil {
		return // Redis has a check of its own
	}
	defer counts.Close()
	key := app.Fingerprint([]byte(d.config.OrderDigestKey.Reveal()))
	strangers, err := app.Strangers(ctx, routers, key, counts.Cache())
	if err != nil {
		d.warn(check, do, "whether the routers share it is not known: %v", err)
		return
	}
	for _, s := range strangers {
		if s.OtherKey {
			d.fail(check, do, "router %s has digest key %s, the config has %s (fingerprints)", s.Router, s.DigestKey, key)
			continue
		}
		d.fail(check, do, "router %s runs on Redis %s, and its mark is not in %s", s.Router, s.Redis, counts.Where())
	}
	if len(strangers) == 0 {
		d.ok(check, "all that run share those of the config")
	}
}
