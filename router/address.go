package router

import (
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// What a geocoder finds is nowhere in the order, and another time it may find
// something else. So a geocoded order is taken to be in the middle of its
// cell, which the decision names: whoever plans it again, re-routing, audit or
// explain, plans with the very same place, and the decision still says no more
// of the address than the cell.

// farthest is how far from the middle of its postcode an address may be, in
// metres. The largest postcodes of the north reach that far; what is farther is
// in another town, whatever the geocoder says of it.
const farthest = 100_000

// Geocodes reports whether a geocoder is asked where an order ships to: it has
// a street and a postcode and no coordinates, and its country is one of those
// that the config lists.
func (n *Network) Geocodes(o *event.Order) bool {
	to := &o.ShipTo
	return to.Geo == nil && to.StreetAddress != "" && to.PostalCode != "" && n.geocoder.Asks(to.AddressCountry)
}

// addressOf is what a geocoder is asked for.
func addressOf(o *event.Order) geo.Address {
	to := &o.ShipTo
	return geo.Address{Street: to.StreetAddress, Locality: to.AddressLocality, Postcode: to.PostalCode, Country: to.AddressCountry}
}

// Found is the place of an order of which a geocoder was asked: where it was
// found, if that is better than what the network knows and agrees with it, and
// else the same as Locate. A zero found is nothing found.
func (n *Network) Found(o *event.Order, found geo.Place) Place {
	known := n.Locate(o)
	known.unsteady = true
	if !found.Precision.Better(known.Precision) || !n.agrees(known, found.Point) {
		return known
	}
	cell, err := geo.CellAt(found.Point, n.resolution)
	if err != nil {
		return known
	}
	return known.geocoded(cell, found.Precision)
}

// agrees reports whether the gazetteer, if there is one, lets a point be at
// the place that it knows.
func (n *Network) agrees(known Place, found geo.Point) bool {
	if !n.gazetteers.PlausibleIn(known.Country, found) {
		return false
	}
	return known.Precision != geo.PrecisionPostcode || geo.Distance(known.Point, found) <= farthest
}

// Relocate is where a decision took its order to be. An order that a geocoder
// placed stays there, and any other is located as ever: what it says is in the
// order, and what the gazetteer says may have been put right since.
func (n *Network) Relocate(o *event.Order, d *event.Decision) Place {
	known := n.Locate(o)
	if d == nil || d.LocatedBy != string(SourceGeocoder) || o.ShipTo.Geo != nil {
		return known
	}
	cell, err := geo.ParseCell(d.Cell)
	if err != nil {
		return known
	}
	if cell.Resolution() > n.resolution {
		cell = cell.Parent(n.resolution)
	} else if cell.Resolution() < n.resolution { // the grid was made finer since
		if cell, err = geo.CellAt(cell.Center(), n.resolution); err != nil {
			return known
		}
	}
	return known.geocoded(cell, geo.Precision(d.Precision))
}

// geocoded is the place in the middle of a cell of the network's resolution.
func (p Place) geocoded(cell geo.Cell, precision geo.Precision) Place {
	p.Cell, p.Point, p.Precision = cell, cell.Center(), precision
	p.Source, p.Doubt, p.unsteady = SourceGeocoder, Offered, true
	p.vec = p.Point.Vec()
	return p
}
