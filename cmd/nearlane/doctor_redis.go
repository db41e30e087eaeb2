package main

import (
	"context"
	"fmt"

	"github.com/nearlane/nearlane/lanes/ledger"
)

// fullMemory is the share of maxmemory from which on Redis will soon refuse.
const fullMemory = 0.8

// lookAtRedis examines every server that counts capacity.
func (d *doctor) lookAtRedis(ctx context.Context) {
	const check = "redis"
	if d.where == nil || d.where.RedisErr != nil {
		return // said first of all
	}
	url := d.where.Redis.URL.Reveal()
	if url == "" {
		d.ok(check, "redis.url is not set: capacity is counted inside of 'nearlane run', from the journal")
		return
	}
	servers, err := ledger.Examine(ctx, url)
	if err != nil {
		d.fail(check, "start Redis 7 or later, or set redis.url", "%v", err)
		d.away = true
		return
	}
	for i := range servers {
		d.lookAtServer(&servers[i])
	}
}

// lookAtServer judges one server. What it writes down is for operators to
// choose: the journal has it all, and a rebuild takes seconds.
func (d *doctor) lookAtServer(s *ledger.Examination) {
	check := "redis " + s.Addr
	keeps := "keeps nothing on disk, so a restart is a rebuild"
	switch {
	case s.AOF:
		keeps = "writes an AOF"
	case s.RDB:
		keeps = "saves snapshots"
	}
	room := "no maxmemory"
	share := 0.0
	if s.MaxBytes > 0 {
		share = float64(s.UsedBytes) / float64(s.MaxBytes)
		room = fmt.Sprintf("%.0f %% of %s", 100*share, mebibytes(s.MaxBytes))
	}
	text := fmt.Sprintf("version %s, %s of memory (%s), %s, %s", s.Version, mebibytes(s.UsedBytes), room, keeps, counted(s.Replicas, "replica"))
	switch {
	case s.Refused != nil:
		d.fail(check, "routers do not start on it: CONFIG SET maxmemory-policy noeviction, or Redis 7", "%v", s.Refused)
	case s.Role != "" && s.Role != "master":
		d.fail(check, "let redis.url name the master", "it is a %s: %s", s.Role, text)
	case s.SaveError != "":
		d.warn(check, "see its disk: it refuses writes once it cannot save", "%s; %s", s.SaveError, text)
	case share > fullMemory:
		d.warn(check, "raise maxmemory: a full Redis reserves nothing", "%s", text)
	default:
		d.ok(check, "%s", text)
	}
	d.clock("clock of Redis", "this machine's", s.Ahead, s.Took)
}
