package config

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
)

// value is one node of the file, or the absence of one. Reading an absent
// value, or one that was refused already, yields nothing and reports nothing:
// one mistake is one finding.
type value struct {
	doc  *document
	node ast.Node // nil: absent
	path string
	at   position // where it starts
	key  position // of its key, or of the list item
}

func (v value) absent() bool { return v.node == nil }

// fail reports an error at the value.
func (v value) fail(code, hint, format string, args ...any) {
	v.doc.add(v.at, v.path, code, hint, format, args...)
}

// failAtKey reports an error at the value's key: what is wrong is that the
// value as a whole lacks something.
func (v value) failAtKey(code, hint, format string, args ...any) {
	v.doc.add(v.key, v.path, code, hint, format, args...)
}

// warn reports, at the value's key, what does not keep the config from loading.
func (v value) warn(code, hint, format string, args ...any) {
	v.failAtKey(code, hint, format, args...)
	v.doc.findings[len(v.doc.findings)-1].Severity = Warning
}

// plain is the node without anchor or tag, which refuse has reported; nil for
// an alias, whose value nobody needs to know.
func (v value) plain() ast.Node {
	switch n := v.node.(type) {
	case *ast.AnchorNode:
		return value{node: n.Value}.plain()
	case *ast.TagNode:
		return value{node: n.Value}.plain()
	case *ast.AliasNode:
		return nil
	}
	return v.node
}

// kind says what the value is, for a finding of the wrong type.
func (v value) kind() string {
	switch n := v.plain().(type) {
	case *ast.MappingNode:
		return "a mapping"
	case *ast.SequenceNode:
		return "a list"
	case *ast.LiteralNode:
		return "a block of text"
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value
	default:
		return "a text"
	}
}

// wrongType reports that something else was wanted. A key without a value is
// a mistake of its own.
func (v value) wrongType(want, hint string) {
	switch v.plain().(type) {
	case nil: // absent, or refused already
	case *ast.NullNode:
		v.fail(CodeMissing, hint+", or delete the line", "a value is missing; %s should stand here", want)
	default:
		v.fail(CodeType, hint, "this is %s; %s should stand here", v.kind(), want)
	}
}

// list is the items of a list.
func (v value) list(hint string) []value {
	n, ok := v.plain().(*ast.SequenceNode)
	if !ok {
		v.wrongType("a list", hint)
		return nil
	}
	items := make([]value, 0, len(n.Values))
	for i, node := range n.Values {
		if node == nil {
			continue
		}
		at := startOf(node)
		items = append(items, value{doc: v.doc, node: node, path: fmt.Sprintf("%s[%d]", v.path, i), at: at, key: at})
	}
	return items
}

// some is list for a list that must not be empty.
func (v value) some(hint string) []value {
	items := v.list(hint)
	if _, is := v.plain().(*ast.SequenceNode); is && len(items) == 0 {
		v.fail(CodeMissing, hint, "the list is empty")
	}
	return items
}

// startOf is where a node begins. A block mapping's own token is the colon of
// its first key.
func startOf(node ast.Node) position {
	if m, ok := node.(*ast.MappingNode); ok && !m.IsFlowStyle && len(m.Values) > 0 {
		return positionOf(m.Values[0].Key.GetToken())
	}
	return positionOf(node.GetToken())
}
