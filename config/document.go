package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxFileBytes is the longest config file that is read. Shapes and gazetteers are
// files of their own.
const MaxFileBytes = 32 << 20

// maxDepth is how deep flow collections and list items may nest. The parser
// recurses, and a stack that overflows cannot be recovered from.
const maxDepth = 64

// document is one config file and what was found in it.
type document struct {
	file     string
	lines    []string
	findings Findings
}

// parse reads data as one YAML document and refuses what a config does not
// use. The value is absent if there is no tree to walk; then a finding says why.
func parse(file string, data []byte) (*document, value) {
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	d := &document{file: file, lines: strings.Split(text, "\n")}
	root := value{doc: d, path: "$", at: position{1, 1}, key: position{1, 1}}
	switch {
	case len(data) > MaxFileBytes:
		d.add(position{}, "$", CodeTooLarge, "move cell lists into a GeoJSON file of their own",
			"the file has %d bytes, more than %d", len(data), MaxFileBytes)
		return d, root
	case !utf8.ValidString(text):
		at := d.first(func(r rune) bool { return r == utf8.RuneError })
		d.add(at, "$", CodeSyntax, "save the file as UTF-8", "this is not UTF-8")
		return d, root
	case strings.ContainsFunc(text, isControl):
		d.add(d.first(isControl), "$", CodeSyntax, "save the file as plain text", "the file holds a control character")
		return d, root
	}
	tree, err := d.tree(text)
	if err != nil {
		d.syntax(err)
		return d, root
	}
	root.node = d.only(tree)
	if root.node != nil {
		d.refuse(root.node, root.path)
	}
	return d, root
}

// tree calls the parser. A panic there is a syntax error like any other.
func (d *document) tree(text string) (tree *ast.File, err error) {
	defer func() {
		if r := recover(); r != nil {
			tree, err = nil, fmt.Errorf("the YAML parser gave up: %v", r)
		}
	}()
	tokens := lexer.Tokenize(text)
	if tk := tooDeep(tokens); tk != nil {
		d.add(positionOf(tk), "$", CodeTooLarge, "no such file needs ten levels",
			"nested deeper than %d levels", maxDepth)
		return nil, nil
	}
	// Duplicate keys are found by refuse, all of them at once.
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

// tooDeep is the token at which nesting exceeds maxDepth, if any does.
func tooDeep(tokens token.Tokens) *token.Token {
	flow, run := 0, 0
	for _, tk := range tokens {
		switch tk.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			run++
		default:
			run = 0
		}
		if flow > maxDepth || run > maxDepth {
			return tk
		}
	}
	return nil
}

// only is the body of the one document of the file.
func (d *document) only(tree *ast.File) ast.Node {
	if tree == nil {
		return nil
	}
	var body ast.Node
	for _, doc := range tree.Docs {
		if doc == nil || doc.Body == nil {
			continue
		}
		at := startOf(doc.Body)
		if _, directive := doc.Body.(*ast.DirectiveNode); directive {
			d.add(at, "$", CodeYAML, "delete this line", "YAML directives are not used here")
			continue
		}
		if body != nil {
			d.add(at, "$", CodeYAML, "keep one document per file", "a second YAML document starts here")
			break
		}
		body = doc.Body
	}
	if body == nil && len(d.findings) == 0 {
		d.add(position{}, "$", CodeMissing, "examples/helsinki has one to copy", "the file is empty")
	}
	return body
}

// syntax reports the parser's first mistake.
func (d *document) syntax(err error) {
	at, message := position{1, 1}, err.Error()
	var located yaml.Error
	if errors.As(err, &located) {
		at, message = positionOf(located.GetToken()), located.GetMessage()
	}
	d.add(at, "$", CodeSyntax, "indent with spaces, quote texts that hold any of : # { } [ ] , & * ! | > @ %",
		"%s", strings.TrimSpace(message))
}

// add reports an error at a position of the file.
func (d *document) add(at position, path, code, hint, format string, args ...any) {
	d.findings = append(d.findings, Finding{
		File: d.file, Line: at.line, Column: at.column, Path: path, Code: code,
		Severity: Error, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// report is all findings, in the order of the file, with their excerpts.
func (d *document) report() Findings {
	found := d.findings.sorted()
	if len(found) == 0 {
		return nil
	}
	masked := strings.Split(mask(strings.Join(d.lines, "\n")), "\n")
	for i := range found {
		found[i].Excerpt = excerpt(masked, position{found[i].Line, found[i].Column})
	}
	return found
}

// first is the place of the first character of a kind.
func (d *document) first(kind func(rune) bool) position {
	for n, line := range d.lines {
		if i := strings.IndexFunc(line, kind); i >= 0 {
			return position{n + 1, utf8.RuneCountInString(line[:i]) + 1}
		}
	}
	return position{1, 1}
}

// isControl reports characters that YAML does not allow, and those that some
// take for the end of a line.
func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\n' || r == '\u2028' || r == '\u2029'
}

// positionOf is where a token stands.
func positionOf(tk *token.Token) position {
	if tk == nil || tk.Position == nil {
		return position{1, 1}
	}
	return position{max(1, tk.Position.Line), max(1, tk.Position.Column)}
}
