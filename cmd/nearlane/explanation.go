package main

import (
	"math"
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// explanation is a plan written out, as far as it goes on empty capacity.
type explanation struct {
	OrderID        string               `json:"orderId"`
	Channel        string               `json:"channel"`
	PlacedAt       time.Time            `json:"placedAt"`
	PlannedAt      time.Time            `json:"plannedAt"`
	ConfigRevision string               `json:"configRevision"`
	Place          placeInfo            `json:"place"`
	ServiceLevel   string               `json:"serviceLevel"`
	Methods        []string             `json:"deliveryMethods"`
	Promises       []router.PromiseInfo `json:"promises"`
	Parcel         parcelInfo           `json:"parcel"`
	Outcome        event.Outcome        `json:"outcome"`
	Reasons        []string             `json:"reasons,omitempty"` // why it is unroutable
	Candidates     []event.Candidate    `json:"candidates"`
	NotReached     map[string]int       `json:"notReached"` // lanes that no catchment brought up, by reason
	Options        []event.Body         `json:"options"`    // best first
}

type placeInfo struct {
	Precision geo.Precision `json:"precision"`
	Cell      string        `json:"cell,omitempty"`
	Point     *event.Geo    `json:"geo,omitempty"`
	Country   string        `json:"addressCountry"`
	Postcode  string        `json:"postalCode,omitempty"`
	Doubt     string        `json:"doubt,omitempty"`
}

type parcelInfo struct {
	DimensionsMm []int64 `json:"dimensionsMm,omitempty"`
	Grams        int64   `json:"grams"`
}

// explain plans an order as the router does, and goes on to its last option,
// so that every level it may fall back to is weighed.
func explain(n *router.Network, o *event.Order, now time.Time) *explanation {
	place := n.Locate(o)
	p := n.Plan(router.Request{Order: o, Place: place, Now: now, Excluded: o.Constraints.ExcludedSites})
	e := &explanation{
		OrderID: o.OrderID, Channel: o.Channel, PlacedAt: o.PlacedAt, PlannedAt: now, ConfigRevision: n.Revision,
		Place: placeOf(place), ServiceLevel: p.Level(), Methods: p.Methods(), Promises: p.Promises(), Parcel: parcelOf(p.Parcel()),
		Outcome: event.Dispatched, Candidates: []event.Candidate{}, Options: []event.Body{},
	}
	for {
		options, _ := p.Take(math.MaxInt)
		if len(options) == 0 {
			break
		}
		for _, option := range options {
			e.Options = append(e.Options, option.Body)
		}
	}
	var candidates []event.Candidate
	candidates, e.NotReached = p.Candidates(math.MaxInt)
	e.Candidates = append(e.Candidates, candidates...)
	if len(e.Options) == 0 {
		e.Outcome, e.Reasons = event.Unroutable, p.Reasons()
	}
	return e
}

func placeOf(p router.Place) placeInfo {
	info := placeInfo{Precision: p.Precision, Country: p.Country, Postcode: p.Postcode, Doubt: p.Doubt.String()}
	if p.Cell != 0 {
		info.Cell, info.Point = p.Cell.String(), &event.Geo{Latitude: p.Point.Lat, Longitude: p.Point.Lng}
	}
	return info
}

func parcelOf(p lanes.Parcel) parcelInfo {
	info := parcelInfo{Grams: p.Grams}
	if p.Box.Known() {
		info.DimensionsMm = p.Box[:]
	}
	return info
}
