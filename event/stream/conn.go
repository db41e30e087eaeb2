package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/redact"
	"go.uber.org/zap"
)

const (
	// AckWait is how long a delivery may stay unanswered before it is given to
	// another router.
	AckWait = 30 * time.Second
	// CommitTimeout is how long the answer to a commit is waited for. After
	// it, the outcome is unknown.
	CommitTimeout = 5 * time.Second

	apiTimeout    = 5 * time.Second
	healthTimeout = 2 * time.Second
	minPayload    = 2 * event.MaxOrderBytes
	reconnectWait = 250 * time.Millisecond
	pingInterval  = 10 * time.Second // twice unanswered: the connection is dead
	// heartbeat is how often the server says that it still knows of a pull.
	// Twice missing, the pull is made again: on a cluster, one in a hundred
	// first pulls is lost because it overtakes the news of its consumer, and
	// all are that the leader had which has just stopped.
	heartbeat = time.Second
)

// Why a server cannot be used.
var (
	ErrUnreachable = errors.New("nats server is not reachable")
	ErrTooOld      = errors.New("nats server is too old")
	ErrNoJetStream = errors.New("nats server has JetStream disabled")
	ErrUnsafe      = errors.New("nats server takes too small messages")
)

// Options says how to connect.
type Options struct {
	URL  string      // nats://[user:password@]host:port, several separated by commas. Required.
	Name string      // shown in the server's list of connections
	Log  *zap.Logger // default: none

	// AckWait is how long ORDERS waits for an answer; default AckWait. All
	// routers of one durable have to agree.
	AckWait time.Duration
	// LeaderWait bounds the wait for a cluster's leaders at the start; default
	// 30 s.
	LeaderWait time.Duration
	// CommitWait bounds the wait for the answer to a commit; default
	// CommitTimeout.
	CommitWait time.Duration
}

// Conn is a connection to JetStream that reconnects for as long as it is open.
// Everything made from it is safe for concurrent use unless it says otherwise.
type Conn struct {
	nc      *nats.Conn
	js      jetstream.JetStream
	ackWait time.Duration
	log     *zap.Logger

	leaderWait time.Duration
	commitWait time.Duration
}

// Connect connects to a server that is reachable, has JetStream and is new
// enough. It waits a while for a cluster that has no leader yet. Errors are ErrUnreachable, ErrNoJetStream or ErrTooOld.
func Connect(ctx context.Context, o Options) (*Conn, error) {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.AckWait == 0 {
		o.AckWait = AckWait
	}
	if o.LeaderWait == 0 {
		o.LeaderWait = leaderWait
	}
	if o.CommitWait == 0 {
		o.CommitWait = CommitTimeout
	}
	at := redact.New(o.URL)
	nc, err := nats.Connect(at.Reveal(), connectOptions(o)...)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w: %w", at, ErrUnreachable, at.Clean(err))
	}
	c := &Conn{nc: nc, ackWait: o.AckWait, log: o.Log, leaderWait: o.LeaderWait, commitWait: o.CommitWait}
	if err := c.check(ctx); err != nil {
		nc.Close()
		return nil, fmt.Errorf("connect to %s: %w", at, at.Clean(err))
	}
	return c, nil
}

func connectOptions(o Options) []nats.Option {
	return []nats.Option{
		nats.Name(o.Name),
		nats.Timeout(apiTimeout),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(reconnectWait),
		nats.PingInterval(pingInterval),
		nats.MaxPingsOutstanding(2),
		// A publish while disconnected fails at once. Buffered, it would be
		// stored long after its caller was told that the outcome is unknown.
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				o.Log.Warn("nats: disconnected", zap.Error(err))
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			o.Log.Info("nats: connected again", zap.String("server", nc.ConnectedServerName()))
		}),
		nats.ErrorHandler(func(_ *nats.Conn, sub *nats.Subscription, err error) {
			fields := []zap.Field{zap.Error(err)}
			if sub != nil {
				dropped, _ := sub.Dropped()
				fields = append(fields, zap.String("subject", sub.Subject), zap.Int("dropped", dropped))
			}
			o.Log.Warn("nats: asynchronous error", fields...)
		}),
	}
}

// check refuses a server that lacks what the journal rests on.
func (c *Conn) check(ctx context.Context) error {
	if err := checkVersion(c.nc.ConnectedServerVersion()); err != nil {
		return err
	}
	// An order that just fits has a dispatch, or a rejection with headers, that
	// does not: it would stop the batches it is in for ever.
	if c.nc.MaxPayload() < minPayload {
		return fmt.Errorf("%w: its max_payload is %d, set it to %d or more", ErrUnsafe, c.nc.MaxPayload(), minPayload)
	}
	js, err := jetstream.New(c.nc, jetstream.WithDefaultTimeout(apiTimeout),
		jetstream.WithPublishAsyncTimeout(apiTimeout))
	if err != nil {
		return fmt.Errorf("open jetstream: %w", err)
	}
	err = c.withLeader(ctx, func(ctx context.Context) error {
		_, err := js.AccountInfo(ctx)
		return err
	})
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, nats.ErrNoResponders),
		errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount):
		return fmt.Errorf("%w: start nats-server with --jetstream, and let the account use it", ErrNoJetStream)
	case errors.Is(err, ErrUnreachable):
		return err
	case err != nil:
		return fmt.Errorf("%w: jetstream does not answer: %w", ErrUnreachable, err)
	}
	c.js = js
	return nil
}

// AckWait is how long ORDERS waits for an answer to a delivery.
func (c *Conn) AckWait() time.Duration { return c.ackWait }

// MaxPayload is the largest message the server takes, in bytes, headers
// included.
func (c *Conn) MaxPayload() int { return int(c.nc.MaxPayload()) }

// Healthy returns nil if the server is connected and the journal's stream has
// a leader that answers within two seconds.
func (c *Conn) Healthy(ctx context.Context) error {
	if !c.nc.IsConnected() {
		return fmt.Errorf("not connected to nats: %w", ErrUnreachable)
	}
	_, err := c.led(ctx, event.StreamDispatch)
	return err
}

// Room returns nil if ORDERS has a leader that answers within two seconds, and
// takes another order of the usual size.
func (c *Conn) Room(ctx context.Context) error {
	info, err := c.led(ctx, event.StreamOrders)
	if err != nil {
		return err
	}
	if limit := info.Config.MaxBytes; limit > 0 && info.State.Bytes+usualOrder > uint64(limit) {
		return fmt.Errorf("stream %s is full: it holds %d of %d bytes", event.StreamOrders, info.State.Bytes, limit)
	}
	return nil
}

// usualOrder is how many bytes an order takes on ORDERS.
const usualOrder = 2 << 10

// led asks for a stream that has a leader.
func (c *Conn) led(ctx context.Context, stream string) (*jetstream.StreamInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	s, err := c.stream(ctx, stream)
	if err != nil {
		return nil, fmt.Errorf("ask for stream %s: %w", stream, err)
	}
	info := s.CachedInfo()
	if cl := info.Cluster; cl != nil && cl.Name != "" && cl.Leader == "" {
		return nil, fmt.Errorf("stream %s has no leader", stream)
	}
	return info, nil
}

// Close sends what is still buffered, waits at most until ctx is done, and
// closes the connection.
func (c *Conn) Close(ctx context.Context) error {
	defer c.nc.Close()
	if !c.nc.IsConnected() {
		return nil
	}
	if err := c.flush(ctx); err != nil {
		return fmt.Errorf("close nats connection: %w", err)
	}
	return nil
}

// flush waits until the server has read all that was sent so far.
func (c *Conn) flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, apiTimeout)
	defer cancel()
	return c.nc.FlushWithContext(ctx)
}
