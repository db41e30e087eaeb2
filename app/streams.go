package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
)

// StartNATS starts the embedded NATS of a config's data folder where no process
// has it, and gives its URL; stop ends it. Where a process has it the URL is
// that of nats.listen, and there is nothing to stop. The error is
// fs.ErrNotExist if no process ever had it: nothing is made.
func StartNATS(c *config.Config) (url string, stop func(), err error) {
	if _, err := os.Stat(filepath.Join(c.DataDir, "nats")); err != nil {
		return "", nil, err
	}
	lock, err := embedded.LockFolder(c.DataDir)
	if errors.Is(err, embedded.ErrLocked) {
		return "nats://" + c.NATS.Listen, func() {}, nil
	}
	if err != nil {
		return "", nil, err
	}
	a := &App{Options: Options{Config: c}.withDefaults()}
	a.onClose("data folder", func(context.Context) error { lock.Release(); return nil })
	server, err := a.startNATS()
	if err != nil {
		_ = a.close()
		return "", nil, err
	}
	a.onClose("nats server", func(context.Context) error { server.Shutdown(); return nil })
	return server.URL(), func() { _ = a.close() }, nil
}
