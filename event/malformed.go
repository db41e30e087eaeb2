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
		return &Refusal{code, discreet(syntax.JSONPointer), fmt.Sprintf("%s, at byte %d", plainly(syntax.Err), syntax.ByteOffset)}
	}
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return &Refusal{CodeNotJSON, "", "cannot be read"}
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
		return "a number"
	case jsontext.KindBeginArray:
		return "an array"
	}
	return "an object"
}
