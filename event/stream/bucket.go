package stream

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Key-value buckets. To the server a bucket is a stream with a prefix, and so
// it is made and checked like the others; the nats CLI reads it as a bucket.
const (
	bucketConfig   = "CONFIG"
	bucketPresence = "PRESENCE"

	bucketStreams  = "KV_"
	bucketSubjects = "$KV."
)

// Why a key was not written.
var (
	// ErrChanged: somebody else has written the key since it was read.
	ErrChanged = errors.New("it was changed in the meantime")
	// ErrTooLarge: the server does not take a message of that size.
	ErrTooLarge = errors.New("too large for the nats server")
	// ErrNoBucket: no router has made the bucket yet.
	ErrNoBucket = errors.New("'nearlane run' makes it")
)

// bucket is one of them. All reads are answered by the leader.
type bucket struct {
	conn *Conn
	name string
}

// entry is the value of a key as it was written once.
type entry struct {
	key      string
	data     []byte
	sequence uint64 // of the write, for the compare-and-set of the next
	at       time.Time
}

func (b bucket) open(ctx context.Context) (jetstream.KeyValue, error) {
	kv, err := ask(ctx, askWithin, func(ctx context.Context) (jetstream.KeyValue, error) { return b.conn.js.KeyValue(ctx, b.name) })
	if errors.Is(err, jetstream.ErrBucketNotFound) {
		return nil, fmt.Errorf("there is no bucket %s: %w", b.name, ErrNoBucket)
	}
	if err != nil {
		return nil, fmt.Errorf("open bucket %s: %w", b.name, err)
	}
	return kv, nil
}

// get reads a key; false: it has no value.
func (b bucket) get(ctx context.Context, key string) (entry, bool, error) {
	kv, err := b.open(ctx)
	if err != nil {
		return entry{}, false, err
	}
	got, err := ask(ctx, askWithin, func(ctx context.Context) (jetstream.KeyValueEntry, error) { return kv.Get(ctx, key) })
	switch {
	case errors.Is(err, jetstream.ErrKeyNotFound):
		return entry{}, false, nil
	case err != nil:
		return entry{}, false, fmt.Errorf("read %s from bucket %s: %w", key, b.name, err)
	}
	return entryOf(got), true, nil
}

// put writes a key if its last write is still the one at sequence basis; 0: it
// has no value.
func (b bucket) put(ctx context.Context, key string, data []byte, basis uint64) error {
	kv, err := b.open(ctx)
	if err != nil {
		return err
	}
	if most := b.conn.MaxPayload() - headersRoom; len(data) > most {
		return fmt.Errorf("write %s to bucket %s: %w: %d bytes, and its max_payload leaves %d", key, b.name, ErrTooLarge, len(data), most)
	}
	if basis == 0 {
		_, err = kv.Create(ctx, key, data)
	} else {
		_, err = kv.Update(ctx, key, data, basis)
	}
	var refused *jetstream.APIError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jetstream.ErrKeyExists), errors.Is(err, jetstream.ErrKeyRevisionMismatch):
		err = ErrChanged
	case errors.As(err, &refused):
		err = refusal(refused)
	}
	return fmt.Errorf("write %s to bucket %s: %w", key, b.name, err)
}

// putIfAbsent writes a key that has no value, and leaves one that has.
func (b bucket) putIfAbsent(ctx context.Context, key string, data []byte) error {
	if _, found, err := b.get(ctx, key); found || err != nil {
		return err
	}
	if err := b.put(ctx, key, data, 0); !errors.Is(err, ErrChanged) {
		return err
	}
	return nil // another router was quicker
}

// history lists the writes of a key that the bucket still has, oldest first.
func (b bucket) history(ctx context.Context, key string) ([]entry, error) {
	return b.list(ctx, key, jetstream.IncludeHistory())
}

// list reads the keys that match a pattern.
func (b bucket) list(ctx context.Context, pattern string, options ...jetstream.WatchOpt) ([]entry, error) {
	kv, err := b.open(ctx)
	if err != nil {
		return nil, err
	}
	all, err := ask(ctx, askWithin, func(ctx context.Context) ([]entry, error) {
		return entries(ctx, kv, pattern, append(options, jetstream.IgnoreDeletes())...)
	})
	if err != nil {
		return nil, fmt.Errorf("read bucket %s: %w", b.name, err)
	}
	return all, nil
}

// entries reads what matches a pattern now.
func entries(ctx context.Context, kv jetstream.KeyValue, pattern string, options ...jetstream.WatchOpt) (list []entry, _ error) {
	watcher, err := kv.Watch(ctx, pattern, options...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = watcher.Stop() }()
	for {
		select {
		case got := <-watcher.Updates():
			if got == nil {
				return list, nil
			}
			list = append(list, entryOf(got))
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func entryOf(e jetstream.KeyValueEntry) entry {
	return entry{key: e.Key(), data: e.Value(), sequence: e.Revision(), at: e.Created()}
}
