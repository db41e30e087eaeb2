package reproduce

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/nearlane/nearlane/config"
)

// Change is an input of a decision that is not what it was then.
type Change struct {
	Kind string `json:"kind"`
	Name string `json:"name,omitempty"` // of the file
	Then string `json:"then,omitempty"` // a revision or the beginning of a SHA-256; empty: it was not there
	Now  string `json:"now,omitempty"`
}

// Kinds of changes.
const (
	ConfigChanged    = "config"    // the file of the config, or all of it where no more is known
	ShapesChanged    = "geojson"   // a file that the config names
	GazetteerChanged = "gazetteer" // likewise
	ClosuresChanged  = "closures"  // what staff had closed by hand
	ClosuresUnknown  = "closed"    // they had closed something, and nobody knows what
	TakenOver        = "hold"      // another router had got the hold, and died before it could say so
	OrderGone        = "order"     // ORDERS no longer has it, or something else in its place
	ProgramChanged   = "program"   // all else is as it was, so planning itself differs
)

// Changes lists in what two configs differ, file by file. Where the one of then
// is not known, all that can be told is its revision.
func Changes(revision string, then, now *config.Bundle) []Change {
	if revision == now.Revision {
		return nil
	}
	if then == nil {
		return []Change{{Kind: ConfigChanged, Then: revision, Now: now.Revision}}
	}
	var list []Change
	if then.Blanked().Text != now.Blanked().Text { // what is kept has no secrets
		list = append(list, Change{ConfigChanged, now.Name, then.Revision, now.Revision})
	}
	list = append(list, filesChanged(ShapesChanged, shapes(then), shapes(now))...)
	return append(list, filesChanged(GazetteerChanged, gazetteers(then), gazetteers(now))...)
}

// named is a file and the digest of what is in it.
type named struct{ name, digest string }

func filesChanged(kind string, then, now []named) (list []Change) {
	find := func(in []named, name string) string {
		for _, f := range in {
			if f.name == name {
				return f.digest
			}
		}
		return ""
	}
	for _, f := range then {
		if digest := find(now, f.name); digest != f.digest {
			list = append(list, Change{kind, f.name, f.digest, digest})
		}
	}
	for _, f := range now {
		if find(then, f.name) == "" {
			list = append(list, Change{kind, f.name, "", f.digest})
		}
	}
	return list
}

func shapes(b *config.Bundle) (list []named) {
	for _, f := range b.Files {
		sum := sha256.Sum256([]byte(f.Text))
		list = append(list, named{f.Name, short(hex.EncodeToString(sum[:]))})
	}
	return list
}

func gazetteers(b *config.Bundle) (list []named) {
	for _, g := range b.Gazetteers {
		list = append(list, named{g.Name, short(g.SHA256)})
	}
	return list
}

// short is as much of a digest as tells two apart.
func short(digest string) string { return digest[:min(len(digest), 12)] }
