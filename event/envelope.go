package event

import (
	"bytes"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Types of CloudEvents. A new version of the contract gets new types and new
// subjects; within a version there are only additions.
const (
	TypeOrderPlaced    = "dev.nearlane.order.placed.v1"
	TypeOrderCancelled = "dev.nearlane.order.cancelled.v1"
	TypeDecision       = "dev.nearlane.decision.v1"
	TypeDispatch       = "dev.nearlane.dispatch.v1"
)

const specVersion = "1.0"

// unwrap gives the data of a structured CloudEvent of type want and the pointer
// to it, or a plain message as it is. A message is a CloudEvent if it has the
// member specversion. Attributes that nobody uses here are not checked.
func unwrap(data []byte, want string) (payload []byte, base string, _ *Refusal) {
	if !mayHaveSpecVersion(data) {
		return data, "", nil
	}
	// Raw values, because a plain order may have members of these names.
	var e struct {
		SpecVersion jsontext.Value `json:"specversion"`
		Type        jsontext.Value `json:"type"`
		Data        jsontext.Value `json:"data"`
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, "", refuse(err, data).under("")
	}
	if e.SpecVersion == nil {
		return data, "", nil
	}
	switch {
	case text(e.SpecVersion) != specVersion:
		return nil, "", &Refusal{CodeWrongEventType, "/specversion", "want CloudEvents " + specVersion}
	case e.Type == nil:
		return nil, "", &Refusal{CodeMissingField, "/type", "want " + want}
	case text(e.Type) != want:
		return nil, "", &Refusal{CodeWrongEventType, "/type", "want " + want}
	case e.Data == nil:
		return nil, "", &Refusal{CodeMissingField, "/data", "want the message as JSON"}
	}
	return e.Data, "/data", nil
}

// mayHaveSpecVersion reports whether any text of data can spell specversion:
// in full or, if a letter of it is escaped, with an escape of U+006x or U+007x.
func mayHaveSpecVersion(data []byte) bool {
	return bytes.Contains(data, []byte("specversion")) ||
		bytes.Contains(data, []byte(`\u006`)) || bytes.Contains(data, []byte(`\u007`))
}

// text is the string that v holds, or empty if v is no string.
func text(v jsontext.Value) string {
	s, err := jsontext.AppendUnquote(nil, v)
	if err != nil {
		return ""
	}
	return string(s)
}
