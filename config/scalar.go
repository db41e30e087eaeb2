package config

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/nearlane/nearlane/lanes"
)

// field is how typed values plug in: what they are called in a finding, how
// they are written, and a parser of the scalar's text. The text is the
// token's, never a number or a date that YAML made of it: NO, 08:00 and 4.20
// arrive as they were written.
type field[T any] struct {
	what  string // "a duration"
	hint  string // "write it as 20m, 2h or 48h"
	parse func(text string) (T, error)
}

// problem is the error of a parser that knows more than its message.
type problem struct {
	code    string // empty: CodeValue
	offset  int    // byte of the text at which it went wrong
	message string
	hint    string // empty: the field's
}

func (p *problem) Error() string { return p.message }

// read is the value of a scalar. It is false if the value is absent or was
// refused; then there is a finding.
func read[T any](v value, f field[T]) (T, bool) {
	var none T
	text, ok := v.text(f.what, f.hint)
	if !ok {
		return none, false
	}
	if i := strings.Index(text, "${"); i >= 0 {
		v.doc.add(v.atByte(text, i), v.path, CodeEnv, "write the value here; only secrets and the URLs of servers take ${NAME}",
			"${NAME} is not expanded here")
		return none, false
	}
	out, err := f.parse(text)
	if err != nil {
		v.refused(text, err, f.what, f.hint)
		return none, false
	}
	return out, true
}

// readOr is read with a default for what is absent.
func readOr[T any](v value, f field[T], otherwise T) T {
	if out, ok := read(v, f); ok {
		return out
	}
	return otherwise
}

// readAll reads each item of a list, without those that were refused.
func readAll[T any](items []value, f field[T]) []T {
	var out []T
	for _, item := range items {
		if one, ok := read(item, f); ok {
			out = append(out, one)
		}
	}
	return out
}

// refused turns a parser's error into a finding at the very character.
func (v value) refused(text string, err error, what, hint string) {
	code, offset := CodeValue, 0
	message := err.Error()
	var p *problem
	var syntax *lanes.SyntaxError
	switch {
	case errors.As(err, &syntax):
		offset, message = syntax.Offset, syntax.Msg
		if syntax.Hint != "" {
			hint = syntax.Hint
		}
	case errors.As(err, &p):
		offset = p.offset
		if p.code != "" {
			code = p.code
		}
		if p.hint != "" {
			hint = p.hint
		}
	}
	if quoted := strconv.Quote(shorten(text)); !strings.Contains(message, quoted) {
		message = quoted + " is not " + what + ": " + message
	}
	v.doc.add(v.atByte(text, offset), v.path, code, hint, "%s", message)
}

// text is the scalar's text as written, quotes and escapes resolved.
func (v value) text(what, hint string) (string, bool) {
	switch n := v.plain().(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		return n.GetToken().Value, true
	}
	v.wrongType(what, hint)
	return "", false
}

// atByte is the place in the file of a byte of the scalar's text. A text that
// goes over several lines is pointed at as a whole.
func (v value) atByte(text string, offset int) position {
	node := v.plain()
	if node == nil || offset <= 0 {
		return v.at
	}
	tk, at := node.GetToken(), positionOf(node.GetToken())
	raw := strings.TrimSpace(tk.Origin)
	if strings.ContainsAny(raw, "\r\n") {
		return at
	}
	skip := rawOffset(raw, min(offset, len(text)), tk.Type)
	at.column += utf8.RuneCountInString(raw[:skip])
	return at
}

// rawOffset finds the byte of a scalar as written that yields byte offset of
// its text.
func rawOffset(raw string, offset int, kind token.Type) int {
	switch kind {
	case token.SingleQuoteType:
		i := 1
		for ; offset > 0 && i < len(raw)-1; offset-- {
			if strings.HasPrefix(raw[i:], "''") {
				i++
			}
			i++
		}
		return min(i, len(raw))
	case token.DoubleQuoteType:
		if strings.Contains(raw, `\`) {
			return 0 // an escape may be any number of bytes long: the start will do
		}
		return min(offset+1, len(raw))
	}
	return min(offset, len(raw))
}

// shorten keeps a message readable.
func shorten(text string) string {
	const most = 60
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}
