package event

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"slices"
	"sync"
)

// Digester makes the digests of one key. It may be used by several goroutines
// at once.
type Digester struct{ macs sync.Pool }

// mac is a keyed hash: what the key costs is paid once for many orders.
type mac struct {
	hash.Hash
	text writer
	sum  [sha256.Size]byte
	hex  [2 * sha256.Size]byte
}

// NewDigester makes a digester.
func NewDigester(key []byte) *Digester {
	key = slices.Clone(key)
	return &Digester{sync.Pool{New: func() any { return &mac{Hash: hmac.New(sha256.New, key)} }}}
}

// Digest is the HMAC-SHA256, in hexadecimal, over the canonical JSON (RFC
// 8785) of o's known fields. It tells a repeat with the same content from one
// that changes the order; the key keeps addresses from being guessed. Order o
// is one that DecodeOrder gave.
func (d *Digester) Digest(o *Order) string {
	m := d.macs.Get().(*mac)
	defer d.macs.Put(m)
	m.Reset()
	m.Write(m.text.canonical(o))
	return string(m.hex[:hex.Encode(m.hex[:], m.Sum(m.sum[:0]))])
}

// Digest is that of a digester of key.
func Digest(o *Order, key []byte) string { return NewDigester(key).Digest(o) }
