package event

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// refuse translates an error of json.Unmarshal. Data is the whole message.
// The detail is written here because the error's own quotes values.
func refuse(err error, data []byte) *Refusal {
	var syntax *jsontext.SyntacticError
	if errors.As(err, &syntax) {
		code := CodeNotJSON
		switch {
		case errors.Is(err, jsontext.ErrDuplicateName):
			code = CodeDuplicateKey
		case !utf8.Valid(data):
			code = CodeInvalidUTF8
		}
		return &Refusal{code, string(syntax.JSONPointer), fmt.Sprintf("%v, at byte %d", syntax.Err, syntax.ByteOffset)}
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return &Refusal{CodeNotJSON, "", err.Error()}
	}
	at, want := string(semantic.JSONPointer), wanted(semantic.GoType)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return &Refusal{CodeOutOfRange, at, "too large for " + want}
	case semantic.JSONKind == jsontext.KindString && semantic.GoType == reflect.TypeFor[time.Time]():
		return &Refusal{CodeBadValue, at, "want " + want}
	}
	return &Refusal{CodeWrongValueType, at, "want " + want + ", got " + found(semantic.JSONKind)}
}

// wanted names the JSON that decodes into t.
func wanted(t reflect.Type) string {
	switch {
	case t == nil:
		return "something else"
	case t == reflect.TypeFor[time.Time]():
		return "an RFC 3339 time"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.String:
		return "a string"
	case reflect.Int64:
		return "an integer"
	case reflect.Float64:
		return "a number"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	}
	return "an object"
}

// found names a value of kind k.
func found(k jsontext.Kind) string {
	switch k {
	case jsontext.KindNull:
		return "null"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "true or false"
	case jsontext.KindString:
		return "a string"
	case jsontext.KindNumber:
		return "a number of another form"
	case jsontext.KindBeginArray:
		return "an array"
	}
	return "an object"
}

// orMissing turns r into missing_field if payload has nothing where r points:
// to the checks, a missing member is a zero. Payload is valid JSON.
func orMissing(payload []byte, r *Refusal) *Refusal {
	if r.Code != CodeNoLines && r.Pointer != "" && !has(payload, jsontext.Pointer(r.Pointer)) {
		return &Refusal{CodeMissingField, r.Pointer, "required"}
	}
	return r
}

// bothIn refuses a point of which payload has only one coordinate; without
// the check it would lie on the equator or the prime meridian.
func (g *Geo) bothIn(payload []byte) *Refusal {
	if g == nil {
		return nil
	}
	if g.Latitude == 0 && !has(payload, "/shipTo/geo/latitude") {
		return &Refusal{CodeMissingField, "/shipTo/geo/latitude", "required"}
	}
	if g.Longitude == 0 && !has(payload, "/shipTo/geo/longitude") {
		return &Refusal{CodeMissingField, "/shipTo/geo/longitude", "required"}
	}
	return nil
}

// has reports whether payload has a value other than null at pointer. It
// decodes whole levels, so it is for the rare case.
func has(payload []byte, pointer jsontext.Pointer) bool {
	v := jsontext.Value(payload)
	for token := range pointer.Tokens() {
		if v = child(v, token); v == nil {
			return false
		}
	}
	return v.Kind() != jsontext.KindNull
}

// child is the member or element of v that token names, or nil.
func child(v jsontext.Value, token string) jsontext.Value {
	switch v.Kind() {
	case jsontext.KindBeginObject:
		var members map[string]jsontext.Value
		if json.Unmarshal(v, &members) == nil {
			return members[token]
		}
	case jsontext.KindBeginArray:
		var elements []jsontext.Value
		i, err := strconv.Atoi(token)
		if err == nil && json.Unmarshal(v, &elements) == nil && i < len(elements) {
			return elements[i]
		}
	}
	return nil
}
