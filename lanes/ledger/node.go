package ledger

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
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

// node is one client and the one history that all its connections share (E1).
type node struct {
	client  *redis.Client
	history string
}

// dial looks at the server, then makes a client bound to its history. This is
// the one place where clients are made.
func dial(ctx context.Context, opts Options) (*node, error) {
	o, err := redis.ParseURL(opts.URL)
	if err != nil {
		return nil, fmt.Errorf("read URL of capacity server: %w", withoutURL(err))
	}
	logging.Disable() // what go-redis would print on stderr is in the errors it returns
	tune(o)
	history := opts.History
	if history == "" {
		if history, err = inspect(ctx, *o); err != nil {
			return nil, err
		}
		o.OnConnect = func(ctx context.Context, cn *redis.Conn) error {
			f, err := readFacts(ctx, cn)
			if err == nil && f.history() != history {
				return errMoved
			}
			return err
		}
	}
	n := &node{client: redis.NewClient(o), history: history}
	if err := n.load(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: load scripts: %w", ErrUnreachable, err), n.client.Close())
	}
	return n, nil
}

// withoutURL drops the URL from an error of parsing it: it may hold a password.
func withoutURL(err error) error {
	var bad *url.Error
	if errors.As(err, &bad) {
		return bad.Err
	}
	return err
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

// inspect reads the server's history on a connection of its own and refuses a
// server that is too old or that may evict counters.
func inspect(ctx context.Context, o redis.Options) (string, error) {
	client := redis.NewClient(&o)
	defer client.Close()
	f, err := readFacts(ctx, client)
	if err != nil {
		return "", fmt.Errorf("%w at %s: %w", ErrUnreachable, o.Addr, err)
	}
	return f.history(), f.check(o.Addr)
}
