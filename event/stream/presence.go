package stream

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// PresenceTTL is how long a router counts as present after it said so last. It
// says so three times as often.
const (
	PresenceTTL     = 30 * time.Second
	PresenceRefresh = PresenceTTL / 3
)

// Presence is what a running router says of itself.
type Presence struct {
	Router   string    `json:"router"`
	Network  string    `json:"network,omitempty"` // its name; empty: the router is of a version that does not say
	Host     string    `json:"host"`
	Version  string    `json:"version"`
	Started  time.Time `json:"started"`
	Clock    time.Time `json:"clock"`              // of its machine, when it said so
	Revision string    `json:"revision"`           // of the network in force
	Source   string    `json:"source"`             // "file" or "push"
	Follows  bool      `json:"follows"`            // it takes pushes
	Push     uint64    `json:"push,omitempty"`     // the sequence of the last push it has seen
	Closures int       `json:"closures,omitempty"` // sites and lanes that staff have closed
	Error    string    `json:"error,omitempty"`    // why the last reload or push was refused
	Seen     time.Time `json:"seen"`               // of the server, when it was said

	// What all routers of one NATS have to share.
	Redis     string `json:"redis,omitempty"`     // address and database
	Mark      string `json:"mark,omitempty"`      // that stands in that Redis; empty while it does not answer
	DigestKey string `json:"digestKey,omitempty"` // a fingerprint
	Joining   bool   `json:"joining,omitempty"`   // it does not route yet
}

// PresenceStore is who runs.
type PresenceStore struct{ bucket }

// Presence returns the store of who runs.
func (c *Conn) Presence() *PresenceStore { return &PresenceStore{bucket{c, bucketPresence}} }

// Say stores what a router says of itself. It is also how routers find out
// whether NATS stores anything, so it is large enough that the disk has to find
// room for it.
func (s *PresenceStore) Say(ctx context.Context, p Presence) error {
	p.Seen = time.Time{}
	data, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode presence: %w", err)
	}
	kv, err := s.open(ctx)
	if err != nil {
		return err
	}
	subject := bucketSubjects + kv.Bucket() + "." + keyOf(p.Router)
	_, err = s.conn.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data, Header: nats.Header{headerWeight: {weight}}})
	if err != nil {
		return fmt.Errorf("write presence of %s: %w", p.Router, meaning(err))
	}
	return nil
}

const headerWeight = "Nearlane-Weight"

// weight exceeds a block of a file system: a smaller message may still fit into
// the last one of a file when orders no longer do.
var weight = strings.Repeat("x", 4<<10)

// Leave takes a router off the list.
func (s *PresenceStore) Leave(ctx context.Context, router string) error {
	kv, err := s.open(ctx)
	if err != nil {
		return err
	}
	if err := kv.Delete(ctx, keyOf(router)); err != nil {
		return fmt.Errorf("delete presence of %s: %w", router, err)
	}
	return nil
}

// List lists the routers that have said something within PresenceTTL, by name.
func (s *PresenceStore) List(ctx context.Context) ([]Presence, error) {
	entries, err := s.list(ctx, jetstream.AllKeys)
	if err != nil {
		return nil, err
	}
	list := make([]Presence, len(entries))
	for i, e := range entries {
		if err := json.Unmarshal(e.data, &list[i]); err != nil {
			return nil, fmt.Errorf("read %s from bucket %s: %w", e.key, s.name, err)
		}
		list[i].Seen = e.at.UTC()
	}
	slices.SortFunc(list, func(a, b Presence) int { return cmp.Compare(a.Router, b.Router) })
	return list, nil
}

// keyOf writes a router's name with the characters that a key may have: any
// other byte is "=" and its two hexadecimal digits.
func keyOf(router string) string {
	var b strings.Builder
	for _, c := range []byte(router) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}
