package demo

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/nearlane/nearlane/app/embedded"
	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/examples"
	"github.com/nearlane/nearlane/lanes"
)

// home is a temporary folder with the example network and the data of one
// demo.
type home struct {
	dir    string
	path   string // of the config
	config *config.Config
}

// openHome writes the example out and loads it, with every port a free one, so
// that a demo disturbs nothing that runs already.
func openHome() (_ *home, err error) {
	h := &home{}
	if h.dir, err = os.MkdirTemp("", "nearlane-demo-"); err != nil {
		return nil, fmt.Errorf("make a folder for the demo: %w: %w", embedded.ErrUnavailable, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.remove())
		}
	}()
	if err := os.CopyFS(h.dir, examples.Helsinki); err != nil {
		return nil, fmt.Errorf("write out the example: %w: %w", embedded.ErrUnavailable, err)
	}
	h.path = filepath.Join(h.dir, filepath.FromSlash(examples.HelsinkiConfig))
	loaded, findings := config.Load(h.path, config.Options{})
	if loaded == nil {
		return nil, fmt.Errorf("load the example: %w", findings.Err())
	}
	loaded.NATS.Listen, loaded.HTTP.Listen = "127.0.0.1:0", "127.0.0.1:0"
	loaded.DataDir = filepath.Join(h.dir, "data")
	h.config = loaded
	return h, nil
}

func (h *home) remove() error {
	if err := os.RemoveAll(h.dir); err != nil {
		return fmt.Errorf("remove the demo's folder: %w", err)
	}
	return nil
}

// region is the only one of the example.
func (h *home) region() *config.Region { return &h.config.Regions[0] }

// start is when the demo's day begins unless it is told: next Tuesday at nine.
func (h *home) start(now time.Time) time.Time {
	r := h.region()
	return NextTuesday(now.In(r.Zone), func(t time.Time) bool {
		return r.Holidays.Has(lanes.DateIn(t.Date()))
	})
}
