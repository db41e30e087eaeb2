package config

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// mapping reads a mapping whose keys are known beforehand. Each key that get
// was never asked for is unknown; done reports those.
type mapping struct {
	value
	entries []entry
	asked   []string
}

// entry is one key of a mapping with its value.
type entry struct {
	name string
	value
}

// mapping reads the value as a mapping; hint says what belongs into it.
func (v value) mapping(hint string) *mapping {
	return &mapping{value: v, entries: v.entriesOf(hint)}
}

// get is the value of a key, or an absent one.
func (m *mapping) get(name string) value {
	m.asked = append(m.asked, name)
	for _, e := range m.entries {
		if e.name == name {
			return e.value
		}
	}
	return value{doc: m.doc, path: child(m.path, name), at: m.at, key: m.key}
}

// need is get for a required key.
func (m *mapping) need(name, hint string) value {
	v := m.get(name)
	if m.isMapping() && v.absent() {
		m.doc.add(m.key, v.path, CodeMissing, hint, "%q is missing", name)
	}
	return v
}

// isMapping reports whether the value is a mapping at all, and not absent or
// refused.
func (v value) isMapping() bool {
	_, is := v.plain().(*ast.MappingNode)
	return is
}

// done reports the keys that nobody asked for. What was meant by one is not a
// key that is there as well.
func (m *mapping) done() {
	given := names(m.entries)
	free := slices.DeleteFunc(slices.Clone(m.asked), func(name string) bool { return slices.Contains(given, name) })
	for _, e := range m.entries {
		if slices.Contains(m.asked, e.name) {
			continue
		}
		hint := "one of " + enumerate(m.asked)
		if best := nearest(e.name, free); best != "" {
			hint = fmt.Sprintf("did you mean %q?", best)
		}
		e.failAtKey(CodeUnknownKey, hint, "unknown key %q", e.name)
	}
}

// misspelt reports whether there is a key that nobody has asked for yet, but
// for those that will be: what it was meant to be is not missing.
func (m *mapping) misspelt(later ...string) bool {
	return slices.ContainsFunc(m.entries, func(e entry) bool {
		return !slices.Contains(m.asked, e.name) && !slices.Contains(later, e.name)
	})
}

// byID reads a mapping from ids to things, sorted by id. Ids may hold the
// characters of also, beside the usual ones.
func (v value) byID(hint, also string) []entry {
	entries := v.entriesOf(hint)
	for _, e := range entries {
		if message, _ := checkID(e.name, also); message != "" {
			e.failAtKey(CodeID, idHint, "%q is not an id: %s", e.name, message)
		}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.name, b.name) })
	return entries
}

// entriesOf is the keys of a mapping in the order of the file, without the
// duplicates, which refuse has reported.
func (v value) entriesOf(hint string) []entry {
	n, ok := v.plain().(*ast.MappingNode)
	if !ok {
		v.wrongType("a mapping", hint)
		return nil
	}
	seen := map[string]bool{}
	var entries []entry
	for _, pair := range n.Values {
		name, ok := keyName(pair)
		if !ok || seen[name] || pair.Value == nil {
			continue
		}
		seen[name] = true
		entries = append(entries, entry{name: name, value: value{
			doc: v.doc, node: pair.Value, path: child(v.path, name),
			at: startOf(pair.Value), key: positionOf(pair.Key.GetToken()),
		}})
	}
	return entries
}

// names lists the ids of entries.
func names(entries []entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.name
	}
	return out
}
