package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"
)

// Position is where something stands in the config file. Line and column count
// from 1, the column in characters; the zero line is the file as a whole.
type Position struct {
	File         string
	Line, Column int
}

// String is FILE:LINE:COLUMN, which editors and CI logs turn into a link.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// Position is where a path of the file stands, such as
// $.sites.kallio.lanes.bike.blocks[1]: its key, or its list item. Of a path
// that the file does not have it is the nearest parent's. Findings write paths
// the same way; a key that holds a dot, a space or a bracket is in single
// quotes.
func (c *Config) Position(path string) Position {
	if c.page == nil { // not from a file
		return Position{}
	}
	m, _ := c.page.find(path)
	return Position{File: c.page.file, Line: m.at.line, Column: m.at.column}
}

// Has reports whether the file has this path.
func (c *Config) Has(path string) bool {
	if c.page == nil {
		return false
	}
	_, found := c.page.find(path)
	return found
}

// Locate completes a finding about this config, of which the path is known:
// with its file, line, column and excerpt.
func (c *Config) Locate(f Finding) Finding {
	at := c.Position(f.Path)
	f.File, f.Line, f.Column = at.File, at.Line, at.Column
	if c.page != nil {
		f.Excerpt = excerpt(c.page.masked(), position{at.Line, at.Column})
	}
	return f
}

// page is what a config remembers of its file: where every key and item
// stands, and the text around it.
type page struct {
	file   string
	root   spot
	masked func() []string // the lines, without secrets
}

// spot is where a key or a list item stands.
type spot struct {
	at    position
	key   string // empty for an item: its place in the list says which
	below []spot // of a list in its order, of a mapping by key
	list  bool   // below are items
}

func newPage(d *document, root value) *page {
	return &page{file: d.file, root: spotOf(root.node, "", root.at),
		masked: sync.OnceValue(func() []string { return strings.Split(mask(strings.Join(d.lines, "\n")), "\n") })}
}

// spotOf notes a node and all below it.
func spotOf(node ast.Node, key string, at position) spot {
	m := spot{at: at, key: key}
	switch n := node.(type) {
	case *ast.MappingNode:
		m.below = make([]spot, 0, len(n.Values))
		for _, pair := range n.Values {
			if name, ok := keyName(pair); ok {
				m.below = append(m.below, spotOf(pair.Value, name, positionOf(pair.Key.GetToken())))
			}
		}
		slices.SortStableFunc(m.below, func(a, b spot) int { return cmp.Compare(a.key, b.key) })
	case *ast.SequenceNode:
		m.list, m.below = true, make([]spot, 0, len(n.Values))
		for _, item := range n.Values {
			m.below = append(m.below, spotOf(item, "", startOf(item)))
		}
	}
	return m
}

// find is the spot of a path or of its nearest parent.
func (p *page) find(path string) (spot, bool) {
	m := p.root
	rest, rooted := strings.CutPrefix(path, "$")
	for rooted && rest != "" {
		step, after, ok := nextStep(rest)
		if !ok {
			return m, false
		}
		at := m.child(step)
		if at < 0 {
			return m, false
		}
		m, rest = m.below[at], after
	}
	return m, rooted
}

// child is the place below a spot of one step down.
func (m spot) child(s step) int {
	if m.list || s.item {
		if m.list && s.item && s.index < len(m.below) {
			return s.index
		}
		return -1
	}
	i, found := slices.BinarySearchFunc(m.below, s.key, func(b spot, key string) int { return cmp.Compare(b.key, key) })
	if !found {
		return -1
	}
	return i
}

// step is one part of a path: .key, .'a key' or [1].
type step struct {
	key   string
	index int
	item  bool
}

// nextStep takes the first step off a path.
func nextStep(path string) (s step, rest string, ok bool) {
	switch {
	case strings.HasPrefix(path, "["):
		digits, after, closed := strings.Cut(path[1:], "]")
		if !closed || digits == "" || len(digits) > 9 {
			return s, "", false
		}
		for _, d := range []byte(digits) {
			if d < '0' || d > '9' {
				return s, "", false
			}
			s.index = s.index*10 + int(d-'0')
		}
		s.item = true
		return s, after, true
	case strings.HasPrefix(path, ".'"):
		return quotedStep(path[2:])
	case strings.HasPrefix(path, "."):
		end := strings.IndexAny(path[1:], ".[")
		if end < 0 {
			end = len(path) - 1
		}
		s.key = path[1 : 1+end]
		return s, path[1+end:], true
	}
	return s, "", false
}

// quotedStep reads a key behind its opening quote; \' is a quote in it.
func quotedStep(text string) (s step, rest string, ok bool) {
	var key strings.Builder
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '\'':
			i++
			key.WriteByte('\'')
		case text[i] == '\'':
			return step{key: key.String()}, text[i+1:], true
		default:
			key.WriteByte(text[i])
		}
	}
	return s, "", false
}
