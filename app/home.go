package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
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
	if len(h.digestKey) == 0 {
		key, err := h.lasting("digest.key", func() string { return hex.EncodeToString([]byte(rand.Text())) })
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
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return "", fmt.Errorf("read %s: %w: %w", path, embedded.ErrUnavailable, err)
	}
	value := make()
	// Written beside and moved, so that a crash leaves no half of it.
	if err = os.WriteFile(path+".new", []byte(value+"\n"), 0o600); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return "", fmt.Errorf("keep %s: %w: %w", path, embedded.ErrUnavailable, err)
	}
	return value, nil
}
