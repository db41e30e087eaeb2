package router

import (
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// Place is where an order ships to, as far as it is known.
type Place struct {
	Cell      geo.Cell  // at the network's resolution; 0: no point known
	Point     geo.Point // meaningless without a cell
	vec       geo.Vec   // of Point
	Country   string
	Postcode  string
	Precision geo.Precision
	Source    Source // empty: nobody knew a point
	Doubt     Reason // PostcodeUnknown or CoordinatesSwapped; Offered: none
	unsteady  bool   // asked for once more, it might be elsewhere
}

// Source says who knew where an order ships to.
type Source string

const (
	SourceOrder     Source = "order"     // its coordinates
	SourceGazetteer Source = "gazetteer" // by its postcode
	SourceGeocoder  Source = "geocoder"  // asked for its address
)

// Locate finds the place of an order: its coordinates, else its postcode in
// the gazetteer, else the country alone. It asks nobody: what a geocoder said
// comes in by Found and Relocate. No cell is not fatal, since countries
// and postcodes can be catchments too.
func (n *Network) Locate(o *event.Order) Place {
	to := &o.ShipTo
	p := Place{Country: to.AddressCountry, Postcode: to.PostalCode, Precision: geo.PrecisionCountry}
	switch {
	case to.Geo != nil:
		p.Point = geo.Point{Lat: to.Geo.Latitude, Lng: to.Geo.Longitude}
		p.Precision, p.Source = geo.PrecisionPoint, SourceOrder
		if n.gazetteers.Swapped(p.Country, p.Point) {
			p.Doubt = CoordinatesSwapped
		}
	case to.PostalCode != "" && n.gazetteers[to.AddressCountry] != nil:
		found, ok := n.gazetteers[to.AddressCountry].Lookup(to.PostalCode)
		if !ok {
			p.Doubt = PostcodeUnknown
			return p
		}
		p.Point, p.Precision, p.Source = found.Point, found.Precision, SourceGazetteer
	default:
		return p
	}
	cell, err := geo.CellAt(p.Point, n.resolution)
	if err != nil { // decoding has checked the bounds; a place without a cell is still a country
		p.Precision, p.Source = geo.PrecisionCountry, ""
		return p
	}
	p.Cell, p.vec = cell, p.Point.Vec()
	return p
}
