package geocode

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"github.com/nearlane/nearlane/geo"
)

// askPhoton writes the address as one line, which is all that Photon takes.
// The country is left out: it would be looked for as a name.
func askPhoton(to url.Values, a geo.Address) {
	to.Set("q", a.Street+", "+strings.TrimSpace(a.Postcode+" "+a.Locality))
	to.Set("limit", most)
	to["layer"] = []string{"house", "street"}
}

// photonAnswer is Photon's GeoJSON.
type photonAnswer struct {
	Type     string `json:"type"`
	Features []struct {
		Geometry struct {
			Type        string    `json:"type"`
			Coordinates []float64 `json:"coordinates"` // longitude first
		} `json:"geometry"`
		Properties struct {
			Type        string `json:"type"` // empty before version 0.4
			Key         string `json:"osm_key"`
			Value       string `json:"osm_value"`
			CountryCode string `json:"countrycode"`
			Postcode    string `json:"postcode"`
			HouseNumber string `json:"housenumber"`
		} `json:"properties"`
	} `json:"features"`
}

func decodePhoton(data []byte) ([]candidate, error) {
	var answer photonAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return nil, err
	}
	if answer.Type != "FeatureCollection" {
		return nil, fmt.Errorf("it is no FeatureCollection")
	}
	list := make([]candidate, 0, len(answer.Features))
	for _, f := range answer.Features {
		if f.Geometry.Type != "Point" || len(f.Geometry.Coordinates) < 2 {
			return nil, fmt.Errorf("a feature has no point")
		}
		p := &f.Properties
		c := candidate{country: p.CountryCode, postcode: p.Postcode, number: p.HouseNumber,
			point: geo.Point{Lat: f.Geometry.Coordinates[1], Lng: f.Geometry.Coordinates[0]}}
		switch {
		case p.Key == "place" && p.Value == "postcode":
			c.kind = aPostcode
		case p.Type == "house", p.HouseNumber != "":
			c.kind = aHouse
		case p.Type == "street", p.Key == "highway":
			c.kind = aStreet
		}
		list = append(list, c)
	}
	return list, nil
}
