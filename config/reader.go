package config

import (
	"errors"

	"github.com/goccy/go-yaml/ast"

	"github.com/nearlane/nearlane/lanes"
)

// Document is a YAML file that is no config and is read as strictly as one:
// the mistakes of all of it, each a Finding.
type Document struct{ doc *document }

// Node is one value of a Document, or the absence of one. Reading an absent
// node, or one that was refused already, yields nothing and reports nothing.
type Node struct{ v value }

// Mapping is a node whose keys are known beforehand. Done reports every key
// that was never asked for.
type Mapping struct{ m *mapping }

// Field is how the text of a scalar becomes a T.
type Field[T any] struct {
	What  string // as findings call it: "a duration"
	Hint  string // how it is written: "write it as 20m, 2h or 48h"
	Parse func(text string) (T, error)
}

// ParseDocument reads data as one YAML document. The node is absent if it is none; then
// there is a finding.
func ParseDocument(file string, data []byte) (*Document, Node) {
	doc, root := parse(file, data)
	return &Document{doc}, Node{root}
}

// Unreadable is the finding of a file that cannot be read at all.
func Unreadable(file string, err error) Finding {
	return Finding{File: file, Path: "$", Code: CodeFile, Severity: Error,
		Message: "cannot read the file: " + plainError(err), Hint: "check the path and who may read it"}
}

// Findings are all mistakes so far, in the order of the file.
func (d *Document) Findings() Findings { return d.doc.report() }

// Absent reports whether there is nothing.
func (n Node) Absent() bool { return n.v.absent() }

// Position is where the node begins; of an absent one, where its parent does.
func (n Node) Position() Position {
	return Position{File: n.v.doc.file, Line: n.v.at.line, Column: n.v.at.column}
}

// IsMapping reports whether the node is a mapping.
func (n Node) IsMapping() bool { return n.v.isMapping() }

// IsList reports whether the node is a list.
func (n Node) IsList() bool {
	_, is := n.v.plain().(*ast.SequenceNode)
	return is
}

// Mapping reads the node as a mapping; hint says what belongs into it.
func (n Node) Mapping(hint string) *Mapping { return &Mapping{n.v.mapping(hint)} }

// Get is the value of a key, or an absent node.
func (m *Mapping) Get(key string) Node { return Node{m.m.get(key)} }

// Need is Get for a required key.
func (m *Mapping) Need(key, hint string) Node { return Node{m.m.need(key, hint)} }

// Done reports the keys that nobody asked for.
func (m *Mapping) Done() { m.m.done() }

// Entry is one key of a mapping with its value.
type Entry struct {
	Key string
	Node
}

// Entries reads the node as a mapping with keys of any kind, in the order of
// the file.
func (n Node) Entries(hint string) []Entry {
	var out []Entry
	for _, e := range n.v.entriesOf(hint) {
		out = append(out, Entry{e.name, Node{e.value}})
	}
	return out
}

// List reads the node as a list.
func (n Node) List(hint string) []Node {
	var out []Node
	for _, item := range n.v.list(hint) {
		out = append(out, Node{item})
	}
	return out
}

// Fail reports an error at the node.
func (n Node) Fail(code, hint, format string, args ...any) {
	n.v.fail(code, hint, format, args...)
}

// FailAtKey reports an error at the node's key: what is wrong is that the node
// as a whole lacks something, or that it is there.
func (n Node) FailAtKey(code, hint, format string, args ...any) {
	n.v.failAtKey(code, hint, format, args...)
}

// Read is the value of a scalar. It is false if the node is absent or was
// refused; then there is a finding.
func Read[T any](n Node, f Field[T]) (T, bool) {
	return read(n.v, field[T]{f.What, f.Hint, f.Parse})
}

// ReadKey reads the key of an entry as Read reads its value.
func ReadKey[T any](e Entry, f Field[T]) (T, bool) {
	out, err := f.Parse(e.Key)
	if err == nil {
		return out, true
	}
	code, hint := CodeValue, f.Hint
	var p *problem
	if errors.As(err, &p) && p.code != "" {
		code = p.code
	}
	if p != nil && p.hint != "" {
		hint = p.hint
	}
	e.FailAtKey(code, hint, "%q is not %s: %v", shorten(e.Key), f.What, err)
	return out, false
}

// Reference is one of the ids that are known; what says what they are ids of:
// "a site". Another one is refused with the nearest that there is.
func Reference(what string, ids []string) Field[string] {
	f := idOf("", ids)
	return Field[string]{What: what, Hint: "an id from the config", Parse: f.parse}
}

// Whole is a whole number between two bounds, both included.
func Whole(what string, least, most int64) Field[int64] {
	f := whole(what, least, most)
	return Field[int64]{f.what, f.hint, f.parse}
}

// Decimal is a number between two bounds, both included.
func Decimal(what, hint string, least, most float64) Field[float64] {
	f := decimal(what, hint, least, most)
	return Field[float64]{f.what, f.hint, f.parse}
}

// Box reads three sides in mm.
func Box(n Node) (lanes.Box, bool) { return box(n.v) }

// Text is any text but the empty one.
func Text(what string) Field[string] {
	f := text(what)
	return Field[string]{f.what, f.hint, f.parse}
}

// Word is one of a few words.
func Word(what string, words ...string) Field[string] {
	f := oneOf(what, words...)
	return Field[string]{f.what, f.hint, f.parse}
}

// Unknown is the error of a Parse that knows what was probably meant: one of
// the candidates.
func Unknown(name string, candidates []string) error {
	return &problem{code: CodeReference, message: "nothing of that name is defined", hint: didYouMean(name, candidates)}
}
