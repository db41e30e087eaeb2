package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"go.uber.org/zap"

	"github.com/nearlane/nearlane/event/stream"
)

const (
	// MemoryFile is where the data folder remembers the journal.
	MemoryFile = "journal.json"

	// lookEvery is how often a router asks whether the journal is whole, and
	// rememberEvery how often it remembers how far that goes.
	lookEvery     = 2 * time.Second
	rememberEvery = 10 * time.Second
)

// ReadMemory is what a data folder remembers of the journal; nothing if there
// is no file.
func ReadMemory(dir string) (m stream.Memory, err error) {
	path := filepath.Join(dir, MemoryFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return m, fmt.Errorf("read what is remembered of the journal: %s: %w: put it right, or delete it", path, err)
	}
	return m, nil
}

// Remembered is what is remembered of the journal: by NATS, and by the data
// folder unless that is empty.
func Remembered(ctx context.Context, conn *stream.Conn, dir string) ([]stream.Memory, error) {
	shared, _, err := conn.Config().Memory(ctx)
	if err != nil && !errors.Is(err, stream.ErrNoBucket) {
		return nil, err
	}
	if dir == "" {
		return []stream.Memory{shared}, nil
	}
	own, err := ReadMemory(dir)
	if own.AcceptedAt.Before(shared.AcceptedAt) { // since then, the loss of what it remembers was accepted
		own = shared
	}
	return []stream.Memory{shared, own}, err
}

// memory keeps what is remembered of the journal up to date, and looks whether
// it is whole.
type memory struct {
	conn    *stream.Conn
	journal *stream.Journal
	path    string
	log     *zap.Logger

	own  stream.Memory // of the file
	said string        // what was wrong last, said once
}

// run looks and remembers until ctx is done.
func (m *memory) run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for looks := 0; ; looks++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			m.look(ctx, looks%int(rememberEvery/lookEvery) == 0)
		}
	}
}

// look asks whether the journal is whole, and remembers how far it goes. What
// is damaged is not remembered.
func (m *memory) look(ctx context.Context, remember bool) {
	ctx, cancel := context.WithTimeout(ctx, keepTimeout)
	defer cancel()
	e, err := m.journal.Look(ctx)
	if err == nil && remember {
		err = m.remember(ctx, e)
	}
	switch {
	case err == nil:
		m.said = ""
	case ctx.Err() == nil && m.said != err.Error():
		m.said = err.Error()
		m.log.Warn("the journal is not remembered", zap.Error(err))
	}
}

// remember writes down how far the journal is known to go, never more than was
// acknowledged: here and on NATS, where the
// other routers do the same: whoever is first has written for all.
func (m *memory) remember(ctx context.Context, e stream.Extent) error {
	stored, some, err := m.journal.Stored(ctx)
	if err != nil || !some || stored.Sequence > e.Last {
		return err
	}
	e.Last, e.LastAt = stored.Sequence, stored.StoredAt
	own := m.own
	if own.Note(e) {
		if err := writeMemory(m.path, own); err != nil {
			return err
		}
		m.own = own
	}
	shared, basis, err := m.conn.Config().Memory(ctx)
	if err != nil {
		return err
	}
	if newest, some := shared.Newest(); some && newest.Sequence > e.Last {
		m.journal.Remember(newest) // of another router
	}
	if !shared.Note(e) {
		return nil
	}
	if err := m.conn.Config().SetMemory(ctx, shared, basis); !errors.Is(err, stream.ErrChanged) {
		return err
	}
	return nil
}

func writeMemory(path string, m stream.Memory) error {
	data, err := json.Marshal(m)
	if err == nil {
		err = keep(path, string(data))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}
