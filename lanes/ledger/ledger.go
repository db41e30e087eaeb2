// Package ledger keeps the capacity of every region in Redis: counters of
// slots, and per order the hold that says what it takes from them.
//
// The invariant of every script: each counter is the sum of the live and open
// parts of its region's holds. No script is split, and nothing but the scripts
// of this package writes counters or holds. Redis is a projection of the
// journal: losing it costs a rebuild (Begin, Settle, End), never a decision.
//
// Every call may be made twice, late, or both; the rules S1 to S4 and E1 to E4
// named in comments are those of the capacity protocol.
package ledger

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
)

// day is what a counter outlives its slot plus grace, and the least time that
// a hold is remembered (S4).
const day = 24 * time.Hour

// Options says where the server is and what it cannot say itself.
type Options struct {
	URL   string           // redis:// or rediss://
	Now   func() time.Time // the process's clock
	Grace time.Duration    // how long holds and counters outlive their slots

	// History identifies the memory of an in-process server, which has no
	// INFO: it is made anew at each start, and the server's version and
	// settings are not looked at. Empty for every other server.
	History string

	Log        *zap.Logger
	Registerer prometheus.Registerer
}

// Ledger is safe for concurrent use.
type Ledger struct {
	opts    Options
	log     *zap.Logger
	metrics *metrics

	mu   sync.Mutex
	node *node // replaced as a whole when the server's history changes (E1)
}

// Open connects to the server and refuses one that cannot keep the ledger.
// Errors: ErrUnreachable, ErrTooOld, ErrUnsafe.
func Open(ctx context.Context, opts Options) (*Ledger, error) {
	l := &Ledger{opts: opts, log: opts.Log, metrics: newMetrics(opts.Registerer)}
	if l.log == nil {
		l.log = zap.NewNop()
	}
	n, err := dial(ctx, opts)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	l.node = n
	return l, nil
}

// Close ends all connections.
func (l *Ledger) Close() error {
	return l.current().client.Close()
}

// Ping reports whether the server answers, and under a known history.
func (l *Ledger) Ping(ctx context.Context) error {
	n, err := l.refresh(ctx)
	if err != nil {
		return fmt.Errorf("ping ledger: %w", err)
	}
	if err := n.client.Ping(ctx).Err(); err != nil {
		return fmt.Errorf("ping ledger: %w: %w", ErrUnreachable, err)
	}
	return nil
}

func (l *Ledger) current() *node {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.node
}

// replace makes a new client in the place of old, whose history is over (E1).
// Only the first caller dials.
func (l *Ledger) replace(ctx context.Context, old *node) (*node, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.node != old {
		return l.node, nil
	}
	n, err := dial(ctx, l.opts)
	if err != nil {
		return old, err
	}
	l.log.Warn("capacity server has another history, regions will be rebuilt",
		zap.String("was", old.history), zap.String("is", n.history))
	l.metrics.histories.Inc()
	l.node = n
	// Calls still on the old client fail and are repeated on the new one.
	if err := old.client.Close(); err != nil {
		l.log.Debug("close capacity client", zap.Error(err))
	}
	return n, nil
}

// refresh asks the server itself for its history. It differs from what the
// connections know when the server began a new one without dropping them.
func (l *Ledger) refresh(ctx context.Context) (*node, error) {
	n := l.current()
	if l.opts.History != "" {
		return n, nil
	}
	f, err := readFacts(ctx, n.client)
	if err == nil && f.history() == n.history {
		return n, nil
	}
	if err != nil && !isMoved(err) {
		return n, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	return l.replace(ctx, n)
}
