package replay

import (
	"time"

	"github.com/nearlane/nearlane/event"
	"github.com/nearlane/nearlane/geo"
)

// Report is what a result comes to. Every list is in a fixed order.
type Report struct {
	Network  string    `json:"network"`
	Revision string    `json:"configRevision"`
	Currency string    `json:"currency"`
	Zone     string    `json:"timeZone"` // of days and hours
	From     time.Time `json:"from"`     // of the first message
	To       time.Time `json:"to"`       // of the last

	Orders     int `json:"orders"` // that a decision was made on, repeats not counted
	Repeats    int `json:"repeats"`
	Changed    int `json:"changedRepeats"` // refused: a repeat does not change an order
	Dispatched int `json:"dispatched"`
	Late       int `json:"late"`       // of the dispatched: after the promise of the level asked for
	PastCutoff int `json:"pastCutoff"` // of the late: placed past the cut-off of that level
	Fallback   int `json:"fallback"`   // of the dispatched: at another level than the one asked for
	Unroutable int `json:"unroutable"`
	Cancelled  int `json:"cancelled"`

	Reasons  []Count      `json:"reasons"`     // why orders are unroutable: the nearest reason of each
	LateFor  []Count      `json:"lateReasons"` // why orders are late: why the level asked for could not keep them
	Levels   []LevelShare `json:"serviceLevels"`
	Methods  []Count      `json:"deliveryMethods"`
	Cost     Cost         `json:"cost"`
	Distance Distance     `json:"distanceM"`
	Slack    Slack        `json:"slack"`
	Waiting  Waiting      `json:"waiting"`

	Sites   []Site   `json:"sites"`
	Lanes   []Filled `json:"capacity"` // lanes, production cells and compartments, over all days
	Fullest []Full   `json:"fullest"`
	Days    []Day    `json:"days"`

	Cells []CellCount `json:"-"` // for a map, too many to read
}

// Count is how many orders share something.
type Count struct {
	Code   string `json:"code"`
	Orders int    `json:"orders"`
}

// LevelShare is how many orders that asked for one level ended in one way.
type LevelShare struct {
	Asked   string        `json:"asked"`
	Outcome event.Outcome `json:"outcome"`
	Served  string        `json:"served,omitzero"` // the level, if dispatched
	Orders  int           `json:"orders"`
	Share   float64       `json:"share"` // of all orders
}

// End is the level served, else the outcome in brackets.
func (l *LevelShare) End() string {
	if l.Served == "" {
		return "(" + string(l.Outcome) + ")"
	}
	return l.Served
}

// Cost is what the dispatched orders cost, in minor units.
type Cost struct {
	Total    int64   `json:"total"`
	PerOrder float64 `json:"perOrder"`
	Decimals int     `json:"decimals"` // of the currency
}

// Distance is how far the dispatched orders travel, in metres of great circle.
type Distance struct {
	Mean float64 `json:"mean"`
	P50  int64   `json:"p50"`
	P90  int64   `json:"p90"`
}

// Slack is how long before the promise of the level asked for the dispatched
// orders are there; what is late has less than nothing.
type Slack struct {
	Percentiles []Percentile `json:"percentiles"`
	Histogram   []Bin        `json:"histogram"`
}

// Percentile says what so many percent of the orders are at or below.
type Percentile struct {
	P       int   `json:"p"`
	Minutes int64 `json:"minutes"` // rounded down
}

// Bin counts the orders with a slack in [From, From+Width), in hours.
type Bin struct {
	From   int `json:"fromHours"`
	Width  int `json:"hours"`
	Orders int `json:"orders"`
}

// Waiting is what became of the orders that found everything full and waited.
type Waiting struct {
	Orders     int   `json:"orders"`
	Dispatched int   `json:"dispatched"`
	Unroutable int   `json:"unroutable"`
	Cancelled  int   `json:"cancelled"`
	P50        int64 `json:"p50Minutes"` // of the waiting
	Longest    int64 `json:"longestMinutes"`
}

// Site is what one site sent, and how its lanes were used.
type Site struct {
	Site     string  `json:"site"`
	Orders   int     `json:"orders"`
	Share    float64 `json:"share"` // of the dispatched
	Cost     int64   `json:"cost"`  // minor units
	Distance float64 `json:"meanDistanceM"`
	Hours    []Hour  `json:"hours"` // that have departures, over all days
}

// Hour is the use of departures that start in one hour of the day. Each
// departure counts by what of it is scarcer, parcels or weight.
type Hour struct {
	Hour       int     `json:"hour"` // local, 0 to 23
	Departures int     `json:"departures"`
	Use        float64 `json:"use"` // the mean share that was taken
}

// Filled is the use of what one limit of the config sets, over all days.
type Filled struct {
	Kind    string  `json:"kind"`
	Place   string  `json:"place"`
	Name    string  `json:"name"`
	Unit    string  `json:"unit"`
	Slots   int     `json:"slots"`
	Full    int     `json:"full"` // of the slots
	Used    int64   `json:"used"`
	Limit   int64   `json:"limit"`
	Use     float64 `json:"use"`
	Refused int     `json:"refused"` // orders that found no room, added up over the slots
}

// Full is a slot that there was too little of.
type Full struct {
	Slot    string    `json:"slot"`
	Start   time.Time `json:"start"`
	Used    int64     `json:"used"`
	Limit   int64     `json:"limit"`
	Refused int       `json:"refused"` // orders that found no room
}

// Day counts the orders placed on one local day by what became of them.
type Day struct {
	Date       string `json:"date"`
	InTime     int    `json:"inTime"`
	Late       int    `json:"late"`
	Unroutable int    `json:"unroutable"`
	Cancelled  int    `json:"cancelled"`
}

// Orders is how many orders were placed that day.
func (d *Day) Orders() int { return d.InTime + d.Late + d.Unroutable + d.Cancelled }

// CellCount is where orders go and which site sends most of those that are
// dispatched.
type CellCount struct {
	Cell   geo.Cell
	Orders int
	Site   string // empty: none of them is
}

// Share is n of the orders.
func (r *Report) Share(n int) float64 { return share(n, r.Orders) }

func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}
