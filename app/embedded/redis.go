package embedded

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
)

// expiryInterval is how often Run looks at the clock. Correctness never rests
// on an expiry, and each look visits all keys.
const expiryInterval = time.Minute

// RedisOptions says by which clock keys expire.
type RedisOptions struct {
	Clock func() time.Time
}

// RedisServer is a Redis-compatible server on a loopback socket, for one
// process. It keeps nothing: its memory is a new history at each start, to be
// rebuilt from the journal.
type RedisServer struct {
	server  *miniredis.Miniredis
	history string
	clock   func() time.Time

	mu   sync.Mutex
	seen time.Time // up to when keys have expired
}

// Redis starts a server on a free loopback port. The error is
// ErrUnavailable.
func Redis(opts RedisOptions) (*RedisServer, error) {
	s := &RedisServer{
		server:  miniredis.NewMiniRedis(),
		history: rand.Text(),
		clock:   opts.Clock,
		seen:    opts.Clock(),
	}
	if err := s.server.StartAddr("127.0.0.1:0"); err != nil {
		return nil, fmt.Errorf("start redis-compatible server: %w: %w", ErrUnavailable, err)
	}
	return s, nil
}

// URL is where a client in this process connects to.
func (s *RedisServer) URL() string { return "redis://" + s.server.Addr() }

// History identifies this memory, from this start to the next.
func (s *RedisServer) History() string { return s.history }

// Run lets keys expire by the clock until ctx is done. The server never does
// so by itself.
func (s *RedisServer) Run(ctx context.Context) error {
	ticker := time.NewTicker(expiryInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			s.Expire()
		}
	}
}

// Expire removes the keys whose time has come by the clock. A key may go early
// by as much as passed between the last look and its making, which is why
// holds and counters outlive their slots by far more than that.
func (s *RedisServer) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	if passed := now.Sub(s.seen); passed > 0 {
		s.server.FastForward(passed)
		s.seen = now
	}
}

// Wipe forgets everything, as FLUSHALL does.
func (s *RedisServer) Wipe() { s.server.FlushAll() }

// Close ends all connections and forgets everything.
func (s *RedisServer) Close() { s.server.Close() }
