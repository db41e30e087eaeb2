package stream

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Keys of bucket CONFIG.
const (
	keyCurrent  = "current"  // the push that routers follow
	keyClosures = "closures" // what staff have closed
	keyMemory   = "journal"  // what is remembered of the journal
	keyBundle   = "bundle."  // of a config, by its revision
	keyClosed   = "closed."  // closures that were in force, by their digest
	keyServed   = "served."  // the revision of the config that a router serves, by its name

	// keepPushes is how many pushes the log shows: as many values as the server
	// keeps of a key.
	keepPushes = jetstream.KeyValueMaxHistory
)

// closedMark stands in the revision of a network between that of its config
// and the digest of what staff have closed.
const closedMark = "+"

// ConfigStore keeps bundles of configs by revision, which of them routers are
// to follow, and what staff have closed. Bundles are never written twice, so
// that an old decision can be planned again with the very config of then.
type ConfigStore struct{ bucket }

// Config returns the store of configs.
func (c *Conn) Config() *ConfigStore { return &ConfigStore{bucket{c, bucketConfig}} }

// Push is the order to follow a revision. Rolling back is a push, too.
type Push struct {
	Revision string    `json:"revision"`
	By       string    `json:"by"` // user@host
	Message  string    `json:"message,omitempty"`
	Force    bool      `json:"force,omitempty"`    // followed also by routers of another network
	At       time.Time `json:"at"`                 // of the server
	Sequence uint64    `json:"sequence,omitempty"` // grows with every push
}

// Archive keeps a bundle under its revision, unless there is one already. The
// error is ErrTooLarge or event.ErrFull if the server cannot take it.
func (s *ConfigStore) Archive(ctx context.Context, revision string, bundle []byte) error {
	return s.putIfAbsent(ctx, keyBundle+revision, bundle)
}

// Revision returns the bundle of a revision: that of a config, or of a network
// with closures.
func (s *ConfigStore) Revision(ctx context.Context, revision string) (bundle []byte, found bool, err error) {
	config, _, _ := strings.Cut(revision, closedMark)
	if config == "" || strings.Trim(config, "0123456789abcdef") != "" {
		return nil, false, nil
	}
	e, found, err := s.get(ctx, keyBundle+config)
	return e.data, found, err
}

// ArchiveClosed keeps the closures of a network's revision, unless they are
// kept already or the network has none.
func (s *ConfigStore) ArchiveClosed(ctx context.Context, revision string, closures []byte) error {
	_, digest, has := strings.Cut(revision, closedMark)
	if !has {
		return nil
	}
	return s.putIfAbsent(ctx, keyClosed+digest, closures)
}

// Closed returns the closures that a network's revision had; false: it had
// none, or they are not known.
func (s *ConfigStore) Closed(ctx context.Context, revision string) (closures []byte, found bool, err error) {
	_, digest, has := strings.Cut(revision, closedMark)
	if !has || digest == "" || strings.Trim(digest, "0123456789abcdef") != "" {
		return nil, false, nil
	}
	e, found, err := s.get(ctx, keyClosed+digest)
	return e.data, found, err
}

// Served is the revision of the config that a router served last; false: that is
// not known.
func (s *ConfigStore) Served(ctx context.Context, router string) (revision string, found bool, err error) {
	e, found, err := s.get(ctx, keyServed+keyOf(router))
	return string(e.data), found, err
}

// SetServed notes which config a router serves.
func (s *ConfigStore) SetServed(ctx context.Context, router, revision string) error {
	kv, err := s.open(ctx)
	if err != nil {
		return err
	}
	if _, err := kv.Put(ctx, keyServed+keyOf(router), []byte(revision)); err != nil {
		return fmt.Errorf("write what %s serves to bucket %s: %w", router, s.name, err)
	}
	return nil
}

// Current is the push to follow; false: there was none yet.
func (s *ConfigStore) Current(ctx context.Context) (Push, bool, error) {
	e, found, err := s.get(ctx, keyCurrent)
	if err != nil || !found {
		return Push{}, false, err
	}
	p, err := pushOf(e)
	return p, err == nil, err
}

// Push makes p the push to follow, if the one before it is still the one at
// sequence basis (0: none); otherwise the error is ErrChanged.
func (s *ConfigStore) Push(ctx context.Context, p Push, basis uint64) error {
	p.At, p.Sequence = time.Time{}, 0
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode push: %w", err)
	}
	return s.put(ctx, keyCurrent, data, basis)
}

// Log lists the last 64 pushes, newest first.
func (s *ConfigStore) Log(ctx context.Context) ([]Push, error) {
	entries, err := s.history(ctx, keyCurrent)
	if err != nil {
		return nil, err
	}
	list := make([]Push, len(entries))
	for i, e := range entries {
		if list[len(entries)-1-i], err = pushOf(e); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func pushOf(e entry) (p Push, err error) {
	if err := json.Unmarshal(e.data, &p); err != nil {
		return Push{}, fmt.Errorf("read %s from bucket %s: %w", e.key, bucketConfig, err)
	}
	p.At, p.Sequence = e.at.UTC(), e.sequence
	return p, nil
}

// Closures is what staff have closed, with its sequence; nil and 0: nothing
// ever.
func (s *ConfigStore) Closures(ctx context.Context) (closures []byte, sequence uint64, err error) {
	e, _, err := s.get(ctx, keyClosures)
	return e.data, e.sequence, err
}

// SetClosures replaces what staff have closed, if the last is still that at
// sequence basis; otherwise the error is ErrChanged.
func (s *ConfigStore) SetClosures(ctx context.Context, closures []byte, basis uint64) error {
	return s.put(ctx, keyClosures, closures, basis)
}

// Changes calls told once at the beginning, and each time that there may be a
// new push or new closures, until ctx ends; its error is that of ctx then.
func (s *ConfigStore) Changes(ctx context.Context, told func()) error {
	told()
	prefix := bucketSubjects + bucketConfig + "."
	return s.conn.follow(ctx, bucketStreams+bucketConfig, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{prefix + keyCurrent, prefix + keyClosures},
		DeliverPolicy:  jetstream.DeliverNewPolicy,
	}, at(0), func(jetstream.Msg, *jetstream.MsgMetadata) error { told(); return nil })
}
