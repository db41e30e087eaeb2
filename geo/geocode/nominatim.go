package geocode

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/nearlane/nearlane/geo"
)

// askNominatim writes a structured query, which does not mistake a street for
// a city of that name.
func askNominatim(to url.Values, a geo.Address) {
	to.Set("format", "jsonv2")
	to.Set("addressdetails", "1")
	to.Set("layer", "address")
	to.Set("limit", most)
	to.Set("street", a.Street)
	if a.Locality != "" {
		to.Set("city", a.Locality)
	}
	to.Set("postalcode", a.Postcode)
	to.Set("countrycodes", strings.ToLower(a.Country))
}

// nominatimResult is an element of Nominatim's format jsonv2.
type nominatimResult struct {
	Lat         json.Number `json:"lat"` // a number in a text
	Lon         json.Number `json:"lon"`
	PlaceRank   int         `json:"place_rank"`
	AddressType string      `json:"addresstype"`
	Type        string      `json:"type"`
	Address     struct {
		HouseNumber string `json:"house_number"`
		Postcode    string `json:"postcode"`
		CountryCode string `json:"country_code"`
	} `json:"address"`
}

// Ranks of Nominatim, from 4 for a country to 30 for a house.
const (
	rankStreet = 26
	rankHouse  = 28
)

func decodeNominatim(data []byte) ([]candidate, error) {
	var results []nominatimResult
	if err := json.Unmarshal(data, &results); err != nil {
		return nil, err
	}
	if results == nil {
		return nil, fmt.Errorf("it is null and not a list")
	}
	list := make([]candidate, 0, len(results))
	for _, r := range results {
		c := candidate{country: r.Address.CountryCode, postcode: r.Address.Postcode, number: r.Address.HouseNumber}
		var err error
		if c.point.Lat, err = r.Lat.Float64(); err != nil {
			return nil, err
		}
		if c.point.Lng, err = r.Lon.Float64(); err != nil {
			return nil, err
		}
		switch {
		case r.AddressType == "postcode" || r.Type == "postcode":
			c.kind = aPostcode
		case r.PlaceRank >= rankHouse:
			c.kind = aHouse
		case r.PlaceRank >= rankStreet:
			c.kind = aStreet
		}
		list = append(list, c)
	}
	return list, nil
}
