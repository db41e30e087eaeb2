package event

import (
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A decoded order has zeros where members are missing. Most zeros are refused
// anyway, and orMissing finds the right code for them; the zeros that are fine
// when somebody wrote them are looked up by missingZero. Payloads are valid
// JSON here, and null counts as missing.

// orMissing turns r into missing_field if payload has nothing where r points:
// to the checks, a missing member is a zero. Payload is valid JSON.
func orMissing(payload []byte, r *Refusal) *Refusal {
	if r.Code != CodeNoLines && r.Pointer != "" && !has(payload, jsontext.Pointer(r.Pointer)) {
		return &Refusal{CodeMissingField, r.Pointer, "required"}
	}
	return r
}

// missingZero refuses an order that has a zero for a required number which
// payload does not give: a point without a longitude would otherwise lie on
// the prime meridian. It decodes payload again only if there is such a zero.
func (o *Order) missingZero(payload []byte) *Refusal {
	geo := o.ShipTo.Geo
	onAxis := geo != nil && (geo.Latitude == 0 || geo.Longitude == 0)
	if !onAxis && !slices.ContainsFunc(o.Lines, free) {
		return nil
	}
	var given struct {
		ShipTo struct {
			Geo struct {
				Latitude  jsontext.Value `json:"latitude"`
				Longitude jsontext.Value `json:"longitude"`
			} `json:"geo"`
		} `json:"shipTo"`
		Lines []struct {
			UnitValue struct {
				Amount jsontext.Value `json:"amount"`
			} `json:"unitValue"`
		} `json:"lines"`
	}
	if err := json.Unmarshal(payload, &given); err != nil {
		return refuse(err, payload)
	}
	switch {
	case onAxis && none(given.ShipTo.Geo.Latitude):
		return &Refusal{CodeMissingField, "/shipTo/geo/latitude", "required"}
	case onAxis && none(given.ShipTo.Geo.Longitude):
		return &Refusal{CodeMissingField, "/shipTo/geo/longitude", "required"}
	}
	for i, l := range given.Lines {
		if free(o.Lines[i]) && none(l.UnitValue.Amount) {
			return &Refusal{CodeMissingField, "/lines/" + strconv.Itoa(i) + "/unitValue/amount", "required"}
		}
	}
	return nil
}

func free(l Line) bool { return l.UnitValue != nil && l.UnitValue.Amount == 0 }

func none(v jsontext.Value) bool { return v == nil || v.Kind() == jsontext.KindNull }

// has reports whether payload has a value other than null at pointer. It
// decodes whole levels, so it is for the rare case.
func has(payload []byte, pointer jsontext.Pointer) bool {
	v := jsontext.Value(payload)
	for token := range pointer.Tokens() {
		if v = child(v, token); v == nil {
			return false
		}
	}
	return !none(v)
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
