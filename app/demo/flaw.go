package demo

import (
	"bytes"

	"github.com/nearlane/nearlane/event"
)

// Flaw is something wrong with an order, and the code it has to end with: a
// refusal of its bytes, or the first reason of an unroutable decision.
type Flaw struct {
	Name    string
	Code    string
	Refused bool
	spoil   func(*Emission)     // the order, before it is written
	mangle  func([]byte) []byte // its bytes
}

var flaws = []Flaw{
	{Name: "latitude 91", Code: event.CodeOutOfRange, Refused: true, spoil: func(e *Emission) {
		e.Order.ShipTo.Geo.Latitude = 91
	}},
	{Name: "quantity -1", Code: event.CodeOutOfRange, Refused: true, spoil: func(e *Emission) {
		e.Order.Lines[0].Quantity = -1
	}},
	{Name: "no lines", Code: event.CodeNoLines, Refused: true, spoil: func(e *Emission) {
		e.Order.Lines = []event.Line{}
	}},
	{Name: "another channel", Code: event.CodeChannelMismatch, Refused: true, spoil: func(e *Emission) {
		e.Order.Channel = "elsewhere" // the subject stays
	}},
	{Name: "duplicate key", Code: event.CodeDuplicateKey, Refused: true, mangle: func(data []byte) []byte {
		return append([]byte(`{"orderId":"twice",`), data[1:]...)
	}},
	{Name: "not JSON", Code: event.CodeNotJSON, Refused: true, mangle: func(data []byte) []byte {
		return data[:bytes.LastIndexByte(data[:len(data)/2], '"')] // a platform that died while writing
	}},
	{Name: "invalid UTF-8", Code: event.CodeInvalidUTF8, Refused: true, mangle: func(data []byte) []byte {
		return bytes.Replace(data, []byte(`"name":"`), []byte("\"name\":\"\xe4"), 1) // Latin-1
	}},
	{Name: "swapped coordinates", Code: "coordinates_swapped", spoil: func(e *Emission) {
		to := e.Order.ShipTo.Geo
		to.Latitude, to.Longitude = to.Longitude, to.Latitude
	}},
	{Name: "unknown level", Code: "service_level_unknown", spoil: func(e *Emission) {
		e.Order.ServiceLevel = "yesterday"
	}},
	{Name: "too big", Code: "too_big", spoil: func(e *Emission) {
		e.Order.Lines = []event.Line{line(1, ware{"print-wall", 9000, [3]int64{1900, 1300, 60}, 24900, 1}, 1)}
	}},
	{Name: "unknown postcode", Code: "postcode_unknown", spoil: func(e *Emission) {
		no := false
		e.Place = "?"
		e.Order.ShipTo = event.Address{StreetAddress: "Tuntematonkatu 1", PostalCode: "77777", AddressCountry: "FI"}
		e.Order.Constraints.AllowServiceLevelFallback = &no
	}},
	{Name: "nobody goes there", Code: "location_too_coarse", spoil: func(e *Emission) {
		e.Place, e.Order.ServiceLevel = "Kyoto", "international"
		e.Order.ShipTo = event.Address{AddressLocality: "Kyoto", PostalCode: "600-8216", AddressCountry: "JP"}
	}},
}
