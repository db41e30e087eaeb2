package config

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml/ast"
)

// Change is one value that differs between two configs.
type Change struct {
	Path string `json:"path"`         // $.sites.kallio.lanes.bike.capacity.parcels, or the name of a file
	Was  string `json:"was,omitzero"` // empty: it was not there
	Is   string `json:"is,omitzero"`  // empty: it is not there any more
}

// String is the change on one line.
func (c Change) String() string {
	switch {
	case c.Was == "":
		return fmt.Sprintf("%s: %s, new", c.Path, c.Is)
	case c.Is == "":
		return fmt.Sprintf("%s: %s, gone", c.Path, c.Was)
	}
	return fmt.Sprintf("%s: %s -> %s", c.Path, c.Was, c.Is)
}

// Changes lists the values of the network that differ between two bundles, in
// the order of the new file, then what is gone. Servers, folders and secrets
// are no part of a network.
func Changes(was, is *Bundle) (list []Change) {
	before, after := leavesOf(was), leavesOf(is)
	old, kept := before.byPath(), after.byPath()
	for _, l := range after {
		if old[l.Path] != l.Is {
			list = append(list, Change{l.Path, old[l.Path], l.Is})
		}
	}
	for _, l := range before {
		if kept[l.Path] == "" {
			list = append(list, Change{Path: l.Path, Was: l.Is})
		}
	}
	return list
}

// leaves are the values of a file and the digests of the files that it names.
type leaves []Change

func (l leaves) byPath() map[string]string {
	m := make(map[string]string, len(l))
	for _, c := range l {
		m[c.Path] = c.Is
	}
	return m
}

func leavesOf(b *Bundle) (list leaves) {
	_, root := parse(b.Name, []byte(b.Text))
	if !root.absent() {
		list.walk(root.node, root.path)
	}
	for _, f := range b.Files {
		list = append(list, Change{Path: f.Name, Is: digestOf([]byte(f.Text))[:12]})
	}
	for _, g := range b.Gazetteers {
		list = append(list, Change{Path: g.Name, Is: g.SHA256[:min(12, len(g.SHA256))]})
	}
	return list
}

func (l *leaves) walk(node ast.Node, path string) {
	if node == nil || slices.Contains(private, path) {
		return
	}
	switch n := node.(type) {
	case *ast.MappingNode:
		for _, pair := range n.Values {
			name, _ := keyName(pair)
			l.walk(pair.Value, child(path, name))
		}
	case *ast.SequenceNode:
		for i, item := range n.Values {
			l.walk(item, fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		*l = append(*l, Change{Path: path, Is: fmt.Sprintf("%q", node.GetToken().Value)})
	}
}
