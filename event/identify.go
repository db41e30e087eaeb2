package event

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Identify reads which order a message is about, plain or a CloudEvent, and
// nothing else of it: what the router would refuse for another reason still
// has an identity. The channel is empty if the message gives none.
func Identify(data []byte) (Key, *Refusal) {
	type key struct {
		OrderID *string `json:"orderId"`
		Channel string  `json:"channel"`
	}
	lenient := json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	var e struct {
		SpecVersion jsontext.Value `json:"specversion"`
		Data        jsontext.Value `json:"data"`
	}
	if err := json.Unmarshal(data, &e, lenient); err != nil {
		return Key{}, refuse(err, data)
	}
	payload, base := data, ""
	if e.SpecVersion != nil && e.Data != nil {
		payload, base = e.Data, "/data"
	}
	var k key
	if err := json.Unmarshal(payload, &k, lenient); err != nil {
		return Key{}, refuse(err, data).under(base)
	}
	if k.OrderID == nil {
		return Key{}, (&Refusal{CodeMissingField, "/orderId", "required"}).under(base)
	}
	if err := CheckID(*k.OrderID); err != nil {
		return Key{}, (&Refusal{CodeBadID, "/orderId", err.Error()}).under(base)
	}
	return Key{Channel: k.Channel, Order: *k.OrderID}, nil
}
