package reproduce

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/router"
)

// Network is one that decisions are made anew on, and what is known of how it
// differs from the one that is meant.
type Network struct {
	*router.Network
	Config  *config.Config
	Changes []Change // none: it is the very network that was asked for
}

// Now is the network of a config of today.
func Now(c *config.Config) (*Network, error) {
	n, err := router.Build(c)
	if err != nil {
		return nil, err
	}
	return &Network{Network: n, Config: c}, nil
}

// Then is the network that had a revision, from the bundle and the closures
// that the store of configs keeps. Gazetteers are read by o.ReadFile; where one
// is not what it was, the one of today stands in and Changes names it.
func Then(revision string, b *config.Bundle, closures []router.Closure, o config.Options) (*Network, error) {
	b, swapped := withGazetteers(b, func(name string) ([]byte, error) {
		if !filepath.IsAbs(name) {
			name = filepath.Join(o.Dir, name)
		}
		return o.ReadFile(name)
	})
	c, found := config.LoadBundle(b, o)
	if c == nil {
		return nil, fmt.Errorf("load config %s of then: %w", b.Revision, found.Err())
	}
	n, err := Now(c)
	if err != nil {
		return nil, err
	}
	n.Changes = swapped
	return n.as(revision, closures), nil
}

// StandIn is the network of today in place of one that had another revision,
// with what was closed then.
func (n *Network) StandIn(revision string, closures []router.Closure) *Network {
	out := *n
	out.Changes = Changes(configOf(revision), nil, n.Config.Bundle())
	return out.as(revision, closures)
}

// as closes what was closed under a revision.
func (n *Network) as(revision string, closures []router.Closure) *Network {
	n.Network = n.WithClosures(closures)
	switch {
	case len(n.Changes) > 0:
	case n.Config.Revision != configOf(revision): // of the same files
		n.Changes = []Change{{Kind: ProgramChanged, Then: revision, Now: n.Revision}}
	case n.Revision != revision:
		n.Changes = []Change{{Kind: ClosuresUnknown, Then: revision, Now: n.Revision}}
	}
	return n
}

// configOf is the revision of the config in that of a network.
func configOf(revision string) string {
	config, _, _ := strings.Cut(revision, "+")
	return config
}

// withGazetteers is a bundle with the gazetteers of today in place of those
// that it was made with. Swapped lists what is not the same.
func withGazetteers(b *config.Bundle, read func(name string) ([]byte, error)) (out *config.Bundle, swapped []Change) {
	next := *b
	next.Gazetteers = slices.Clone(b.Gazetteers)
	for i := range next.Gazetteers {
		g := &next.Gazetteers[i]
		data, err := read(g.Name)
		if err != nil {
			continue // loading says so
		}
		sum := sha256.Sum256(data)
		if now := hex.EncodeToString(sum[:]); now != g.SHA256 {
			swapped = append(swapped, Change{GazetteerChanged, g.Name, short(g.SHA256), short(now)})
			g.SHA256 = now
		}
	}
	return &next, swapped
}

// Is reports whether a revision is of this network's config, whatever was
// closed under it.
func (n *Network) Is(revision string) bool { return n.Config.Revision == configOf(revision) }
