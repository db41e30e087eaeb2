package main

import (
	"math"
	"time"

	"github.com/nearlane/nearlane/config"
	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
	"github.com/nearlane/nearlane/lanes"
	"github.com/nearlane/nearlane/router"
)

// explanation is a plan written out to its last option.
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
	Excluded       []string             `json:"excluded,omitempty"`
	Outcome        event.Outcome        `json:"outcome"`
	Reasons        []string             `json:"reasons,omitempty"` // why it is not dispatched
	Lanes          []laneInfo           `json:"lanes"`             // every one there is
	Candidates     []event.Candidate    `json:"candidates"`
	NotReached     map[string]int       `json:"notReached"` // lanes that no catchment brought up, by reason
	Capacity       capacitySeen         `json:"capacity"`
	Options        []optionInfo         `json:"options"` // best first
}

// capacitySeen says where an explanation knows from what is full.
type capacitySeen string

const (
	nothingTaken capacitySeen = "empty"    // it does not: as if nothing were taken
	ofJournal    capacitySeen = "journal"  // all decisions, read now
	ofDecision   capacitySeen = "decision" // the decision that is explained
)

type placeInfo struct {
	Precision geo.Precision `json:"precision"`
	Source    router.Source `json:"source,omitempty"`             // who knew the point
	Asks      bool          `json:"routerAsksGeocoder,omitempty"` // first; explain does not
	Cell      string        `json:"cell,omitempty"`
	Parents   []string      `json:"parents,omitempty"` // of the cell, up to the coarsest that a catchment holds
	Point     *event.Geo    `json:"geo,omitempty"`
	Country   string        `json:"addressCountry"`
	Postcode  string        `json:"postalCode,omitempty"`
	Doubt     string        `json:"doubt,omitempty"`
}

type parcelInfo struct {
	DimensionsMm []int64 `json:"dimensionsMm,omitempty"`
	Grams        int64   `json:"grams"`
}

// view is what an explanation is made of.
type view struct {
	config   *config.Config
	network  *router.Network
	order    *event.Order
	place    router.Place
	now      time.Time
	excluded []string
	attempt  int
	capacity capacitySeen
	room     func(*router.Option) bool // nil: there is room for everything
	taken    func(slot string) int64   // nil: not known
}

// explain plans an order as the router does, and goes on to its last option,
// so that every level it may fall back to is weighed.
func explain(v view) *explanation {
	p := v.network.Plan(router.Request{Order: v.order, Place: v.place, Now: v.now, Excluded: v.excluded, Attempt: v.attempt})
	o := v.order
	e := &explanation{
		OrderID: o.OrderID, Channel: o.Channel, PlacedAt: o.PlacedAt, PlannedAt: v.now, ConfigRevision: v.network.Revision,
		Place: placeOf(v.place), ServiceLevel: p.Level(), Methods: p.Methods(), Promises: p.Promises(), Parcel: parcelOf(p.Parcel()),
		Excluded: v.excluded, Outcome: event.Unroutable, Candidates: []event.Candidate{}, Capacity: v.capacity, Options: []optionInfo{},
	}
	e.Lanes = reach(v.config, v.place, p)
	e.Place.Parents = parentsOf(v.place.Cell, e.Lanes)
	e.options(p, &v)
	var candidates []event.Candidate
	candidates, e.NotReached = p.Candidates(math.MaxInt)
	e.Candidates = append(e.Candidates, candidates...)
	if e.Outcome != event.Dispatched {
		e.Reasons = p.Reasons()
		if slots, until := p.Waits(); len(slots) > 0 && until.After(v.now) {
			e.Outcome = event.Waiting
		}
	}
	return e
}

func placeOf(p router.Place) placeInfo {
	info := placeInfo{Precision: p.Precision, Source: p.Source, Country: p.Country, Postcode: p.Postcode, Doubt: p.Doubt.String()}
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
