// Package ledger keeps the capacity of every region in Redis: counters of
// slots, and per order the hold that says what it takes from them.
//
// The invariant of every script: each counter is the sum of the live and open
// parts of its region's holds. No script is split, and nothing but the scripts
// of this package writes counters or holds. Redis is a projection of the
// journal: losing it costs a rebuild (Begin, Settle, End), never a decision.
//
// One server keeps all regions, or each master of a Redis Cluster those whose
// hash slot it owns. Pipelines are split here and not by a cluster client,
// because a call carries the history of the node it is meant for: one that a
// client led on to a promoted replica would name the old master's history, and
// the replica's copy of the epoch would agree, lost tail or not.
//
// Every call may be made twice, late, or both; the rules S1 to S4 and E1 to E4
// named in comments are those of the capacity protocol.
package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"
	"go.uber.org/zap"

	"github.com/nearlane/nearlane/redact"
)

// day is what a counter outlives its slot plus grace, and the least time that
// a hold is remembered (S4).
const day = 24 * time.Hour

// Options says where the server is and what it cannot say itself.
type Options struct {
	URL   string           // redis:// or rediss://; of a cluster any of its nodes, or several with commas between them
	Now   func() time.Time // the process's clock
	Grace time.Duration    // how long holds and counters outlive their slots

	// History identifies the memory of an in-process server, which has no
	// INFO: it is made anew at each start, and the server's version and
	// settings are not looked at. Empty for every other server.
	History string

	// ReplyWait bounds the wait for one reply of a server; default 3 s. After
	// it, what became of a call is unknown.
	ReplyWait time.Duration

	Log        *zap.Logger
	Registerer prometheus.Registerer
}

// Ledger is safe for concurrent use.
type Ledger struct {
	opts    Options
	base    *redis.Options // of every client, but for the address
	seeds   []string       // addresses from the URL
	log     *zap.Logger
	metrics *metrics

	servers atomic.Pointer[layout]
	mu      sync.Mutex // held by whoever makes the next layout
}

// Open connects to the server, or to every master of a cluster, and refuses
// what cannot keep the ledger. Errors: ErrUnreachable, ErrTooOld, ErrUnsafe.
func Open(ctx context.Context, opts Options) (*Ledger, error) {
	l := &Ledger{opts: opts, log: opts.Log, metrics: newMetrics(opts.Registerer)}
	if l.log == nil {
		l.log = zap.NewNop()
	}
	var err error
	if l.base, l.seeds, err = parse(opts.URL); err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	if opts.ReplyWait > 0 {
		l.base.ReadTimeout = opts.ReplyWait
	}
	first, err := l.find(ctx)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", redact.New(opts.URL).Clean(err))
	}
	l.servers.Store(first)
	return l, nil
}

// Close ends all connections.
func (l *Ledger) Close() error {
	var errs []error
	for _, n := range l.servers.Load().nodes {
		errs = append(errs, n.client.Close())
	}
	return errors.Join(errs...)
}

// Ping reports whether every server answers, and under a known history, and
// whether each hash slot of a cluster has a master.
func (l *Ledger) Ping(ctx context.Context) error {
	if err := l.refresh(ctx); err != nil {
		return fmt.Errorf("ping ledger: %w", err)
	}
	for _, n := range l.servers.Load().nodes {
		if err := n.client.Ping(ctx).Err(); err != nil {
			return fmt.Errorf("ping ledger: %w: %w", ErrUnreachable, redact.New(l.opts.URL).Clean(err))
		}
	}
	return nil
}
