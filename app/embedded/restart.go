package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/nats-io/nats-server/v2/server"
)

// trial is how much the folder has to take before a restart is tried: more than
// a batch of orders and what a start writes, so that the server does not start
// only to be refused again.
const trial = 4 << 20

// Stuck returns why the server stores nothing, or not on all of its streams,
// until it is started again; nil: it does not know of a reason. A write that
// fails closes its stream to all others (2.15.2), and one that is not permitted
// ends JetStream.
func (s *NATSServer) Stuck() error {
	srv := s.srv.Load()
	if !srv.JetStreamEnabled() {
		return errors.New("JetStream has ended")
	}
	for _, e := range srv.Healthz(&server.HealthzOptions{Details: true}).Errors {
		if strings.Contains(e.Error, " write error: ") {
			return errors.New(e.Error)
		}
	}
	return nil
}

// Roomy returns nil if the folder takes a write, of a few MiB, that is there
// after a power loss. A full disk, a quota, and a file system that has become
// read-only do not.
func (s *NATSServer) Roomy() (err error) {
	path := filepath.Join(s.opts.StoreDir, "trial")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("try to write: %w", err)
	}
	_, err = f.Write(make([]byte, trial))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close(), os.Remove(path)); err != nil {
		return fmt.Errorf("try to write: %w", err)
	}
	return nil
}

// Restart stops the server and starts it again on the same port and folder,
// which ends what Stuck tells of. What was acknowledged is kept, and clients
// come back by themselves. After an error, which is ErrUnavailable, no server
// runs.
func (s *NATSServer) Restart() error {
	s.stop()
	if err := s.launch(); err != nil {
		return fmt.Errorf("start nats again: %w", err)
	}
	return nil
}

func (s *NATSServer) stop() {
	srv := s.srv.Load()
	srv.Shutdown()
	srv.WaitForShutdown()
}
