package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
)

// home is the data folder: one process's for as long as it runs, because two
// routers of one name would share a fence.
type home struct {
	dir       string
	name      string
	digestKey []byte
	lock      *embedded.FolderLock
}

// openHome takes the data folder and reads, or makes once, what has to last.
func openHome(c *config.Config, name string) (*home, error) {
	lock, err := embedded.LockFolder(c.DataDir)
	if err != nil {
		return nil, err
	}
	h := &home{dir: c.DataDir, name: name, digestKey: []byte(c.OrderDigestKey.Reveal()), lock: lock}
	if h.name == "" {
		if h.name, err = h.lasting("router-name", func() string { return "router-" + strings.ToLower(rand.Text()[:8]) }); err != nil {
			h.close()
			return nil, err
		}
	}
	if err := event.CheckID(h.name); err != nil {
		h.close()
		return nil, fmt.Errorf("router name %q: %w: choose one of 1 to %d bytes", h.name, err, event.MaxToken)
	}
	if len(h.digestKey) == 0 {
		key, err := h.lasting("digest.key", rand.Text)
		if err != nil {
			h.close()
			return nil, err
		}
		h.digestKey = []byte(key)
	}
	return h, nil
}

func (h *home) close() { h.lock.Release() }

// lasting reads a value from the folder, or makes it and keeps it there.
func (h *home) lasting(name string, make func() string) (string, error) {
	path := filepath.Join(h.dir, name)
	data, err := os.ReadFile(path)
	switch {
	case err == nil && len(strings.TrimSpace(string(data))) > 0:
		return strings.TrimSpace(string(data)), nil
	case err == nil: // a new value would not be the one that the journal was written with
		return "", fmt.Errorf("read %s: %w: it is empty; put its content back, or delete it to have a new one made", path, embedded.ErrUnavailable)
	case !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("read %s: %w: %w", path, embedded.ErrUnavailable, err)
	}
	value := make()
	if err := keep(path, value); err != nil {
		return "", fmt.Errorf("keep %s: %w: %w", path, embedded.ErrUnavailable, err)
	}
	return value, nil
}

// keep writes a file so that it is whole after a crash and there after a power
// loss: beside, synced, and moved.
func keep(path, value string) error {
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(value + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(path+".new")) // half of it is no use
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
