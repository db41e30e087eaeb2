package diff

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/nearlane/nearlane/config"
)

// Setting is one value of the files that differs. Lists that differ in what
// they hold tell only that.
type Setting struct {
	Of   string `json:"of"`  // whose it is: "sites.kallio.lanes.bike"; empty: the network's
	Key  string `json:"key"` // below that: "capacity.parcels"
	Was  string `json:"was,omitzero"`
	Is   string `json:"is,omitzero"`
	List bool   `json:"list,omitzero"` // was: what the list lost; is: what it gained
}

// fixed are the settings that a running router cannot change. What stands
// there can be a secret, so that only the names are told.
var fixed = []string{"dataDir", "geocoding.http", "http", "nats", "redis", "secrets"}

// settings compares the two files key by key, as written: comments, layout
// and the order of keys do not count.
func (r *Report) settings() {
	was, is := r.old.Bundle(), r.new.Bundle()
	if clean(was) || clean(is) {
		was, is = was.Blanked(), is.Blanked()
	}
	r.compare("", rootOf(was), rootOf(is))
	slices.SortStableFunc(r.Settings, func(a, b Setting) int {
		return cmp.Or(cmp.Compare(a.Of, b.Of), cmp.Compare(a.Key, b.Key))
	})
}

// clean reports whether a file writes out no secret. The config of a running
// router never does: then its secrets say nothing of whether they differ.
func clean(b *config.Bundle) bool { return b.Blanked().Text == b.Text }

func rootOf(b *config.Bundle) config.Node {
	_, root := config.ParseDocument(b.Name, []byte(b.Text))
	return root
}

func (r *Report) compare(path string, was, is config.Node) {
	if slices.Contains(fixed, path) {
		if written(was) != written(is) {
			r.Restart = append(r.Restart, path)
		}
		return
	}
	switch {
	case was.IsMapping() && is.IsMapping():
		before, after := entriesOf(was), entriesOf(is)
		keys := maps.Clone(before)
		maps.Copy(keys, after)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			r.compare(strings.TrimPrefix(path+"."+key, "."), before[key], after[key])
		}
	case was.IsList() && is.IsList():
		r.compareLists(path, itemsOf(was), itemsOf(is))
	default:
		if before, after := written(was), written(is); before != after {
			r.set(path, Setting{Was: before, Is: after})
		}
	}
}

func (r *Report) compareLists(path string, was, is []string) {
	if slices.Equal(was, is) {
		return
	}
	lost, gained := without(was, is), without(is, was)
	if len(lost)+len(gained) == 0 { // in another order, which can mean something
		r.set(path, Setting{Was: bracketed(was), Is: bracketed(is)})
		return
	}
	r.set(path, Setting{Was: strings.Join(lost, ", "), Is: strings.Join(gained, ", "), List: true})
}

// without is what of list is not in other.
func without(list, other []string) (rest []string) {
	other = slices.Clone(other)
	for _, item := range list {
		if i := slices.Index(other, item); i >= 0 {
			other = slices.Delete(other, i, i+1)
		} else {
			rest = append(rest, item)
		}
	}
	return rest
}

func (r *Report) set(path string, s Setting) {
	s.Of, s.Key = owner(path)
	r.Settings = append(r.Settings, s)
}

// owner splits a path into what has the setting and the setting itself.
func owner(path string) (of, key string) {
	parts := strings.Split(path, ".")
	n := 0
	switch {
	case len(parts) > 4 && parts[0] == "sites" && parts[2] == "lanes":
		n = 4
	case len(parts) > 2 && slices.Contains([]string{"sites", "lockers", "couriers", "serviceLevels", "regions"}, parts[0]):
		n = 2
	}
	return strings.Join(parts[:n], "."), strings.Join(parts[n:], ".")
}

func entriesOf(n config.Node) map[string]config.Node {
	entries := map[string]config.Node{}
	for _, e := range n.Entries("") {
		entries[e.Key] = e.Node
	}
	return entries
}

func itemsOf(n config.Node) (items []string) {
	for _, item := range n.List("") {
		items = append(items, written(item))
	}
	return items
}

// asWritten is the text of any scalar.
var asWritten = config.Field[string]{What: "a value", Parse: func(text string) (string, error) { return text, nil }}

// written is a node on one line, keys sorted.
func written(n config.Node) string {
	switch {
	case n.Absent():
		return ""
	case n.IsList():
		return bracketed(itemsOf(n))
	case n.IsMapping():
		entries := entriesOf(n)
		var parts []string
		for _, key := range slices.Sorted(maps.Keys(entries)) {
			parts = append(parts, key+": "+written(entries[key]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	text, _ := config.Read(n, asWritten)
	return text
}

func bracketed(items []string) string { return "[" + strings.Join(items, ", ") + "]" }

// files compares what the configs name, by content.
func (r *Report) files() {
	was, is := contentsOf(r.old), contentsOf(r.new)
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, old := was[name]
		after, now := is[name]
		switch {
		case !old:
			r.Files = append(r.Files, name+" is new")
		case !now:
			r.Files = append(r.Files, name+" is no longer used")
		case before != after:
			r.Files = append(r.Files, name+" has changed")
		}
	}
}

// contentsOf is the content, or its digest, of the files that a config names.
func contentsOf(c *config.Config) map[string]string {
	contents := map[string]string{}
	for _, f := range c.Bundle().Files {
		contents[f.Name] = f.Text
	}
	for _, g := range c.Bundle().Gazetteers {
		contents["gazetteer "+g.Name] = g.SHA256
	}
	return contents
}
