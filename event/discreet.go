package event

import (
	"reflect"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
)

// memberNames are those of the contract. They may be told of a message; any
// other name may be anything, a person's too.
var memberNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, t := range []reflect.Type{reflect.TypeFor[cloudEvent[Order]](), reflect.TypeFor[Cancellation](), reflect.TypeFor[Report]()} {
		addNames(names, t)
	}
	return names
})

func addNames(names map[string]bool, t reflect.Type) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for i := range t.NumField() {
		f := t.Field(i)
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names[name] = true
			addNames(names, f.Type)
		}
	}
}

// discreet cuts a pointer before the first name that the contract does not
// have. Elements of arrays are told by their index.
func discreet(p jsontext.Pointer) string {
	var told jsontext.Pointer
	for token := range p.Tokens() {
		if !memberNames()[token] && (len(token) > 5 || strings.Trim(token, "0123456789") != "") {
			break
		}
		told = told.AppendToken(token)
	}
	return string(told)
}

// plainly is a parser's complaint without what it quotes of the message, but
// for the one character that should not be there.
func plainly(err error) string {
	before, rest, quotes := strings.Cut(err.Error(), "`")
	if !quotes {
		return err.Error()
	}
	_, after, _ := strings.Cut(rest, "`")
	return strings.TrimSpace(before) + after
}
