package embedded_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/redis/go-redis/v9"
)

func startRedis(t *testing.T, now *time.Time) (*embedded.RedisServer, *redis.Client) {
	t.Helper()
	s, err := embedded.Redis(embedded.RedisOptions{Clock: func() time.Time { return *now }})
	if err != nil {
		t.Fatalf("start: %v", err)
	}
	t.Cleanup(s.Close)
	o, err := redis.ParseURL(s.URL())
	if err != nil {
		t.Fatalf("parse %s: %v", s.URL(), err)
	}
	client := redis.NewClient(o)
	t.Cleanup(func() { client.Close() })
	return s, client
}

func TestRedisListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_785_500_000, 0)
	s, _ := startRedis(t, &now)
	host, _, err := net.SplitHostPort(strings.TrimPrefix(s.URL(), "redis://"))
	if err != nil || host != "127.0.0.1" {
		t.Errorf("URL: got %s (%v), want a port of 127.0.0.1", s.URL(), err)
	}
}

func TestRedisHistoryIsNewAtEachStart(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_785_500_000, 0)
	a, _ := startRedis(t, &now)
	b, _ := startRedis(t, &now)
	if a.History() == "" || a.History() == b.History() {
		t.Errorf("histories: got %q and %q, want two different ones", a.History(), b.History())
	}
}

func TestRedisKeysExpireByTheClock(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_785_500_000, 0)
	s, client := startRedis(t, &now)
	ctx := context.Background()
	for key, ttl := range map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "always": 0} {
		if err := client.Set(ctx, key, 1, ttl).Err(); err != nil {
			t.Fatalf("set %s: %v", key, err)
		}
	}
	present := func() int64 {
		n, err := client.Exists(ctx, "hour", "day", "always").Result()
		if err != nil {
			t.Fatalf("exists: %v", err)
		}
		return n
	}
	for _, step := range []struct {
		passes time.Duration
		want   int64
	}{
		{0, 3}, {59 * time.Minute, 3}, {time.Minute, 2}, {-time.Hour, 2}, {23 * time.Hour, 2}, {time.Hour, 1},
	} {
		now = now.Add(step.passes)
		s.Expire()
		if got := present(); got != step.want {
			t.Errorf("at %s: got %d keys, want %d", now.UTC().Format(time.TimeOnly), got, step.want)
		}
	}
	s.Wipe()
	if got := present(); got != 0 {
		t.Errorf("after Wipe: got %d keys, want 0", got)
	}
}
