package ledger

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/nearlane/nearlane/redact"
)

// Why a server is refused.
var (
	ErrUnreachable = errors.New("capacity server is not reachable")
	ErrTooOld      = errors.New("capacity server is too old")
	ErrUnsafe      = errors.New("capacity server has unsafe settings")
)

// errMoved fails a connection to a server whose history is not its client's.
var errMoved = errors.New("capacity server began a new history")

func isMoved(err error) bool { return errors.Is(err, errMoved) }

// node is one server: a client and the one history that all its connections
// share (E1).
type node struct {
	addr    string
	client  *redis.Client
	history string
}

// dial makes a client bound to the server's history of this moment, with all
// scripts loaded. This and inspect are the one place where clients are made.
func (l *Ledger) dial(ctx context.Context, addr string) (*node, error) {
	o, history := *l.base, l.opts.History
	o.Addr = addr
	if history == "" {
		f, err := l.inspect(ctx, addr)
		if err != nil {
			return nil, err
		}
		if err := f.check(addr); err != nil {
			return nil, err
		}
		history = f.history()
		o.OnConnect = func(ctx context.Context, cn *redis.Conn) error {
			f, err := readFacts(ctx, cn)
			if err == nil && f.history() != history {
				return errMoved
			}
			return err
		}
	}
	n := &node{addr: addr, client: redis.NewClient(&o), history: history}
	if err := n.load(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: load scripts: %w", ErrUnreachable, err), n.client.Close())
	}
	return n, nil
}

// parse reads the URLs of one server, or of some nodes of one cluster. What
// the first says of credentials and TLS holds for all.
func parse(urls string) (base *redis.Options, seeds []string, err error) {
	for one := range strings.SplitSeq(urls, ",") {
		o, err := redis.ParseURL(strings.TrimSpace(one))
		if err != nil {
			return nil, nil, fmt.Errorf("read URL of capacity server %s: %w", redact.New(one), redact.New(urls).Clean(err))
		}
		if base == nil {
			base = o
		}
		seeds = append(seeds, o.Addr)
	}
	logging.Disable() // what go-redis would print on stderr is in the errors it returns
	tune(base)
	return base, seeds, nil
}

// tune sets what go-redis leaves open. It does not repeat calls by itself: a
// pipeline repeated as a whole would be correct but wasteful, and a moved
// history must come to light at once.
func tune(o *redis.Options) {
	o.MaxRetries = -1
	o.DialerRetries = 1
	o.DialTimeout = 2 * time.Second
	o.ReadTimeout = 3 * time.Second
	o.ContextTimeoutEnabled = true
	o.PoolSize = 8
	o.PipelinePoolSize = -1
	o.Protocol = 2
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
}

// inspect reads what a server says of itself, on a connection of its own that
// is bound to no history.
func (l *Ledger) inspect(ctx context.Context, addr string) (facts, error) {
	client := l.stranger(addr)
	defer client.Close()
	f, err := readFacts(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("%w at %s: %w", ErrUnreachable, addr, err)
	}
	return f, nil
}

// stranger is a client for questions only: no script is ever called on it.
func (l *Ledger) stranger(addr string) *redis.Client {
	o := *l.base
	o.Addr = addr
	return redis.NewClient(&o)
}
