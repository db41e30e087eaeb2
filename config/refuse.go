package config

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// refuse walks the whole tree for what a config does not use, whatever the
// keys above it mean: anchors, aliases, merge keys, tags, keys that are no
// plain texts, and duplicate keys.
func (d *document) refuse(node ast.Node, path string) {
	at := positionOf(node.GetToken())
	switch n := node.(type) {
	case *ast.AliasNode:
		d.add(at, path, CodeYAML, "write the value out here: a reader of this line should see what it means",
			"aliases are not used here")
	case *ast.AnchorNode:
		d.add(at, path, CodeYAML, "delete the & and the name after it", "anchors are not used here")
		d.refuseIn(n.Value, path)
	case *ast.TagNode:
		d.add(at, path, CodeYAML, "delete the tag: texts stay texts without it", "tags are not used here")
		d.refuseIn(n.Value, path)
	case *ast.MappingNode:
		d.refuseKeys(n, path)
	case *ast.SequenceNode:
		for i, item := range n.Values {
			d.refuseIn(item, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// refuseIn is refuse for a node that may be missing.
func (d *document) refuseIn(node ast.Node, path string) {
	if node != nil {
		d.refuse(node, path)
	}
}

func (d *document) refuseKeys(n *ast.MappingNode, path string) {
	first := map[string]int{}
	for _, pair := range n.Values {
		name, ok := keyName(pair)
		at := positionOf(pair.Key.GetToken())
		if !ok {
			d.refuseKey(pair.Key, at, path)
			continue
		}
		below := child(path, name)
		if line, twice := first[name]; twice {
			d.add(at, below, CodeDuplicate, "keep one of the two", "%q is there already, on line %d", name, line)
		} else {
			first[name] = at.line
		}
		d.refuseIn(pair.Value, below)
	}
}

func (d *document) refuseKey(key ast.Node, at position, path string) {
	if _, merge := key.(*ast.MergeKeyNode); merge {
		d.add(at, path, CodeYAML, "write the keys out here", "merge keys are not used here")
		return
	}
	d.add(at, path, CodeYAML, "write it as KEY: VALUE", "only plain texts are keys here")
}

// keyName is the text of a plain key.
func keyName(pair *ast.MappingValueNode) (string, bool) {
	switch pair.Key.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
		return pair.Key.GetToken().Value, true
	}
	return "", false
}

// child is the path of a key below path.
func child(path, name string) string {
	if name == "" || strings.ContainsAny(name, " .[]'\"*$\t\n") {
		name = "'" + strings.ReplaceAll(name, "'", "\\'") + "'"
	}
	return path + "." + name
}
