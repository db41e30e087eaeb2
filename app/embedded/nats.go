package embedded

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/zap"
)

const (
	loopback     = "127.0.0.1"
	startTimeout = 20 * time.Second

	// maxStore bounds what streams may promise to keep. The server's own
	// default follows the free disk, so that a folder could cease to fit the
	// limits of the streams already in it.
	maxStore = 1 << 40
	// maxMemory is for the state of short-lived consumers: no stream of ours
	// is kept in memory.
	maxMemory = 256 << 20
	// maxBatches is how many atomic batches may be open on one stream. A
	// publisher that dies in the middle of one keeps its place for ten seconds.
	maxBatches = 200
)

// NATSOptions says how the in-process NATS server runs.
type NATSOptions struct {
	Dir        string      // its folder, made if missing. Required.
	Name       string      // server name; default "nearlane"
	Port       int         // on 127.0.0.1; 0 or -1: a free one
	SyncAlways bool        // fsync before every acknowledgement: survives power loss
	Log        *zap.Logger // default: none
}

// NATSServer is a running NATS server with JetStream. It may be used by many
// goroutines at once; Restart and Shutdown are for one.
type NATSServer struct {
	srv  atomic.Pointer[server.Server]
	opts *server.Options // what the next start has, its port included
	lock *FolderLock
	log  *zap.Logger
}

// NATS starts a server and returns once it takes connections and has recovered
// its streams. Errors are ErrLocked or ErrUnavailable where one of them is the
// cause.
func NATS(o NATSOptions) (*NATSServer, error) {
	if o.Port == 0 {
		o.Port = -1
	}
	return startNATS(o, server.ClusterOpts{}, nil)
}

func startNATS(o NATSOptions, cluster server.ClusterOpts, routes []*url.URL) (*NATSServer, error) {
	if o.Name == "" {
		o.Name = "nearlane"
	}
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	if o.Dir == "" {
		return nil, fmt.Errorf("start nats: no data folder given: %w", ErrUnavailable)
	}
	lock, err := LockFolder(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &NATSServer{opts: serverOptions(o, cluster, routes), lock: lock, log: o.Log}
	if err := s.launch(); err != nil {
		lock.Release()
		return nil, err
	}
	return s, nil
}

// serverOptions sets every option whose default would bite: the server would
// listen on all interfaces, keep its streams under /tmp, and catch signals
// and exit the process.
func serverOptions(o NATSOptions, cluster server.ClusterOpts, routes []*url.URL) *server.Options {
	return &server.Options{
		ServerName:             o.Name,
		Host:                   loopback,
		Port:                   o.Port,
		NoSigs:                 true,
		DisableJetStreamBanner: true,
		JetStream:              true,
		StoreDir:               o.Dir,
		JetStreamMaxStore:      maxStore,
		JetStreamMaxMemory:     maxMemory,
		JetStreamLimits:        server.JSLimitOpts{MaxBatchInflightPerStream: maxBatches},
		SyncAlways:             o.SyncAlways,
		Cluster:                cluster,
		Routes:                 routes,
	}
}

// launch starts the server, or explains why it would have ended the process.
func (s *NATSServer) launch() error {
	srv, err := server.NewServer(s.opts.Clone())
	if err != nil {
		return fmt.Errorf("make nats server: %w", err)
	}
	out := &natsLog{log: s.log.Sugar()}
	srv.SetLoggerV2(out, false, false, false)
	srv.Start() // does not block; what is fatal has been logged when it returns
	if cause := out.fatal(); cause != "" {
		err = fmt.Errorf("start nats server on %s: %w: %s",
			net.JoinHostPort(s.opts.Host, strconv.Itoa(s.opts.Port)), ErrUnavailable, cause)
	} else if !srv.ReadyForConnections(startTimeout) {
		err = fmt.Errorf("start nats server: not ready after %v: %w", startTimeout, ErrUnavailable)
	}
	if err != nil {
		srv.Shutdown()
		srv.WaitForShutdown()
		return err
	}
	if at, ok := srv.Addr().(*net.TCPAddr); ok {
		s.opts.Port = at.Port // clients come back to where they found it
	}
	s.srv.Store(srv)
	return nil
}

// URL is where clients connect.
func (s *NATSServer) URL() string { return s.srv.Load().ClientURL() }

// Healthy returns nil when JetStream runs and all its streams and consumers
// are recovered and current.
func (s *NATSServer) Healthy() error {
	if h := s.srv.Load().Healthz(nil); h.StatusCode != 200 {
		return fmt.Errorf("nats server is not healthy: %s", h.Error)
	}
	return nil
}

// Leads reports whether this server leads the stream.
func (s *NATSServer) Leads(stream string) bool {
	return s.srv.Load().JetStreamIsStreamLeader(server.DEFAULT_GLOBAL_ACCOUNT, stream)
}

// Shutdown stops the server, waits until it has, and gives the folder free.
// It may be called again.
func (s *NATSServer) Shutdown() {
	s.stop()
	s.lock.Release()
}
